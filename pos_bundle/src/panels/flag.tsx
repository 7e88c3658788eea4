import type { FlagKind } from "../messages";
import { h } from "../paint";
import { Button } from "../parts/button";
import { Field } from "../parts/field";
import { FlagLine } from "../parts/flags";
import { Frame } from "../parts/frame";
import type { CardView } from "../parts/view";

const KINDS: FlagKind[] = ["allergy", "careful", "prepay", "refuse", "vip", "note"];

/** What everybody must know about this guest: who said so, and saying more. */
export function FlagPanel(view: CardView) {
  const { card, act, say } = view;
  const { flags = [] } = card.guest || {};
  return (
    <Frame {...view} title={say("flags")} footer={<Decision {...view} />}>
      {flags.map((flag) => (
        <div class="box" key={flag.id || flag.kind}>
          <FlagLine {...view} flag={flag} />
          {flag.id !== null && (
            <Button kind="quiet" tap={() => act.guest.unflag(flag.id as number)}>
              {say("remove")}
            </Button>
          )}
        </div>
      ))}
      <NewFlag {...view} />
    </Frame>
  );
}

function NewFlag({ card, act, say }: CardView) {
  const { kind = "note", text = "" } = card.work.flagging || {};
  const submit = (event: Event) => {
    event.preventDefault();
    act.guest.flag();
  };
  return (
    <form id="flag" onsubmit={submit}>
      <h2>{say("newFlag")}</h2>
      <div class="chips">
        {KINDS.map((one) => (
          <button
            type="button"
            class="chip"
            key={one}
            aria-pressed={one === kind}
            onclick={() => act.guest.flagging({ kind: one })}
          >
            {say(`flag_${one}`)}
          </button>
        ))}
      </div>
      <Field label={say("flagText")} value={text} most={120} type={(typed) => act.guest.flagging({ text: typed })} />
    </form>
  );
}

const Decision = ({ card, act, say }: CardView) => (
  <div class="buttons">
    <Button kind="main" busy={card.work.busy} form="flag">
      {say("save")}
    </Button>
    <Button tap={() => act.panel(null)}>{say("back")}</Button>
  </div>
);
