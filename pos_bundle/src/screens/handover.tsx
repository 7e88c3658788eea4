import type { Handover as Left } from "../messages";
import { type Child, h } from "../paint";
import { Page } from "../parts/page";
import type { View } from "../parts/view";
import { clean, moment } from "../text";

/** What a shift leaves behind, on one page. */
export function Handover(view: View) {
  const { state, say } = view;
  const left = state.handover;
  return (
    <Page {...view} title={say("staysOpen")} back>
      {typeof left === "string" ? <p class="soft">{say(left)}</p> : <Rows {...view} left={left} />}
    </Page>
  );
}

function Rows({ left, state, say }: View & { left: Left }) {
  const { missed, promises, flags } = left;
  const when = (at: number) => moment(at, state.lang);
  return (
    <div>
      <Part title={say("callbacks", String(missed.length))}>
        {missed.map((row) => line(clean(row.name, 40) || clean(row.shown, 30), clean(row.shown, 30), when(row.at)))}
      </Part>
      <Part title={say("promises", String(promises.length))}>
        {promises.map((one) => line(clean(one.name, 40) || "…", clean(one.by, 40), when(one.due)))}
      </Part>
      <Part title={say("flagsAdded", String(flags.length))}>
        {flags.map((one) => line(clean(one.name, 40), clean(one.text, 120), say(`flag_${one.kind}`)))}
      </Part>
      {!missed.length && !promises.length && !flags.length && <p>{say("nothingOpen")}</p>}
    </div>
  );
}

function Part({ title, children }: { title: string; children?: Child }) {
  const rows = children as Child[];
  return rows.length ? (
    <section>
      <h2>{title}</h2>
      {rows}
    </section>
  ) : null;
}

const line = (name: string, more: string, side: string) => (
  <div class="line">
    <span class="caller">
      <b>{name}</b>
      <span>{more}</span>
    </span>
    <span class="soft">{side}</span>
  </div>
);
