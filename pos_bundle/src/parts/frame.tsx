import { whereabouts } from "../i18n";
import { type Child, h } from "../paint";
import type { Card } from "../state";
import { clean, dots } from "../text";
import { Button } from "./button";
import { headlineOf, kindOf, talked } from "./spell";
import { Strip } from "./strip";
import { talkOf } from "./talk";
import type { View } from "./view";

interface Props extends View {
  card: Card;
  title: Child;
  /** What must be read before the title. */
  lead?: Child;
  children?: Child;
  /** Over the buttons. */
  above?: Child;
  /** The decisions; the way out comes after them. */
  buttons?: Child;
  /** Instead of both. */
  footer?: Child;
}

/** Head with the state of the call, a middle that scrolls, a foot with the decision. */
export const Frame = (view: Props) => (
  <div class="card" tabIndex={-1} key={view.card.slot.call.id + (view.card.work.panel || "")}>
    <Head {...view} />
    <Strip {...view} />
    {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and keys must reach it */}
    <main tabIndex={0}>
      {view.lead}
      <h1>{view.title}</h1>
      {view.children}
    </main>
    <footer>
      <Notice {...view} />
      <Others {...view} />
      {view.footer || [
        view.above,
        <div class="buttons">
          {view.buttons}
          <Button tap={view.act.close}>{view.say(view.card.work.panel ? "back" : "close")}</Button>
        </div>,
      ]}
    </footer>
  </div>
);

function Head(view: View & { card: Card }) {
  const { card, say } = view;
  const { test, line, brand } = card.slot.call;
  return (
    <header class={kindOf(card.slot)}>
      <i class="dot" />
      <b role="status">{say(headlineOf(card.slot))}</b>
      <time>{talked(card.slot, view)}</time>
      <span class="side ellipsis">
        {test ? say("test") : dots(clean(brand, 30), line && say("line", clean(line, 20)))}
      </span>
    </header>
  );
}

/** One sentence above the buttons: what went wrong, or where the call went. */
function Notice({ card, say }: View & { card: Card }) {
  const { slot, work } = card;
  const elsewhere = slot.kept ? `${whereabouts(slot.call, say)}. ${say("kept")}` : "";
  const text = work.notice ? say(work.notice, work.what) : work.busy ? say("moment") : elsewhere;
  return (
    <p class={text ? "notice" : "notice none"} role="status">
      {text}
    </p>
  );
}

/** Who else is on the phone; where a sentence about this call has its place. */
function Others({ card, state, say }: View & { card: Card }) {
  const [talk] = state.talking;
  if (!talk || card.work.notice) return null;
  const more = state.talking.length - 1;
  return (
    <p class="others soft ellipsis">
      {talkOf(talk, say)}
      {more > 0 && ` +${more}`}
    </p>
  );
}
