import type { RunningOrder } from "../messages";
import { h } from "../paint";
import { isIncomplete } from "../state";
import { clean, dots, pay } from "../text";
import { Button } from "./button";
import type { GuestView, View } from "./view";

const SHOWN = 3;

/** Orders of the guest that go on: most calls are about them. Their place is kept while nobody knows. */
export function Running(view: GuestView) {
  const { card, guest, say } = view;
  const open = (guest.open || []).slice(0, SHOWN);
  const incomplete = isIncomplete(card);
  const { guest: said } = card.slot;
  const word = incomplete ? "readingOrders" : said && said.stage === "complete" ? "noOpenOrder" : "ordersUnread";
  const none = (incomplete || card.work.waited) && <p class="place soft">{say(word)}</p>;
  return <div>{open.length ? open.map((order, place) => box(view, order, !place)) : none}</div>;
}

const box = ({ card, act, state, say }: GuestView, order: RunningOrder, first: boolean) => (
  <div class="box place going">
    <span class="caller">
      <b>{dots(say(`st_${order.status}`), order.at && ago(order.at, state, say))}</b>
      <span>{dots(pay(order.sum, state), clean(order.address))}</span>
    </span>
    <Button kind={first ? "main" : "calm"} busy={card.work.busy} tap={() => act.order.goTo(order)}>
      {say("addToIt")}
    </Button>
  </div>
);

/** How long it goes on: minutes, later hours. */
function ago(at: number, { now, calls }: View["state"], say: View["say"]): string {
  const minutes = Math.max(0, Math.floor((now + calls.ahead - at) / 60));
  return minutes < 120 ? say("minutes", `${minutes}`) : say("hours", `${Math.floor(minutes / 60)}`);
}
