import type { Slot } from "../calls";
import type { Row } from "../messages";
import { h } from "../paint";
import { Button } from "../parts/button";
import { Caller } from "../parts/caller";
import { Fact } from "../parts/facts";
import type { View } from "../parts/view";
import { cardOf } from "../state";
import { clean, moment } from "../text";

/** Opened from Poster's functions menu: who am I for the phone, is it alive, who called. */
export function Menu(view: View) {
  const { state, act, say } = view;
  const here = state.calls.slots.filter((slot) => !slot.byHand);
  return (
    <div class="card" key="menu">
      <header class={`link ${state.link}`}>
        <i class="dot" />
        <b>Dzvinok</b>
      </header>
      <main>
        {state.trouble && <p class="note">{say(state.trouble)}</p>}
        <Who {...view} />
        {here.length > 0 && <h2>{say("now")}</h2>}
        {here.map((slot) => (
          <Current {...view} slot={slot} key={slot.call.id} />
        ))}
        <h2>{say("lastCalls")}</h2>
        {state.calls.recent.map((row) => (
          <Past {...view} row={row} key={row.call} />
        ))}
        {!state.calls.recent.length && <p class="soft">{say("noCalls")}</p>}
      </main>
      <footer>
        <div class="buttons">
          <Button tap={act.close}>{say("close")}</Button>
        </div>
      </footer>
    </div>
  );
}

function Who({ state, say }: View) {
  const { user, employee, register } = state;
  const own = employee && user && employee.id === user.id ? employee.lines : user && user.line ? [user.line] : [];
  const lines = own.map((line) => clean(line, 20)).join(", ");
  const shared = register ? register.lines.map((line) => clean(line, 20)).join(", ") : "";
  return (
    <dl class="who">
      <Fact label={say("employee")}>{user ? clean(user.name, 60) || `#${user.id}` : say("nobody")}</Fact>
      {user && <Fact label={say("yourLine")}>{lines || say("noLine")}</Fact>}
      {shared && <Fact label={say("registerLine")}>{shared}</Fact>}
      <Fact label={say("connection")}>{say(state.link)}</Fact>
    </dl>
  );
}

function Current({ slot, ...view }: View & { slot: Slot }) {
  const { state, act, say } = view;
  const { call } = slot;
  const word = call.state === "ringing" ? "incoming" : call.state === "answered" ? "talking" : "over";
  return (
    <button type="button" class="row" onclick={() => act.pick(call.id)}>
      <Caller {...view} card={cardOf(state, slot)} />
      <span class="soft">{say(word)}</span>
    </button>
  );
}

function Past({ row, state, act, say }: View & { row: Row }) {
  const number = row.from ? clean(row.shown, 30) || clean(row.from, 30) : say("hiddenNumber");
  const name = clean(row.name, 60);
  const answered = row.outcome === "answered";
  return (
    <button type="button" class="row" onclick={() => act.pickRow(row)}>
      <span class="caller">
        <b>{name || number}</b>
        <span>{[moment(row.at, state.lang), name && number].filter(Boolean).join(" · ")}</span>
      </span>
      <span class={answered ? "soft" : "bad"}>{say(outcome(row.outcome, row.by), clean(row.by, 40))}</span>
    </button>
  );
}

function outcome(word: Row["outcome"], by: string) {
  if (word === "answered") return by ? "answeredBy" : "answered";
  return word === "busy" || word === "declined" || word === "voicemail" ? word : "missed";
}
