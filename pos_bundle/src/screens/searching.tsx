import { h } from "../paint";
import { Button } from "../parts/button";
import { numberOf } from "../parts/caller";
import { Frame } from "../parts/frame";
import type { CardView } from "../parts/view";
import type { Card } from "../state";

export const isSearching = (card: Card) => card.searching;

/** The number is here, the guest is not yet. */
export function Searching(view: CardView) {
  const { card, act, say } = view;
  const buttons = <Button tap={act.dontWait}>{say("newGuest")}</Button>;
  return (
    <Frame {...view} title={numberOf(card, say)} buttons={buttons}>
      <p class="soft waiting">{say("searching")}</p>
    </Frame>
  );
}
