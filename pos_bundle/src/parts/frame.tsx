import { type Word, whereabouts } from "../i18n";
import { type Child, h } from "../paint";
import type { Card } from "../state";
import { clean, duration } from "../text";
import { Strip } from "./strip";
import type { View } from "./view";

interface Props extends View {
  card: Card;
  title: Child;
  children?: Child;
  footer: Child;
}

/** Head with the state of the call, a middle that scrolls, a foot with the decision. */
export const Frame = ({ card, title, children, footer, ...view }: Props) => (
  <div class="card" key={card.slot.call.id + (card.work.panel || "")}>
    <Head card={card} {...view} />
    <Strip {...view} />
    <main>
      <h1>{title}</h1>
      {children}
    </main>
    <footer>
      <Notice card={card} {...view} />
      {footer}
    </footer>
  </div>
);

const HEADLINES: { [kind: string]: Word } = {
  ringing: "incoming",
  answered: "talking",
  missed: "missed",
  over: "over",
};

function Head({ card, say, state }: View & { card: Card }) {
  const { call, kept } = card.slot;
  const live = call.state !== "ended" && !kept;
  const kind = live ? call.state : call.outcome && call.outcome !== "answered" ? "missed" : "over";
  const headline = kept && call.answered_by ? "answered" : (HEADLINES[kind] as Word);
  const talked = kind === "answered" && call.answered ? duration(state.now + state.calls.ahead - call.answered) : "";
  return (
    <header class={kind}>
      <i class="dot" />
      <b role="status">{say(headline)}</b>
      <time>{talked}</time>
      <span class="side">{call.test ? say("test") : call.line && say("line", clean(call.line, 20))}</span>
    </header>
  );
}

/** One sentence above the buttons: what went wrong, or where the call went. */
function Notice({ card, say }: View & { card: Card }) {
  const { slot, work } = card;
  const elsewhere = slot.kept ? `${whereabouts(slot.call, say)}. ${say("kept")}` : "";
  const text = work.notice ? say(work.notice) : work.busy ? say("moment") : elsewhere;
  return (
    <p class={text ? "notice" : "notice none"} role="status">
      {text}
    </p>
  );
}
