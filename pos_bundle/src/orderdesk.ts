import { placeOf } from "./address";
import { slotOf } from "./calls";
import type { Door } from "./door";
import { say } from "./i18n";
import type { OrderItem, RunningOrder } from "./messages";
import type { Begun, Orders } from "./orders";
import type { OpenOrder, Product, Register } from "./register";
import { checked, countOf, type Dish, fill, isVague, left, type Repeat, repeatOf } from "./repeat";
import { eventOrder, productsOf } from "./shapes";
import { type Card, cardOf, type Store, workOf } from "./state";
import { clean } from "./text";

const STEP = 5;

/** What a cashier does about orders: repeat, promise, park. All of it is about the card in front. */
export class OrderDesk {
  constructor(
    protected register: Register,
    protected door: Pick<Door, "ask">,
    protected store: Store,
    protected orders: Orders,
  ) {}

  /** The card in front, unless something is being done about it. */
  protected idle(): Card | null {
    const state = this.store.get();
    const slot = slotOf(state.calls, state.calls.front);
    const card = slot && cardOf(state, slot);
    return card && !card.work.busy ? card : null;
  }

  /** Opens the preview with these dishes. */
  repeat = (items: readonly OrderItem[]): void => {
    const card = this.idle();
    if (card) this.look(card.slot.call.id, repeatOf(items));
  };

  /** A dish of an older order comes to the chosen ones, or goes from them. */
  take = (item: OrderItem): void => {
    const card = this.idle();
    if (!card) return;
    const items = card.work.repeat ? card.work.repeat.items : [];
    const rest = items.filter((one) => one !== item);
    this.store.work(card.slot.call.id, { repeat: repeatOf(rest.length < items.length ? rest : rest.concat(item)) });
  };

  /** Opens the preview with the chosen ones. */
  preview = (): void => {
    const card = this.idle();
    if (card && card.work.repeat) this.look(card.slot.call.id, card.work.repeat);
  };

  /** A dish of the preview is wanted, or not. */
  toggle = (dish: Dish): void => {
    const card = this.idle();
    if (card && !dish.bar)
      this.dishes(card.slot.call.id, (one) => (one === dish ? { ...one, chosen: !one.chosen } : one));
  };

  /** To the preview, with what the menu says of these dishes today. */
  private async look(call: string, repeat: Repeat): Promise<void> {
    this.store.work(call, { repeat, panel: "repeat", notice: null });
    const items = repeat.dishes.map(({ item }) => item);
    const ids = items.map(({ product }) => product);
    const own = await this.register.products(ids);
    const known = own.ok ? own.value : [];
    const server = !own.ok || items.some((item) => isVague(known, item)) ? await this.menu(ids) : [];
    const now = workOf(this.store.get(), call).repeat;
    if (!now || now.dishes !== repeat.dishes) return;
    if (own.ok || server) this.dishes(call, (dish) => checked(dish, known, server || []));
    else this.store.work(call, { repeat: { ...now, unchecked: true } });
  }

  private async menu(products: readonly number[]): Promise<Product[] | null> {
    const reply = await this.door.ask<{ products: unknown }>("menu", { products });
    return reply.ok ? productsOf(reply) : null;
  }

  private dishes(call: string, change: (dish: Dish) => Dish): void {
    const { repeat } = workOf(this.store.get(), call);
    if (repeat) this.store.work(call, { repeat: { ...repeat, dishes: repeat.dishes.map(change) } });
  }

  /** The chosen dishes go into a new order or into the one on the screen; or the rest of them, after a stop. */
  fill = async (into: OpenOrder | null): Promise<void> => {
    const card = this.idle();
    const repeat = card && card.work.repeat;
    if (!card || !repeat || !left(repeat).length) return;
    const call = card.slot.call.id;
    this.store.work(call, { busy: true, notice: null });
    const begun = repeat.begun || (await this.orders.begin(call, card.guest, into ? into.id : 0));
    if (!begun) return;
    let now: Repeat = { ...repeat, begun };
    const stopped = await fill(this.register, now, begun, (dishes) => {
      now = { ...now, dishes };
      this.store.work(call, { repeat: now });
    });
    if (stopped) this.orders.fail(call, stopped.unclear ? "fillUnclear" : "fillStopped", missing(stopped));
    else await this.over(card, now, begun);
  };

  /** Nothing more is added: the order stays as it is. */
  leave = async (): Promise<void> => {
    const card = this.idle();
    const repeat = card && card.work.repeat;
    if (!card || !repeat || !repeat.begun) return;
    this.store.work(card.slot.call.id, { busy: true, notice: null });
    await this.over(card, repeat, repeat.begun);
  };

  /** Says exactly what was added and what was not. */
  private async over(card: Card, repeat: Repeat, begun: Begun): Promise<void> {
    const { words, user } = this.store.get();
    const added = repeat.dishes.filter(({ got }) => got).map((dish) => named(dish, dish.got));
    const not = left(repeat).concat(repeat.dishes.filter(({ bar }) => bar));
    const sentences = [
      added.length && say(words, "added", added.join(", ")),
      not.length && say(words, "notAdded", not.map(missing).join(", ")),
    ];
    const call = card.slot.call.id;
    this.store.work(call, { repeat: null });
    this.register.notify("Dzvinok", sentences.filter(Boolean).join(". "), user && user.id);
    await this.orders.finish(call, card.guest, begun);
  }

  /** The chosen dishes as an online order with an address of its own. */
  online = async (): Promise<void> => {
    const card = this.idle();
    const repeat = card && card.work.repeat;
    if (!card || !repeat || !left(repeat).length) return;
    const { id: call, from: number } = card.slot.call;
    this.store.work(call, { busy: true, notice: null });
    const { guest, work } = card;
    const lines = left(repeat).map(({ item: { product, modification_id, modification, count } }) => ({
      product,
      modification_id,
      modification,
      count,
    }));
    const who = guest ? { guest: guest.id, name: guest.name } : { guest: 0, name: "" };
    const minutes = work.due ? this.orders.minutes(work.minutes) : 0;
    const order = { call, number, ...who, place: placeOf(card, guest), lines, comment: "", minutes };
    const reply = await this.door.ask<{ id: number }>("online", order);
    if (!reply.ok) {
      const sure = reply.error === "refused" || reply.error === "plan" || reply.error === "unavailable";
      return this.orders.fail(call, sure ? "onlineFailed" : "onlineUnclear");
    }
    const { words, user } = this.store.get();
    this.register.notify("Dzvinok", say(words, "onlineMade", String(reply.id)), user && user.id);
    this.orders.done(call);
  };

  promise = (steps: number): void => {
    const card = this.idle();
    if (!card) return;
    const { minutes, due } = card.work;
    const next = Math.max(STEP, this.orders.minutes(minutes) + STEP * steps);
    this.store.work(card.slot.call.id, { minutes: next, due: due && Date.now() / 1000 + 60 * next });
    if (due) this.written(card);
  };

  /** The promise goes into the order of this call, now or when it is opened; or it does not. */
  promised = (): void => {
    const card = this.idle();
    if (!card) return;
    const { minutes, due } = card.work;
    this.store.work(card.slot.call.id, { due: due ? 0 : Date.now() / 1000 + 60 * this.orders.minutes(minutes) });
    this.written(card);
  };

  /** Into the comment at once when the guest's order is on the screen. */
  private async written({ guest, slot }: Card): Promise<void> {
    const { order } = this.store.get();
    if (!guest || !order || order.client !== guest.id) return;
    const what = await this.orders.dress(slot.call.id, guest, { id: order.id, into: true, joined: true });
    if (what) this.orders.fail(slot.call.id, "commentFailed", what);
  }

  /** To an order that goes on. A register can't be told to show it: when it is not on the screen, its place is said. */
  goTo = async (running: RunningOrder): Promise<void> => {
    const card = this.idle();
    if (!card || !card.guest) return;
    const order = await this.orders.look();
    const call = card.slot.call.id;
    if (order && order.id === running.order) await this.orders.add(call, card.guest);
    else this.store.work(call, { notice: running.kind === "online" ? "inOnline" : "inOpen", what: String(running.id) });
  };

  /** An order was opened on the screen, by whoever it was. */
  opened = async (): Promise<void> => {
    const order = await this.orders.look();
    const { parked } = this.store.get();
    if (order && parked && order.id === parked.id) this.store.set({ parked: null });
  };

  closed = (event: unknown): void => {
    const order = eventOrder(event);
    const { parked } = this.store.get();
    if (order && parked && order.id === parked.id) this.store.set({ parked: null });
  };
}

/** `Margherita × 2` */
const named = ({ item }: Dish, count: number) => `${clean(item.name, 40)} × ${Number(count.toFixed(3))}`;

const missing = (dish: Dish) => named(dish, countOf(dish) - dish.got);
