import { blankPlace } from "./address";
import { slotOf, typed } from "./calls";
import type { Door } from "./door";
import { searchable } from "./guests";
import type { Word } from "./i18n";
import type { Guest, GuestCard, Kin, Message, Place } from "./messages";
import type { Register } from "./register";
import { type Card, cardOf, type Draft, isIncomplete, type Store, type Work, workOf } from "./state";
import { clean } from "./text";

/** Letters that come within this time are one question. */
const STREET_REST = 150;
const KIN_REST = 600;
const SHORTEST_STREET = 2;
const SHORTEST_NAME = 3;
const SHORTEST_ADDRESS = 5;

/** Seconds after which a card has been looked at. */
const SEEN = 0.4;
const TEXT = 120;
const FIELDS = ["street", "house", "flat", "entrance", "floor", "code", "note"] as const;

/** `Sadova 5` is looked up as `Sadova`: the house is not part of a street's name. */
const HOUSE = /[\s,]+\d\S*\s*$/;

/** What a cashier does about the guest in front: addresses, who may be the same. */
export class GuestDesk {
  private streetTimer = 0;
  private kinTimer = 0;

  constructor(
    protected register: Register,
    protected door: Pick<Door, "ask">,
    protected store: Store,
  ) {}

  /** Facts that come while a card is being read find their places kept. */
  heard(message: Message): void {
    const card = message.type === "guest" ? this.card(message.call) : null;
    if (card && card.guest && isIncomplete(card) && Date.now() / 1000 - card.slot.heard > SEEN)
      this.work(card, { waited: true });
  }

  /** This address goes with the order, and is the guest's newest from now on. */
  usePlace = (place: Place): void => {
    const card = this.card();
    if (!card) return;
    this.work(card, { place, panel: null, form: null, streets: [], notice: null });
    this.typing(card, false);
    if (card.guest) this.keepPlace(card, card.guest, place);
  };

  private async keepPlace(card: Card, guest: GuestCard, { at: _, ...place }: Place): Promise<void> {
    const reply = await this.door.ask<{ addresses: Place[] }>("place", { guest: guest.id, place });
    if (reply.ok) this.learn(card, guest, { addresses: reply.addresses });
    else this.work(card, { notice: "placeLost" });
  }

  typePlace = (change: Partial<Place>): void => {
    const card = this.card();
    if (!card) return;
    const form = { ...(card.work.form || blankPlace), ...change };
    this.work(card, { form, notice: null });
    this.typing(card, true);
    if (change.street !== undefined) this.suggest(card, change.street);
  };

  savePlace = (): void => {
    const card = this.card();
    const form = card && card.work.form;
    if (!card || !form || !clean(form.street)) return void (card && this.work(card, { notice: "needStreet" }));
    const place = { ...blankPlace };
    for (const field of FIELDS) place[field] = clean(form[field], TEXT);
    this.usePlace(place);
  };

  /** A new guest's form was typed in. */
  typed(call: string, draft: Draft, change: Partial<Draft>): void {
    const card = this.card(call);
    if (!card) return;
    if (change.address !== undefined) this.suggest(card, change.address);
    else this.hush(card);
    if (change.name !== undefined || change.address !== undefined) this.wonder(card, draft);
  }

  /** A suggested street takes the place of what was typed; the house after it stays. */
  street(typed: string, street: string): string {
    const house = HOUSE.exec(typed);
    return `${clean(street)} ${house ? house[0].replace(/^[\s,]+/, "") : ""}`;
  }

  hush(card: Pick<Card, "slot" | "work">): void {
    clearTimeout(this.streetTimer);
    this.streetTimer = 0;
    if (card.work.streets.length) this.store.work(card.slot.call.id, { streets: [] });
  }

  private suggest(card: Card, text: string): void {
    const street = text.replace(HOUSE, "").trim();
    this.hush(card);
    if (street.length < SHORTEST_STREET) return;
    const timer = window.setTimeout(async () => {
      const reply = await this.door.ask<{ streets: string[] }>("streets", { text: street });
      if (timer === this.streetTimer && reply.ok) this.work(card, { streets: reply.streets.slice(0, 8) });
    }, STREET_REST);
    this.streetTimer = timer;
  }

  /** Who may this be, when not a new guest? Asked when the fingers rest. */
  private wonder(card: Card, { name, address }: Draft): void {
    clearTimeout(this.kinTimer);
    const number = card.slot.call.from;
    if (!searchable(number)) return;
    const enough = name.trim().length >= SHORTEST_NAME || address.trim().length >= SHORTEST_ADDRESS;
    this.work(card, { kin: [] });
    if (!enough) return;
    const timer = window.setTimeout(async () => {
      const reply = await this.door.ask<{ guests: Kin[] }>("same", { number, name, address });
      if (timer === this.kinTimer && reply.ok) this.work(card, { kin: reply.guests.slice(0, 5) });
    }, KIN_REST);
    this.kinTimer = timer;
  }

  /** Not this one: the next who looks alike. */
  stranger = (): void => {
    const card = this.card();
    if (!card) return;
    const [one, ...rest] = card.work.kin;
    if (one) this.work(card, { kin: rest });
  };

  /** The caller's number is another number of this guest. */
  join = async (id: number): Promise<void> => {
    const card = this.card();
    const number = card && card.slot.call.from;
    const reply = card && (await this.ask<{ guest: Guest }>(card, "join", { guest: id, number }));
    if (!card || !reply) return;
    const { draft } = workOf(this.store.get(), card.slot.call.id);
    const typed = clean(draft && draft.address, 200);
    const place = typed ? { ...blankPlace, text: typed } : null;
    this.work(card, { offered: reply.guest.guests, chosen: id, draft: null, kin: [], panel: null, place });
    this.work(card, { notice: "joined" });
    this.typing(card, false);
  };

  private card(call = this.store.get().calls.front): Card | null {
    const state = this.store.get();
    const slot = slotOf(state.calls, call);
    return slot ? cardOf(state, slot) : null;
  }

  private work(card: Card, change: Partial<Work>): void {
    this.store.work(card.slot.call.id, change);
  }

  private typing(card: Card, typing: boolean): void {
    const { calls } = this.store.get();
    this.store.set({ calls: typed(calls, card.slot.call.id, typing, Date.now() / 1000) });
  }

  /** A question that the cashier waits for; what went wrong is a sentence on the card. */
  private async ask<T>(card: Card, verb: string, body: object): Promise<T | null> {
    if (card.work.busy) return null;
    this.work(card, { busy: true, notice: null });
    const reply = await this.door.ask<T>(verb, body);
    const notice: Word | null = reply.ok ? null : "notSaved";
    this.work(card, { busy: false, notice });
    return reply.ok ? reply : null;
  }

  /** What the server answered holds until its own message comes. */
  private learn(card: Card, guest: GuestCard, change: Partial<GuestCard>): void {
    const { calls, works } = this.store.get();
    const { id } = card.slot.call;
    const others = (works[id] || card.work).offered.filter((other) => other.id !== guest.id);
    const slots = calls.slots.map((slot) =>
      slot.call.id === id && slot.guest
        ? { ...slot, guest: { ...slot.guest, guests: changed(slot.guest.guests, guest.id, change) } }
        : slot,
    );
    this.store.set({ calls: { ...calls, slots } });
    this.work(card, { offered: others.concat({ ...guest, ...change }) });
  }
}

const changed = (guests: readonly GuestCard[], id: number, change: Partial<GuestCard>) =>
  guests.map((guest) => (guest.id === id ? { ...guest, ...change } : guest));
