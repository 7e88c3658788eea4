import type { NoteOutcome } from "../messages";
import { h } from "../paint";
import { Button } from "../parts/button";
import { Field } from "../parts/field";
import { Frame } from "../parts/frame";
import type { CardView } from "../parts/view";

const OUTCOMES = ["order", "question", "complaint", "wrong"] as const;

/** What the call was about: one tap, or some words and Enter. Nobody has to. */
export function Note(view: CardView) {
  const { card, act, say } = view;
  const { slot, work } = card;
  const { outcome = "", text = "" } = work.noting || {};
  const { id } = slot.call;
  const submit = (event: Event) => {
    event.preventDefault();
    act.calls.note(id);
  };
  const footer = (
    <div class="buttons">
      <Button busy={work.busy} form="note">
        {say("save")}
      </Button>
      <Button tap={() => act.panel(null)}>{say("back")}</Button>
    </div>
  );
  return (
    <Frame {...view} title={say("noteAsk")} footer={footer}>
      <div class="chips tall">
        {OUTCOMES.map((one: NoteOutcome) => (
          <button
            type="button"
            key={one}
            class="chip"
            aria-pressed={one === outcome}
            onclick={() => act.calls.note(id, one)}
          >
            {say(`about_${one as "order"}`)}
          </button>
        ))}
      </div>
      <form id="note" onsubmit={submit}>
        <Field label={say("noteText")} value={text} type={(words) => act.calls.write(id, words)} />
      </form>
    </Frame>
  );
}
