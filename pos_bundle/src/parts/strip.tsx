import { strip } from "../calls";
import { h } from "../paint";
import { cardOf } from "../state";
import { Caller } from "./caller";
import type { View } from "./view";

/** One chip for each call, only when there are several. */
export function Strip(view: View) {
  const { state, act, say } = view;
  const slots = strip(state.calls);
  if (slots.length < 2) return null;
  return (
    <nav aria-label={say("calls")}>
      {slots.map((slot) => {
        const { id, state: kind } = slot.call;
        const front = id === state.calls.front;
        return (
          <button type="button" key={id} class={`chip ${kind}`} aria-current={front} onclick={() => act.pick(id)}>
            <i class="dot" />
            <Caller {...view} card={cardOf(state, slot)} />
          </button>
        );
      })}
    </nav>
  );
}
