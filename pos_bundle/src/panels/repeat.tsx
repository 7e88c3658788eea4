import { h } from "../paint";
import { Button } from "../parts/button";
import { Frame } from "../parts/frame";
import { PickRow } from "../parts/history";
import { PromiseTime } from "../parts/promise";
import type { CardView } from "../parts/view";
import { countOf, type Dish, left, type Repeat, wanted } from "../repeat";
import { money, pay } from "../text";

/** What would be ordered, and the truth about it: what is still there, what it costs now, what can't be carried over. */
export function RepeatPanel(view: CardView) {
  const { card, act, say } = view;
  const { repeat } = card.work;
  if (!repeat) return <Frame {...view} title={say("repeat")} />;
  const { begun, dishes } = repeat;
  const none = !begun && !left(repeat).length;
  return (
    <Frame
      {...view}
      title={say("repeat")}
      above={none && <p class="notice">{say("nothingLeft")}</p>}
      buttons={!none && decision(view, repeat)}
    >
      {dishes.map((dish, place) => {
        const { item, bar, plain, chosen, got } = dish;
        return (
          <PickRow
            key={place}
            item={plain ? { ...item, modification: "" } : item}
            picked={begun ? got >= countOf(dish) : chosen && !bar}
            off={!!begun || !!bar}
            note={bar ? say(bar) : plain && say("plainDish")}
            price={bar ? "" : prices(dish, view)}
            tap={() => act.order.toggle(dish)}
          />
        );
      })}
      {!begun && <PromiseTime {...view} />}
    </Frame>
  );
}

/** `172.50 → 185 ₴`; what nobody knows is `?`. */
function prices({ item, price }: Dish, { state }: CardView): string {
  const now = price === null ? "?" : pay(price.toFixed(2), state);
  return price === Number(item.price) ? now : `${money(item.price, "")} → ${now}`;
}

function sumOf(repeat: Repeat, { state }: CardView): string {
  const dishes = wanted(repeat);
  const sum = dishes.reduce((all, dish) => all + countOf(dish) * (dish.price || Number(dish.item.price)), 0);
  const about = dishes.some(({ price }) => price === null) ? "≈" : "";
  return about + pay(sum.toFixed(2), state);
}

function decision(view: CardView, repeat: Repeat) {
  const { card, state, act, say } = view;
  const { busy } = card.work;
  const { order, prefs } = state;
  const go = (
    <Button kind="main" busy={busy} tap={() => act.order.fill(null)}>
      {repeat.begun ? say("goOn") : `${say("newOrder")} · ${sumOf(repeat, view)}`}
    </Button>
  );
  if (repeat.begun)
    return [
      go,
      <Button busy={busy} tap={act.order.leave}>
        {say("leaveIt")}
      </Button>,
    ];
  return [
    go,
    order && (!order.client || (card.guest && order.client === card.guest.id)) && (
      <Button busy={busy} tap={() => act.order.fill(order)}>
        {say("addToOrder")}
      </Button>
    ),
    prefs.delivery === "online" && (
      <Button busy={busy} tap={act.order.online}>
        {say("deliver")}
      </Button>
    ),
  ];
}
