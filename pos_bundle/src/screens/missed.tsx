import type { Missed as Row } from "../messages";
import { h } from "../paint";
import { Button } from "../parts/button";
import { Page } from "../parts/page";
import type { View } from "../parts/view";
import { clean } from "../text";
import { isMine } from "../waiting";

type RowView = View & { row: Row; key?: number };

/** Who called in vain and waits: as the server orders them, and as they stood when the page was opened. */
export function Missed(view: View) {
  const { state, say } = view;
  const seat = ({ id }: Row) =>
    (state.seats.indexOf(id) + 1 || 1000) * 1000 + state.missed.findIndex((row) => row.id === id);
  const rows = state.missed.slice().sort((one, other) => seat(one) - seat(other));
  return (
    <Page {...view} title={say("waiting")} back>
      {rows.map((row) => (
        <Waits {...view} row={row} key={row.id} />
      ))}
      {!rows.length && <p class="soft">{say("noMissed")}</p>}
    </Page>
  );
}

function Waits({ row, ...view }: RowView) {
  const { state, act, say } = view;
  const { waiting } = act.calls;
  const mine = isMine(row, state);
  const busy = !!state.callback && state.callback.id === row.id && state.callback.busy;
  return (
    <section key={row.id}>
      <Who {...view} row={row} />
      <Told {...view} row={row} />
      {(mine || !row.claimed) && (
        <div class="buttons">
          <Button kind={mine ? "main" : "calm"} busy={busy} tap={() => waiting.callBack(row)}>
            {say("callBack")}
          </Button>
          <Button busy={busy} tap={() => (mine ? waiting.release(row) : waiting.claim(row))}>
            {say(mine ? "release" : "claim")}
          </Button>
          <Button busy={busy} tap={() => waiting.done(row)}>
            {say("done")}
          </Button>
        </div>
      )}
    </section>
  );
}

const shownOf = (row: Row) => clean(row.shown, 30) || clean(row.from, 30) || clean(row.masked, 20);

function Who({ row, state, act, say }: RowView) {
  const { call, from, shown, at, line } = row;
  const name = clean(row.name, 40);
  const past = { call, from, shown, name, at, line, outcome: "missed" as const, by: "", test: false };
  const more = [
    row.claimed && (isMine(row, state) ? say("claimedHere") : say("claimedBy", clean(row.claimed.name, 40))),
    row.open && say("hasOrder"),
    row.calls > 1 && say("timesCalled", String(row.calls)),
    name && shownOf(row),
  ];
  return (
    <button type="button" class="row" onclick={() => act.pickRow(past)}>
      <span class="caller">
        <b>
          {row.flags.map((kind) => (
            <em class={`pill ${clean(kind, 8)}`}>{say(`flag_${kind}`)}</em>
          ))}
          {name || shownOf(row)}
        </b>
        <span>{more.filter(Boolean).join(" · ")}</span>
      </span>
      <Age row={row} state={state} say={say} />
    </button>
  );
}

/** How long ago; the colour says no more than the words. */
function Age({ row, state, say }: Pick<RowView, "row" | "state" | "say">) {
  const minutes = Math.max(0, Math.floor((state.now + state.calls.ahead - row.at) / 60));
  const colour = minutes <= 20 ? "good" : minutes <= 60 ? "fair" : "poor";
  const hours = Math.floor(minutes / 60);
  const text = !hours
    ? say("minutesAgo", String(minutes))
    : hours < 24
      ? say("hoursAgo", String(hours))
      : say("daysAgo", String(Math.floor(hours / 24)));
  return <span class={`age ${colour}`}>{text}</span>;
}

/** What came of the last tap on this row. The number stands here large when it must be dialled by hand. */
function Told({ row, state, act, say }: RowView) {
  const { callback } = state;
  const mine = callback && callback.id === row.id ? callback : null;
  if (!mine) return null;
  return (
    <div role="status">
      <p class="notice">{mine.busy ? say("moment") : mine.notice && say(mine.notice, clean(mine.by, 40))}</p>
      {mine.byHand && (
        <div class="box">
          <span class="number">{shownOf(row)}</span>
          <Button tap={() => act.calls.waiting.copy(row)}>{say("copy")}</Button>
        </div>
      )}
    </div>
  );
}
