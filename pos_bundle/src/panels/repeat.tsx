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
  if (!repeat) return <Frame {...view} title={say("repeat")} footer={<Back {...view} />} />;
  const { begun, dishes } = repeat;
  return (
    <Frame {...view} title={say("repeat")} footer={<Decision {...view} repeat={repeat} />}>
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

const Back = ({ act, say }: CardView) => <Button tap={() => act.panel(null)}>{say("back")}</Button>;

function Decision(view: CardView & { repeat: Repeat }) {
  const { repeat, card, state, act, say } = view;
  const { busy } = card.work;
  const { order, prefs } = state;
  if (repeat.begun)
    return (
      <div class="buttons">
        <Button kind="main" busy={busy} tap={() => act.order.fill(null)}>
          {say("goOn")}
        </Button>
        <Button busy={busy} tap={act.order.leave}>
          {say("leaveIt")}
        </Button>
      </div>
    );
  const some = left(repeat).length > 0;
  const mine = order && (!order.client || (card.guest && order.client === card.guest.id));
  return (
    <div>
      {!some && <p class="notice">{say("nothingLeft")}</p>}
      <div class="buttons">
        {some && (
          <Button kind="main" busy={busy} tap={() => act.order.fill(null)}>
            {say("newOrder")} · {sumOf(repeat, view)}
          </Button>
        )}
        {some && mine && (
          <Button busy={busy} tap={() => act.order.fill(order)}>
            {say("addToOrder")}
          </Button>
        )}
        {some && prefs.delivery === "online" && (
          <Button busy={busy} tap={act.order.online}>
            {say("deliver")}
          </Button>
        )}
        <Back {...view} />
      </div>
    </div>
  );
}
