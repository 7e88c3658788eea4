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

/** A field for an address; streets of the restaurant's own deliveries come up over what is filled in already. */
export const StreetField = ({ card, label, value, type }: Props) => (
  <div class="suggest">
    <Field label={label} value={value} type={type} />
    <div class={card.work.streets.length ? "chips" : "none"}>
      {card.work.streets.map((street) => (
        <button type="button" class="chip" onmousedown={stay} onclick={() => type(`${street} `)}>
          {clean(street)}
        </button>
      ))}
    </div>
  </div>
);
