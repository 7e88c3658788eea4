import type { Group } from "../messages";
import { h } from "../paint";
import { clean } from "../text";

interface Props {
  label: string;
  value: string;
  half?: boolean;
  locked?: boolean;
  type?: (value: string) => void;
}

const size = (half?: boolean) => (half ? "half" : "");

export const Field = ({ label, value, half, locked, type }: Props) => (
  <label class={size(half)}>
    <span>{label}</span>
    <input
      value={value}
      readOnly={!!locked}
      autocomplete="off"
      oninput={type && ((event) => type(event.currentTarget.value))}
    />
  </label>
);

interface Choice {
  label: string;
  groups: readonly Group[];
  chosen: number;
  choose: (group: number) => void;
}

export const GroupField = ({ label, groups, chosen, choose }: Choice) => (
  <label class={size(true)}>
    <span>{label}</span>
    <select onchange={(event) => choose(Number(event.currentTarget.value))}>
      {groups.map(({ id, name }) => (
        <option key={id} value={id} selected={id === chosen}>
          {clean(name, 40)}
        </option>
      ))}
    </select>
  </label>
);
