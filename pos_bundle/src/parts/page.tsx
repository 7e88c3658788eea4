import { slotOf } from "../calls";
import { type Child, h } from "../paint";
import { cardOf } from "../state";
import { Button } from "./button";
import { Caller } from "./caller";
import { headlineOf } from "./spell";
import type { View } from "./view";

interface Props extends View {
  title?: Child;
  back?: boolean;
  children?: Child;
}

/** A page of the menu. A call that rings meanwhile stands in the head: a tap away, and nothing moves. */
export const Page = (view: Props) => (
  <div class="card" tabIndex={-1} key={view.state.page}>
    <Head {...view} />
    {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and keys must reach it */}
    <main tabIndex={0}>
      {view.title && <h1>{view.title}</h1>}
      {view.children}
    </main>
    <footer>
      <div class="buttons">
        <Button tap={view.act.close}>{view.say(view.back ? "back" : "close")}</Button>
      </div>
    </footer>
  </div>
);

function Head(view: View) {
  const { state, act, say } = view;
  const slot = slotOf(state.calls, state.calls.front);
  if (!slot || slot.call.state !== "ringing" || state.page === "menu")
    return (
      <header class={`link ${state.link}`}>
        <i class="dot" />
        {/^(menu|now)$/.test(state.page) ? <h1>Dzvinok</h1> : <b>Dzvinok</b>}
      </header>
    );
  return (
    <header class="ringing">
      <button type="button" class="ring" onclick={() => act.pick(slot.call.id)}>
        <i class="dot" />
        <b>{say(headlineOf(slot))}</b>
        <Caller {...view} card={cardOf(state, slot)} />
      </button>
    </header>
  );
}
