import type { GuestCard, OrderItem, PastOrder } from "../messages";
import { h } from "../paint";
import { clean, day, dots, pay } from "../text";
import { Button } from "./button";
import { Fact } from "./facts";
import type { GuestView, View } from "./view";

/** What a guest has ordered, and from there to the same once more. */

const SHOWN = 4;

/** `2 × Margherita 30 cm` */
export const Item = ({ item }: { item: Pick<OrderItem, "name" | "modification" | "count"> }) => (
  <span>
    {clean(String(item.count), 8)} × {clean(item.name)} <span class="soft">{clean(item.modification)}</span>
  </span>
);

/** `14 November · 345 ₴ · delivery` */
export const headOf = ({ state, say }: View, order: Pick<PastOrder, "at" | "sum" | "delivery">) =>
  dots(day(order.at, state.lang), pay(order.sum, state), order.delivery && say("delivery"));

export const lastOf = ({ orders = [] }: GuestCard) => orders.find(({ open, items }) => !open && items.length > 0);

/** Another order is on the screen: it has the place beside New order. */
export const isElsewhere = ({ state: { order }, guest }: GuestView) => !!order && order.client !== guest.id;

/** The way to the preview of the last order; it has its place before that is known. */
export function Repeat({ guest, act, say }: GuestView) {
  const last = lastOf(guest);
  return (
    <Button off={!last} tap={() => last && act.order.repeat(last.items)}>
      {say("repeat")}
    </Button>
  );
}

export function LastOrder(view: GuestView) {
  const { card, guest, say, act } = view;
  const newest = lastOf(guest);
  const last = newest || guest.last_order;
  const said = card.slot.guest;
  const read = said && said.stage === "complete" && said.guests.some(({ id }) => id === guest.id);
  if (!last) return read ? <Fact label={say("lastOrder")}>{say("noOrders")}</Fact> : null;
  const { items } = last;
  return (
    <Fact label={dots(say("lastOrder"), headOf(view, last))}>
      <ul>
        {items.slice(0, SHOWN).map((item, place) => (
          <li key={place} class="ellipsis">
            <Item item={item} />
          </li>
        ))}
        {items.length > SHOWN && <li class="soft">+{items.length - SHOWN}</li>}
      </ul>
      {newest && (
        <Button kind="quiet" tap={() => act.panel("orders")}>
          {say("allOrders")}
        </Button>
      )}
      {newest && isElsewhere(view) && <Repeat {...view} />}
    </Fact>
  );
}

/** The dishes ordered most often: a tap opens the preview with one. */
export function Usual({ guest, say, act }: GuestView) {
  const usual = (guest.usual || []).slice(0, 3);
  if (!usual.length) return null;
  return (
    <Fact label={say("usual")}>
      <div class="chips">
        {usual.map((item, place) => (
          <button type="button" class="chip" key={place} onclick={() => act.order.repeat([item])}>
            {clean(item.name)} <span class="soft">{clean(item.modification)}</span>
          </button>
        ))}
      </div>
    </Fact>
  );
}

interface PickProps {
  key: number;
  item: OrderItem;
  picked: boolean;
  off?: boolean;
  note?: string | false;
  price: string;
  tap: () => void;
}

/** A dish that a tap takes or leaves. */
export const PickRow = ({ item, picked, off, note, price, tap }: PickProps) => (
  <button
    type="button"
    class={off && note ? "row pick off" : "row pick"}
    aria-pressed={`${picked}`}
    aria-disabled={!!off}
    onclick={() => !off && tap()}
  >
    <span class="caller">
      <b>
        <Item item={item} />
      </b>
      {note && <span>{note}</span>}
    </span>
    <span>{price}</span>
  </button>
);
