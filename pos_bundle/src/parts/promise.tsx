import { h } from "../paint";
import { clean, clock, money } from "../text";
import type { CardView } from "./view";

/** How busy the kitchen is, and what to say to the guest; a tap puts it into the order. */
export function PromiseTime({ card, state, act, say }: CardView) {
  const { load, now, lang } = state;
  if (!load) return null;
  const { minutes, due } = card.work;
  const told = minutes === null ? load.minutes : minutes;
  const at = clock(due || now + 60 * told, lang);
  return (
    <div class="promise">
      <span class="soft">{say("ordersOpen", String(load.open))}</span>
      <button type="button" class="chip" aria-label={say("sooner")} onclick={() => act.order.promise(-1)}>
        −5
      </button>
      <button type="button" class="chip" aria-pressed={`${!!due}`} onclick={() => act.order.promise(0)}>
        {say("by", at)} · {say("promiseIn", String(told))}
      </button>
      <button type="button" class="chip" aria-label={say("later")} onclick={() => act.order.promise(1)}>
        +5
      </button>
    </div>
  );
}

/** An order that a new one leaves behind, and where it is found. */
export function Parked({ state, say }: Pick<CardView, "state" | "say">) {
  const { parked, account } = state;
  if (!parked) return null;
  const sum = money(parked.sum, account ? account.currency : "");
  const what = [sum, clean(parked.name, 40)].filter(Boolean).join(", ");
  return (
    <p class="note">
      {say("unfinished", what)}. {say("inList")}
    </p>
  );
}
