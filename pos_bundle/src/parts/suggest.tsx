import { h } from "../paint";
import { clean } from "../text";
import { Field } from "./field";
import type { CardView } from "./view";

interface Props extends CardView {
  label: string;
  value: string;
  type: (value: string) => void;
}

/** The field keeps the cursor while a suggestion is tapped. */
const stay = (event: Event) => event.preventDefault();

/** A field for an address; streets of the restaurant's own deliveries come up under it, over what follows. */
export function StreetField({ card, act, type, ...field }: Props) {
  const { streets } = card.work;
  const pick = (street: string) => {
    type(act.guest.street(field.value, street));
    act.guest.hush(card);
  };
  return (
    <div class="suggest">
      <Field {...field} type={type} />
      <div class={streets.length ? "chips" : "none"}>
        {streets.map((street) => (
          <button type="button" class="chip" key={street} onmousedown={stay} onclick={() => pick(street)}>
            {clean(street)}
          </button>
        ))}
      </div>
    </div>
  );
}
