import { h } from "../paint";
import { numberOf } from "../parts/caller";
import { flagWords } from "../parts/flags";
import { Frame } from "../parts/frame";
import type { CardView } from "../parts/view";
import type { Card } from "../state";
import { clean, dots } from "../text";

export const isChoice = (card: Card) => card.guests.length > 1;

/** Several guests share the number: who is it? */
export function Choose(view: CardView) {
  const { card, act, say } = view;
  return (
    <Frame {...view} title={numberOf(card, say)}>
      <p class="soft">{say("several")}</p>
      {card.guests.map((guest) => (
        <button type="button" key={guest.id} class="row" onclick={() => act.choose(guest.id)}>
          <span class="caller">
            {flagWords(guest, say)}
            <b>{clean(guest.name) || guest.id}</b>
            <span>{dots(clean(guest.group, 60), clean(guest.last_address || guest.address, 60))}</span>
          </span>
        </button>
      ))}
    </Frame>
  );
}
