import { h } from "../paint";
import { Button } from "../parts/button";
import { Frame } from "../parts/frame";
import { Item } from "../parts/history";
import { PromiseTime } from "../parts/promise";
import type { CardView } from "../parts/view";
import { countOf, type Dish, left, type Repeat, wanted } from "../repeat";
import { money } from "../text";

/** What would be ordered, and the truth about it: what is still there, what it costs now, what can't be carried over. */
export function RepeatPanel(view: CardView) {
  const { card, say } = view;
  const { repeat } = card.work;
  if (!repeat) return <Frame {...view} title={say("repeat")} footer={<Back {...view} />} />;
  return (
    <Frame {...view} title={say("repeat")} footer={<Decision {...view} repeat={repeat} />}>
      {repeat.unchecked && <p class="note">{say("unchecked")}</p>}
      {repeat.dishes.map((dish, place) => (
        <Row {...view} dish={dish} key={place} begun={!!repeat.begun} />
      ))}
      {!repeat.begun && <PromiseTime {...view} />}
    </Frame>
  );
}

function Row({ dish, begun, state, act, say }: CardView & { dish: Dish; begun: boolean }) {
  const { item, bar, plain, chosen, got } = dish;
  const off = bar || begun;
  const note = bar ? say(bar) : plain ? say("plainDish") : "";
  return (
    <button
      type="button"
      class={bar ? "row pick off" : "row pick"}
      aria-pressed={begun ? got >= countOf(dish) : chosen && !bar}
      aria-disabled={!!off}
      onclick={() => !off && act.order.toggle(dish)}
    >
      <span class="caller">
        <b>
          <Item item={plain ? { ...item, modification: "" } : item} />
        </b>
        {note && <span>{note}</span>}
      </span>
      {!bar && <span>{prices(dish, state.account ? state.account.currency : "")}</span>}
    </button>
  );
}

/** `172.50 → 185 ₴` */
function prices({ item, price }: Dish, currency: string): string {
  const then = Number(item.price);
  const now = price === null ? then : price;
  const before = then && then !== now ? `${money(then.toFixed(2), "")} → ` : "";
  return before + money(now.toFixed(2), currency);
}

const sumOf = (repeat: Repeat) =>
  wanted(repeat).reduce((sum, dish) => sum + countOf(dish) * (dish.price || Number(dish.item.price)), 0);

const Back = ({ act, say }: CardView) => <Button tap={() => act.panel(null)}>{say("back")}</Button>;

const Nothing = (view: CardView) => (
  <div>
    <p class="notice">{view.say("nothingLeft")}</p>
    <div class="buttons">
      <Back {...view} />
    </div>
  </div>
);

function Decision(view: CardView & { repeat: Repeat }) {
  const { repeat, card, state, act, say } = view;
  const { busy } = card.work;
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
  const { order, prefs, account } = state;
  const mine = order && (!order.client || (card.guest && order.client === card.guest.id));
  const sum = money(sumOf(repeat).toFixed(2), account ? account.currency : "");
  if (!left(repeat).length) return <Nothing {...view} />;
  return (
    <div class="buttons">
      <Button kind="main" busy={busy} tap={() => act.order.fill(null)}>
        {say("newOrder")} · {sum}
      </Button>
      {mine && (
        <Button busy={busy} tap={() => act.order.fill(order)}>
          {say("addToOrder")}
        </Button>
      )}
      {prefs.delivery === "online" && (
        <Button busy={busy} tap={act.order.online}>
          {say("deliver")}
        </Button>
      )}
      <Back {...view} />
    </div>
  );
}
