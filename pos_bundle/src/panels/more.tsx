import { h } from "../paint";
import { Button } from "../parts/button";
import { Frame } from "../parts/frame";
import { CallTools } from "../parts/tools";
import type { CardView } from "../parts/view";
import { hasNumbers } from "./kin";

/** What is needed now and then. */
export function More(view: CardView) {
  const { act, say } = view;
  const footer = (
    <div class="buttons">
      <Button tap={() => act.panel(null)}>{say("back")}</Button>
    </div>
  );
  return (
    <Frame {...view} title={say("more")} footer={footer}>
      <div class="tall">
        <CallTools {...view} />
        {hasNumbers(view) && (
          <Button kind="quiet" tap={() => act.panel("kin")}>
            {say("numbers")}
          </Button>
        )}
      </div>
    </Frame>
  );
}
