import type { RunningOrder } from "../messages";
import { h } from "../paint";
import { isIncomplete } from "../state";
import { clean, money } from "../text";
import { Button } from "./button";
import type { CardView, GuestView } from "./view";

const SHOWN = 3;

/** Orders of the guest that go on: most calls are about them. Their place is kept while nobody knows. */
export function Running({ guest, ...view }: GuestView) {
  const { card, say } = view;
  const open = (guest.open || []).slice(0, SHOWN);
  const incomplete = isIncomplete(card);
  if (open.length) return <div>{open.map((order, place) => Box({ ...view, order, first: !place }))}</div>;
  if (!incomplete && !card.work.waited) return null;
  const failed = !!card.slot.guest && card.slot.guest.stage === "failed";
  return (
    <div>
      <p class={incomplete ? "box place soft waiting" : "box place soft"}>
        {say(incomplete ? "readingOrders" : failed || card.work.late ? "ordersUnread" : "noOpenOrder")}
      </p>
    </div>
  );
}

function Box({ order, first, card, act, state, say }: CardView & { order: RunningOrder; first: boolean }) {
  const sum = money(order.sum, state.account ? state.account.currency : "");
  return (
    <div class="box place going" key={order.id}>
      <span class="caller">
        <b>{[say(`st_${order.status}`), order.at && ago(order.at, state, say)].filter(Boolean).join(" · ")}</b>
        <span>{[sum, clean(order.address, 80)].filter(Boolean).join(" · ")}</span>
      </span>
      <Button {...(first && { kind: "main" })} busy={card.work.busy} tap={() => act.order.goTo(order)}>
        {say("addToIt")}
      </Button>
    </div>
  );
}

/** How long it goes on: minutes, then hours and days. */
export function ago(at: number, { now, calls }: CardView["state"], say: CardView["say"]): string {
  const minutes = Math.max(0, Math.floor((now + calls.ahead - at) / 60));
  if (minutes < 120) return say("minutes", `${minutes}`);
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? say("hours", `${hours}`) : say("days", `${Math.floor(hours / 24)}`);
}
