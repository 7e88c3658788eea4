import { h } from "../paint";
import { Button } from "../parts/button";
import { Frame } from "../parts/frame";
import { CallTools } from "../parts/tools";
import type { CardView } from "../parts/view";

/** What is needed now and then. */
export function More(view: CardView) {
  const { act, card, say } = view;
  return (
    <Frame {...view} title={say("more")}>
      <div class="tall">
        <CallTools {...view} />
        {card.guest && (
          <Button kind="quiet" tap={() => act.sheets.about("numbers", card)}>
            {say("numbers")}
          </Button>
        )}
      </div>
    </Frame>
  );
}
