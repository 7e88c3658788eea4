import type { OrderItem } from "../messages";
import { h } from "../paint";
import { Button } from "../parts/button";
import { Frame } from "../parts/frame";
import { headOf, Item } from "../parts/history";
import type { CardView } from "../parts/view";
import { clean, money } from "../text";

/** The last orders with their dishes; each tapped dish goes to the preview. */
export function OrdersPanel(view: CardView) {
  const { card, say, act } = view;
  const orders = (card.guest && card.guest.orders) || [];
  const taken = card.work.repeat ? card.work.repeat.items.length : 0;
  const footer = (
    <div class="buttons">
      {taken > 0 && (
        <Button kind="main" tap={act.order.preview}>
          {say("toChosen", String(taken))}
        </Button>
      )}
      <Button tap={() => act.panel(null)}>{say("back")}</Button>
    </div>
  );
  return (
    <Frame {...view} title={say("allOrders")} footer={footer}>
      <p class="soft">{say("tapDishes")}</p>
      {orders.slice(0, 5).map((order) => (
        <section key={order.id}>
          <h2>{headOf(view, order)}</h2>
          <p class="soft">{[clean(order.address, 120), clean(order.by, 40)].filter(Boolean).join(" · ")}</p>
          {order.items.map((item, place) => (
            <Taken {...view} item={item} key={place} />
          ))}
        </section>
      ))}
    </Frame>
  );
}

function Taken({ item, card, state, act }: CardView & { item: OrderItem }) {
  const { repeat } = card.work;
  const taken = !!repeat && repeat.items.includes(item);
  return (
    <button type="button" class="row pick" aria-pressed={taken} onclick={() => act.order.take(item)}>
      <span class="caller">
        <Item item={item} />
      </span>
      <span>{money(item.price, state.account ? state.account.currency : "")}</span>
    </button>
  );
}
