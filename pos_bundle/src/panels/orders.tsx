import { h } from "../paint";
import { Button } from "../parts/button";
import { Frame } from "../parts/frame";
import { headOf, PickRow } from "../parts/history";
import type { CardView } from "../parts/view";
import { clean, dots, pay } from "../text";

/** The last orders with their dishes; each tapped dish goes to the preview. */
export function OrdersPanel(view: CardView) {
  const { card, state, say, act } = view;
  const orders = (card.guest && card.guest.orders) || [];
  const taken = card.work.repeat ? card.work.repeat.items : [];
  const buttons = taken.length > 0 && (
    <Button kind="main" tap={() => act.order.repeat(taken)}>
      {say("toChosen", `${taken.length}`)}
    </Button>
  );
  return (
    <Frame {...view} title={say("allOrders")} buttons={buttons}>
      <p class="soft">{say("tapDishes")}</p>
      {orders.slice(0, 5).map((order) => (
        <section key={order.id}>
          <h2>{headOf(view, order)}</h2>
          <p class="soft">{dots(clean(order.address, 120), clean(order.by, 40))}</p>
          {order.items.map((item, place) => (
            <PickRow
              key={place}
              item={item}
              picked={taken.includes(item)}
              price={pay(item.price, state)}
              tap={() => act.order.take(item)}
            />
          ))}
        </section>
      ))}
    </Frame>
  );
}
