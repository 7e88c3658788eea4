import type { NeverKind } from "../calldesk";
import { h } from "../paint";
import { Button } from "../parts/button";
import { Frame } from "../parts/frame";
import type { CardView } from "../parts/view";

const KINDS: NeverKind[] = ["courier", "supplier", "staff", "other"];

/** A number whose calls open no card any more; undone where it was done. */
export function Never(view: CardView) {
  const { card, act, say } = view;
  const { slot, work } = card;
  const { call } = slot;
  const listed = work.never || call.pop === false;
  const footer = (
    <div class="buttons">
      {listed && (
        <Button busy={work.busy} tap={() => act.calls.pops(call)}>
          {say("undo")}
        </Button>
      )}
      {work.never ? (
        <Button tap={() => act.calls.leave(call.id)}>{say("close")}</Button>
      ) : (
        <Button tap={() => act.panel(null)}>{say("back")}</Button>
      )}
    </div>
  );
  return (
    <Frame {...view} title={say("neverPop")} footer={footer}>
      <p>{say(listed ? "neverDone" : "neverAsk")}</p>
      <div class="chips tall">{!listed && KINDS.map((kind) => <Kind {...view} kind={kind} key={kind} />)}</div>
    </Frame>
  );
}

const Kind = ({ kind, card, act, say }: CardView & { kind: NeverKind; key: string }) => (
  <button type="button" class="chip" onclick={() => act.calls.never(card.slot.call, kind)}>
    {say(`kind_${kind}`)}
  </button>
);
