import { h } from "../paint";
import { Button } from "../parts/button";
import { numberOf } from "../parts/caller";
import { Frame } from "../parts/frame";
import type { CardView } from "../parts/view";
import type { Card } from "../state";

export const isVeiled = ({ slot: { call } }: Card) => !!call.veiled && !call.from;

/** Number and name stay hidden until somebody answers, or looks. */
export function Veiled(view: CardView) {
  const { card, act, say } = view;
  const buttons = (
    <Button busy={card.work.busy} tap={() => act.calls.reveal(card.slot.call)}>
      {say("showNumber")}
    </Button>
  );
  return (
    <Frame {...view} title={numberOf(card, say)} buttons={buttons}>
      <p class="soft">{say("veilHint")}</p>
    </Frame>
  );
}
