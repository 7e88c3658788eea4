import type { Slot } from "../calls";
import type { Row } from "../messages";
import { h } from "../paint";
import { Caller } from "../parts/caller";
import { Fact } from "../parts/facts";
import { Page } from "../parts/page";
import { Parked } from "../parts/promise";
import { stateOf } from "../parts/spell";
import { talkOf } from "../parts/talk";
import type { View } from "../parts/view";
import { cardOf } from "../state";
import { clean, moment } from "../text";
import { waitingHere } from "../waiting";

/** Opened from Poster's functions menu: who am I for the phone, is it alive, who waits, who called. */
export function Menu(view: View) {
  const all = view.state.page === "menu";
  // Without a server there is nothing behind these, nor words for them.
  const greeted = all && !!view.state.words.waiting;
  return (
    <Page {...view} back={!all}>
      <Faults {...view} />
      <Parked {...view} />
      {all && <Who {...view} />}
      {greeted && <Ways {...view} />}
      <Now {...view} />
      {greeted && <Recent {...view} />}
    </Page>
  );
}

/** What is wrong now, in sentences. */
function Faults({ state, say }: View) {
  const away = state.calls.slots.some(({ guest }) => guest && (guest.behind || guest.stage === "failed"));
  return (
    <div class="faults">
      {state.trouble && <p class="note">{say(state.words[state.trouble] ? state.trouble : "signature")}</p>}
      {away && <p class="note">{say("posterAway")}</p>}
    </div>
  );
}

/** To other pages, and being left in peace. */
function Ways({ state, act, say }: View) {
  const quiet = !!state.prefs.quiet;
  return (
    <div>
      <Way name={say("waiting")} side={`${waitingHere(state)}`} tap={() => act.page("missed")} />
      {state.user && (
        <button
          type="button"
          class="row plain"
          role="switch"
          aria-checked={`${quiet}`}
          onclick={() => act.calls.quiet(!quiet)}
        >
          <span class="caller">
            <b>{say("quietMode")}</b>
            <span>{say("quietHint")}</span>
          </span>
          <span>{say(quiet ? "on" : "off")}</span>
        </button>
      )}
      {state.user && <Way name={say("endOfShift")} tap={() => act.page("handover")} />}
    </div>
  );
}

const Way = ({ name, side, tap }: { name: string; side?: string; tap(): void }) => (
  <button type="button" class="row" onclick={tap}>
    <b class="caller">{name}</b>
    <b>{side}</b>
  </button>
);

/** The calls that are here, and who else is on the phone. */
function Now(view: View) {
  const { state, say } = view;
  const here = state.calls.slots.filter((slot) => !slot.byHand);
  return (
    <div>
      {here.length + state.talking.length > 0 && <h2>{say("now")}</h2>}
      {here.map((slot) => (
        <Current {...view} slot={slot} key={slot.call.id} />
      ))}
      {state.talking.map((talk) => (
        <p class="line soft" key={talk.call}>
          {talkOf(talk, say)}
        </p>
      ))}
    </div>
  );
}

function Recent(view: View) {
  const { state, say } = view;
  return (
    <div>
      <h2>{say("lastCalls")}</h2>
      {state.calls.recent.map((row) => (
        <Past {...view} row={row} key={row.call} />
      ))}
      {!state.calls.recent.length && <p class="soft">{say("noCalls")}</p>}
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
      {user && state.words.yourLine && <Fact label={say("yourLine")}>{lines || say("noLine")}</Fact>}
      {shared && <Fact label={say("registerLine")}>{shared}</Fact>}
      <Fact label={say("connection")}>{say(state.link)}</Fact>
    </dl>
  );
}

function Current(view: View & { slot: Slot; key?: string }) {
  const { slot, state, act } = view;
  return (
    <button type="button" class="row" onclick={() => act.pick(slot.call.id)}>
      <Caller {...view} card={cardOf(state, slot)} />
      <span class="soft">{stateOf(slot, view)}</span>
    </button>
  );
}

function Past({ row, state, act, say }: View & { row: Row; key?: string }) {
  const number = row.from ? clean(row.shown, 30) || clean(row.from, 30) : say("hiddenNumber");
  const name = clean(row.name, 60);
  const note = row.note && say(`about_${row.note}`);
  const answered = row.outcome === "answered";
  return (
    <button type="button" class="row" onclick={() => act.pickRow(row)}>
      <span class="caller">
        <b>{name || number}</b>
        <span>{[moment(row.at, state.lang), name && number, note].filter(Boolean).join(" · ")}</span>
      </span>
      <span class={answered ? "soft" : "bad"}>{say(outcome(row.outcome, row.by), clean(row.by, 40))}</span>
    </button>
  );
}

function outcome(word: Row["outcome"], by: string) {
  if (word === "answered") return by ? "answeredBy" : "answered";
  return word === "busy" || word === "declined" || word === "voicemail" ? word : "missed";
}
