import { slotOf, typed } from "./calls";
import type { Door } from "./door";
import { searchable } from "./guests";
import type { Guest, Kin, Message } from "./messages";
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

/** Whoever types a house has done with the street. */
const HOUSE = /[\s,]\d\S*\s*$/;

/** What a cashier does about the guest in front: addresses, who may be the same. */
export class GuestDesk {
  private timers: { [verb: string]: number } = {};
  /** Guests who are not the caller: the cashier said so. */
  private strangers: string[] = [];

  constructor(
    private door: Pick<Door, "ask">,
    private store: Store,
  ) {}

  /** Facts that come while a card is being read find their places kept. */
  heard(message: Message): void {
    const card = message.type === "guest" ? this.card(message.call) : null;
    if (card && card.guest && isIncomplete(card) && Date.now() / 1000 - card.slot.heard > SEEN)
      this.work(card, { waited: true });
  }

  /** A new guest's form was typed in. */
  typed(call: string, { name, address }: Draft, change: Partial<Draft>): void {
    const card = this.card(call);
    if (!card) return;
    this.suggest(card, change.address);
    if (change.name === undefined && change.address === undefined) return;
    const number = card.slot.call.from;
    const enough = name.trim().length >= SHORTEST_NAME || address.trim().length >= SHORTEST_ADDRESS;
    const who = searchable(number) && enough && { number, name, address };
    this.work(card, { kin: [] });
    this.rest<{ guests: Kin[] }>("same", KIN_REST, who, ({ guests }) =>
      this.work(card, { kin: guests.filter(({ id }) => this.strangers.indexOf(call + id) < 0) }),
    );
  }

  /** `undefined`: another field is typed in. */
  private suggest(card: Card, typed = ""): void {
    const text = HOUSE.test(typed) ? "" : typed.trim();
    this.work(card, { streets: [] });
    this.rest<{ streets: string[] }>(
      "streets",
      STREET_REST,
      text.length >= SHORTEST_STREET && { text },
      ({ streets }) => this.work(card, { streets: streets.indexOf(text) < 0 ? streets.slice(0, 8) : [] }),
    );
  }

  /** Not this one: the next who looks alike. */
  stranger = (): void => {
    const card = this.card();
    const [one, ...kin] = card ? card.work.kin : [];
    if (!card || !one) return;
    this.strangers.push(card.slot.call.id + one.id);
    this.work(card, { kin });
  };

  /** The caller's number is another number of this guest. */
  join = async (guest: number): Promise<void> => {
    const card = this.card();
    if (!card || card.work.busy) return;
    this.work(card, { busy: true, notice: null });
    const reply = await this.door.ask<{ guest: Guest }>("join", { guest, number: card.slot.call.from });
    this.work(card, { busy: false, notice: reply.ok ? "joined" : "notSaved" });
    if (!reply.ok) return;
    const { id } = card.slot.call;
    const { draft } = workOf(this.store.get(), id);
    const text = clean(draft && draft.address, 200);
    this.work(card, { offered: reply.guest.guests, chosen: guest, draft: null, kin: [], streets: [] });
    if (text) {
      this.work(card, { place: { text } });
      this.door.ask("place", { guest, place: { text } });
    }
    this.typing(card, false);
  };

  /** Asks when the fingers rest, if there is anything to ask; the newest question wins. */
  private rest<T>(verb: string, ms: number, body: object | false, then: (reply: T) => void): void {
    clearTimeout(this.timers[verb]);
    const timer = window.setTimeout(async () => {
      const reply = body && (await this.door.ask<T>(verb, body));
      if (reply && reply.ok && timer === this.timers[verb]) then(reply);
    }, ms);
    this.timers[verb] = timer;
  }

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
}
