import { h } from "../paint";
import type { Card } from "../state";
import { clean } from "../text";
import type { View } from "./view";

/** The number as people read it, what the veil leaves of it, or that there is none. */
export const numberOf = ({ slot: { call } }: Card, say: View["say"]) =>
  call.from
    ? clean(call.shown, 30) || clean(call.from, 30)
    : (call.veiled && clean(call.masked, 20)) || say("hiddenNumber");

export const nameOf = (card: Card, say: View["say"]) =>
  (card.guest && clean(card.guest.name, 40)) || numberOf(card, say);

/** Name and number of a call in two short lines. */
export function Caller({ card, say }: View & { card: Card }) {
  const name = card.guest ? clean(card.guest.name, 40) : "";
  const number = numberOf(card, say);
  return (
    <span class="caller">
      <b>{name || number}</b>
      {name && <span>{number}</span>}
    </span>
  );
}
