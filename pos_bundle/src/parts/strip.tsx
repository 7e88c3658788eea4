import { type Slot, strip } from "../calls";
import { h } from "../paint";
import { cardOf } from "../state";
import { nameOf } from "./caller";
import { stateOf } from "./spell";
import type { View } from "./view";

/** As many as stand side by side on a wide card. */
const SHOWN = 3;

/** One chip for each call, only when there are several. They stand as they came; with many, all of them are a tap away. */
export function Strip(view: View) {
  const { state, act, say } = view;
  const slots = strip(state.calls);
  if (slots.length < 2) return null;
  const more = slots.length - SHOWN;
  return (
    <nav aria-label={say("calls")}>
      <div class="cards">
        {slots.map((slot) => (
          <Chip {...view} slot={slot} key={slot.call.id} />
        ))}
      </div>
      {more > 0 && (
        <button
          type="button"
          class="all"
          aria-label={`+${more} ${say("calls")}: ${slots.length}`}
          onclick={() => act.page("now")}
        >
          {`+${more}`}
        </button>
      )}
    </nav>
  );
}

function Chip(view: View & { slot: Slot; key?: string }) {
  const { slot, state, act, say } = view;
  const { id, state: kind } = slot.call;
  return (
    <button
      type="button"
      class={`chip ${slot.call.held ? "held" : kind}`}
      aria-current={id === state.calls.front}
      onclick={() => act.pick(id)}
    >
      <i class="dot" />
      <span class="caller">
        <b>{nameOf(cardOf(state, slot), say)}</b>
        <span>{stateOf(slot, view)}</span>
      </span>
    </button>
  );
}
