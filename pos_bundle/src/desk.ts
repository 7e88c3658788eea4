import type { CallDesk } from "./calldesk";
import { dismissed, isLive, picked, pickedRow, type Slot, slotOf, strip, typed } from "./calls";
import type { Creating } from "./creating";
import type { GuestDesk } from "./guestdesk";
import type { Lookup } from "./lookup";
import type { GuestCard, Outgoing, Row } from "./messages";
import type { OrderDesk } from "./orderdesk";
import type { Orders } from "./orders";
import type { Popup } from "./popup";
import type { Sheets } from "./sheets";
import { type Actions, type Draft, emptyDraft, isTyped, type Page, type Panel, type Store, workOf } from "./state";

const seconds = () => Date.now() / 1000;

export interface Hands {
  store: Store;
  popup: Popup;
  lookup: Lookup;
  orders: Orders;
  creating: Creating;
  sheets: Sheets;
  guest: GuestDesk;
  order: OrderDesk;
  calls: CallDesk;
  look(): void;
  send(message: Outgoing): void;
}

/** What the cashier's taps do; all of it is about the card in front. */
export class Desk implements Actions {
  readonly sheets: Sheets;
  readonly guest: GuestDesk;
  readonly order: OrderDesk;
  readonly calls: CallDesk;

  constructor(private hands: Hands) {
    this.sheets = hands.sheets;
    this.guest = hands.guest;
    this.order = hands.order;
    this.calls = hands.calls;
  }

  private front(): Slot | undefined {
    const { calls } = this.hands.store.get();
    return slotOf(calls, calls.front);
  }

  private idle(): Slot | undefined {
    const slot = this.front();
    return slot && !workOf(this.hands.store.get(), slot.call.id).busy ? slot : undefined;
  }

  close = (): void => {
    const { store, popup } = this.hands;
    const slot = this.front();
    const { menu, page, calls } = store.get();
    if (menu && page === "now") store.set({ menu: false });
    else if (menu && page !== "menu") this.page("menu");
    else if (menu || !slot) popup.close();
    else if (workOf(store.get(), slot.call.id).panel) this.panel(null);
    else {
      const back = slot.byHand && page === "missed";
      store.set({ calls: dismissed(calls, slot.call.id), menu: back });
      if (back) this.page(page);
    }
  };

  /** The popup was closed as a whole: every card in it was seen. */
  closedAll(behindMenu: boolean): void {
    const { store } = this.hands;
    const { calls } = store.get();
    const seen = strip(calls).filter((slot) => !behindMenu || !(isLive(slot) || slot.typing));
    store.set({ calls: seen.reduce((next, slot) => dismissed(next, slot.call.id), calls) });
  }

  pick = (call: string): void => {
    const { store } = this.hands;
    const calls = picked(store.get().calls, call);
    const slot = slotOf(calls, call);
    const { draft } = workOf(store.get(), call);
    const again = slot && draft && isTyped(draft) ? typed(calls, call, true, seconds()) : calls;
    store.set({ calls: again, menu: false });
    this.hands.look();
  };

  pickRow = (row: Row): void => {
    const { store, lookup } = this.hands;
    const isNew = !slotOf(store.get().calls, row.call);
    store.set({ calls: pickedRow(store.get().calls, row, seconds()) });
    this.pick(row.call);
    const slot = this.front();
    if (isNew && slot) lookup.again(slot.call);
  };

  choose = (chosen: number | null): void => {
    const slot = this.front();
    if (!slot) return;
    const { store } = this.hands;
    store.work(slot.call.id, { chosen, draft: null, notice: null, replacing: false });
    store.set({ calls: typed(store.get().calls, slot.call.id, false, seconds()) });
  };

  type = (change: Partial<Draft>): void => {
    const slot = this.front();
    if (!slot) return;
    const { store } = this.hands;
    const draft = { ...(workOf(store.get(), slot.call.id).draft || emptyDraft), ...change };
    store.work(slot.call.id, { draft });
    store.set({ calls: typed(store.get().calls, slot.call.id, isTyped(draft), seconds()) });
    this.guest.typed(slot.call.id, draft, change);
  };

  panel = (panel: Panel | null): void => {
    const slot = this.front();
    if (!slot) return;
    const { store } = this.hands;
    store.work(slot.call.id, { panel, notice: null, ...(panel === "orders" && { repeat: null }) });
    const { draft } = workOf(store.get(), slot.call.id);
    const typing = panel ? slot.typing : !!draft && isTyped(draft);
    store.set({ calls: typed(store.get().calls, slot.call.id, typing, seconds()) });
  };

  /** A page of the menu, also over a card. */
  page = (page: Page): void => {
    const { store } = this.hands;
    store.set({ page, menu: true });
    if (page === "missed" || page === "handover") this.sheets.open(page, {});
  };

  dontWait = (): void => {
    const slot = this.front();
    if (slot) this.hands.store.work(slot.call.id, { skipped: true });
  };

  newOrder = (guest: GuestCard | null): void => {
    const slot = this.idle();
    if (slot) this.hands.orders.open(slot.call.id, guest);
  };

  addToOrder = (guest: GuestCard): void => {
    const slot = this.idle();
    if (slot) this.hands.orders.add(slot.call.id, guest);
  };

  create = async (withOrder: boolean): Promise<void> => {
    const slot = this.idle();
    if (!slot) return;
    const { creating, orders, send } = this.hands;
    const guest = await creating.create(slot.call);
    if (!guest) return;
    send({ type: "look", call: slot.call.id });
    if (withOrder) await orders.open(slot.call.id, guest);
  };
}
