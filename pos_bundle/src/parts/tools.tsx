import { h } from "../paint";
import { Button } from "./button";
import type { CardView } from "./view";

/** What can be done about the call itself, quietly. */
export function CallTools({ card, act, say }: CardView) {
  const { call } = card.slot;
  return (
    <span>
      <Button kind="quiet" tap={() => act.sheets.about("note", card)}>
        {say("note")}
      </Button>
      {call.from && (
        <Button kind="quiet" tap={() => act.sheets.about("never", card)}>
          {say("neverPop")}
        </Button>
      )}
      {call.from && (
        <Button kind="quiet" tap={() => act.calls.copy(call)}>
          {say("copy")}
        </Button>
      )}
      {call.state === "answered" && (
        <Button kind="quiet" tap={() => act.calls.hangUp(call)}>
          {say("hangUp")}
        </Button>
      )}
    </span>
  );
}
