import type { Group } from "../messages";
import { h } from "../paint";
import { clean } from "../text";

interface Props {
  label: string;
  value: string;
  half?: boolean;
  /** Of the input: `date`, `time`; else text. */
  kind?: string;
  /** Letters that fit. */
  most?: number;
  locked?: boolean;
  type?: (value: string) => void;
}

export const Field = ({ label, value, half, kind, most = 200, locked, type }: Props) => (
  <label class={half ? "half" : ""}>
    <span>{label}</span>
    <input
      type={kind || "text"}
      value={value}
      readOnly={!!locked}
      maxLength={most}
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
  <label class="half">
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
