import { h } from "../paint";
import { Button } from "../parts/button";
import { numberOf } from "../parts/caller";
import { Frame } from "../parts/frame";
import { CallTools } from "../parts/tools";
import type { CardView } from "../parts/view";
import type { Card } from "../state";

export const isWithheld = (card: Card) => !card.slot.call.from;

/** The caller hides the number, so nobody is looked up and nobody is saved. */
export function Withheld(view: CardView) {
  const { card, act, say } = view;
  const buttons = (
    <Button kind="main" busy={card.work.busy} tap={() => act.newOrder(null)}>
      {say("newOrder")}
    </Button>
  );
  return (
    <Frame {...view} title={numberOf(card, say)} buttons={buttons}>
      <p>{say("hiddenHint")}</p>
      <div class="tools">
        <CallTools {...view} />
      </div>
    </Frame>
  );
}
