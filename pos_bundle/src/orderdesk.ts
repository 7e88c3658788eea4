import { placeOf } from "./address";
import { slotOf } from "./calls";
import type { Door } from "./door";
import { say } from "./i18n";
import type { OrderItem, RunningOrder } from "./messages";
import type { Begun, Orders } from "./orders";
import type { OpenOrder, Product, Register } from "./register";
import { checked, countOf, type Dish, fill, isVague, left, type Repeat, repeatOf } from "./repeat";
import { eventOrder, productsOf } from "./shapes";
import { type Card, cardOf, type Store, type Work, workOf } from "./state";
import { clean } from "./text";

const STEP = 5;

/** Refusals that say for sure that there is no online order. */
const UNMADE = ["refused", "plan", "unavailable"];

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

  private work(card: Card, change: Partial<Work>): void {
    this.store.work(card.slot.call.id, change);
  }

  /** Opens the preview with these dishes, or with those that an order waits for. */
  repeat = (items: readonly OrderItem[]): void => {
    const card = this.idle();
    const repeat = card && card.work.repeat;
    if (card) this.look(card, repeat && repeat.begun ? repeat : repeatOf(items));
  };

  /** A dish of an older order comes to the chosen ones, or goes from them. */
  take = (item: OrderItem): void => {
    const card = this.idle();
    if (!card) return;
    const items = card.work.repeat ? card.work.repeat.items : [];
    const rest = items.filter((one) => one !== item);
    this.work(card, { repeat: repeatOf(rest.length < items.length ? rest : rest.concat(item)) });
  };

  /** A dish of the preview is wanted, or not. */
  toggle = (dish: Dish): void => {
    const card = this.idle();
    if (card) this.dishes(card, (one) => (one === dish ? { ...one, chosen: !one.chosen } : one));
  };

  /** To the preview, with what the menu says of these dishes today: first the register's, then the server's. */
  private async look(card: Card, repeat: Repeat): Promise<void> {
    this.work(card, { repeat, panel: "repeat", notice: null });
    const { items } = repeat;
    const products = items.map(({ product }) => product);
    const own = await this.register.products(products);
    const known = own.ok ? own.value : [];
    const check = (server: readonly Product[]) => this.dishes(card, (dish) => checked(dish, known, server), items);
    if (own.ok) check([]);
    if (own.ok && !items.some((item) => isVague(known, item))) return;
    const reply = await this.door.ask("menu", { products });
    const server = reply.ok && productsOf(reply);
    if (server) check(server);
    else if (!own.ok) this.work(card, { notice: "unchecked" });
  }

  /** Not while an order is filled with them; the truth about `items` only as long as they are looked at. */
  private dishes({ slot: { call } }: Card, change: (dish: Dish) => Dish, items?: Repeat["items"]): void {
    const { repeat } = workOf(this.store.get(), call.id);
    if (repeat && !repeat.begun && (!items || repeat.items === items))
      this.store.work(call.id, { repeat: { ...repeat, dishes: repeat.dishes.map(change) } });
  }

  /** The chosen dishes go into a new order or into the one on the screen; or the rest of them, after a stop. */
  fill = async (into: OpenOrder | null): Promise<void> => {
    const card = this.idle();
    const repeat = card && card.work.repeat;
    if (!card || !repeat || !left(repeat).length) return;
    const call = card.slot.call.id;
    this.work(card, { busy: true, notice: null });
    const begun = repeat.begun || (await this.orders.begin(call, card.guest, into ? into.id : 0));
    if (!begun) return;
    const { stopped, repeat: now } = await fill(this.register, repeat, begun);
    this.work(card, { repeat: now });
    if (stopped) this.orders.fail(call, stopped.unclear ? "fillUnclear" : "fillStopped", missing(stopped));
    else await this.over(card, now, begun);
  };

  /** Nothing more is added: the order stays as it is. */
  leave = async (): Promise<void> => {
    const card = this.idle();
    const repeat = card && card.work.repeat;
    if (!card || !repeat || !repeat.begun) return;
    this.work(card, { busy: true, notice: null });
    await this.over(card, repeat, repeat.begun);
  };

  /** Says exactly what was added and what was not. */
  private async over(card: Card, repeat: Repeat, begun: Begun): Promise<void> {
    const { words } = this.store.get();
    const added = repeat.dishes.filter(({ got }) => got).map((dish) => named(dish, dish.got));
    const not = left(repeat).concat(repeat.dishes.filter(({ bar }) => bar));
    const sentences = [
      added.length && say(words, "added", added.join(", ")),
      not.length && say(words, "notAdded", not.map(missing).join(", ")),
    ];
    this.work(card, { repeat: null, panel: null });
    this.orders.tell(sentences.filter(Boolean).join(". "));
    await this.orders.finish(card.slot.call.id, card.guest, begun);
  }

  /** The chosen dishes as an online order with an address of its own. */
  online = async (): Promise<void> => {
    const card = this.idle();
    const repeat = card && card.work.repeat;
    if (!card || !repeat) return;
    const { guest, work, slot } = card;
    const { id: call, from: number } = slot.call;
    this.work(card, { busy: true, notice: null });
    const reply = await this.door.ask<{ id: number }>("online", {
      call,
      number,
      guest: guest ? guest.id : 0,
      name: guest ? guest.name : "",
      place: placeOf(card, guest),
      lines: left(repeat).map(({ item }) => item),
      minutes: work.due ? this.orders.minutes(work.minutes) : 0,
    });
    if (reply.ok) {
      this.orders.tell(say(this.store.get().words, "onlineMade", `${reply.id}`));
      this.orders.done(call);
    } else this.orders.fail(call, UNMADE.includes(reply.error) ? "onlineFailed" : "onlineUnclear");
  };

  /** Five minutes more or less; 0: the promise goes into the order, or does not. */
  promise = (steps: number): void => {
    const card = this.idle();
    if (!card) return;
    const { due } = card.work;
    const minutes = Math.max(STEP, this.orders.minutes(card.work.minutes) + STEP * steps);
    const next = !steps === !due ? Date.now() / 1000 + 60 * minutes : 0;
    this.work(card, { minutes, due: next });
    if (due || next) this.written(card);
  };

  /** Into the comment at once when the guest's order is on the screen. */
  private async written({ guest, slot }: Card): Promise<void> {
    const { order } = this.store.get();
    if (!guest || !order || order.client !== guest.id) return;
    const what = await this.orders.dress(slot.call.id, guest, { id: order.id, into: true });
    if (what) this.orders.fail(slot.call.id, "commentFailed", what);
  }

  /** To an order that goes on. A register can't be told to show it: when it is not on the screen, its place is said. */
  goTo = async (running: RunningOrder): Promise<void> => {
    const card = this.idle();
    if (!card || !card.guest) return;
    const order = await this.orders.look();
    if (order && order.id === running.order) await this.orders.add(card.slot.call.id, card.guest);
    else this.work(card, { notice: running.kind === "online" ? "inOnline" : "inOpen", what: `${running.id}` });
  };

  /** An order was opened on the screen or paid, by whoever it was. */
  moved = async (event: unknown): Promise<void> => {
    const orders = [eventOrder(event), await this.orders.look()];
    const { parked } = this.store.get();
    if (parked && orders.some((order) => order && order.id === parked.id)) this.store.set({ parked: null });
  };
}

/** `Margherita × 2` */
const named = ({ item }: Dish, count: number) => `${clean(item.name, 40)} × ${Number(count.toFixed(3))}`;

const missing = (dish: Dish) => named(dish, countOf(dish) - dish.got);
