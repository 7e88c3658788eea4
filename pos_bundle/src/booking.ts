import { slotOf } from "./calls";
import type { Door } from "./door";
import type { Word } from "./i18n";
import { type Card, cardOf, type Store } from "./state";

/** A table from the call: when, for how many, which one. */

export interface Table {
  id: number;
  number: string;
  seats: number;
}

export interface Booking {
  /** `2026-11-23` and `19:30`, as the fields of a form have them. */
  day: string;
  time: string;
  guests: number;
  minutes: number;
  /** Free ones, once they were asked for. */
  tables: readonly Table[] | null;
  /** The one that was booked. */
  booked: Table | null;
}

const DAY = 86400;

const two = (value: number) => String(value).padStart(2, "0");

const dayOf = (date: Date) => `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;

/** The day after `days`, as a field has it. */
export const dayIn = (days: number) => dayOf(new Date(Date.now() + days * DAY * 1000));

/** The next half hour that leaves an hour to come. */
export function firstBooking(): Booking {
  const date = new Date(Math.ceil(Date.now() / 1800e3 + 2) * 1800e3);
  const time = `${two(date.getHours())}:${two(date.getMinutes())}`;
  return { day: dayOf(date), time, guests: 2, minutes: 120, tables: null, booked: null };
}

/** Unix seconds by the register's clock, 0 for what is no time. */
export function secondsOf({ day, time }: Booking): number {
  const [year = 0, month = 0, date] = day.split("-").map(Number);
  const [hours, minutes] = time.split(":").map(Number);
  return new Date(year, month - 1, date, hours, minutes).getTime() / 1000 || 0;
}

const TROUBLES: { [error: string]: Word } = {
  booking: "noBooking",
  refused: "bookFailed",
  unavailable: "noAnswer",
};

export class BookDesk {
  constructor(
    private door: Pick<Door, "ask">,
    private store: Store,
  ) {}

  private idle(): Card | null {
    const state = this.store.get();
    const slot = slotOf(state.calls, state.calls.front);
    const card = slot && cardOf(state, slot);
    return card && !card.work.busy ? card : null;
  }

  open = (): void => {
    const card = this.idle();
    if (card)
      this.store.work(card.slot.call.id, { booking: card.work.booking || firstBooking(), panel: "book", notice: null });
  };

  /** Tables that were free at another time say nothing any more. */
  change = (change: Partial<Booking>): void => {
    const card = this.idle();
    const booking = card && card.work.booking;
    if (card && booking)
      this.store.work(card.slot.call.id, { booking: { ...booking, tables: null, ...change }, notice: null });
  };

  find = async (): Promise<void> => {
    const card = this.idle();
    const booking = card && card.work.booking;
    if (!card || !booking) return;
    const call = card.slot.call.id;
    const at = secondsOf(booking);
    if (at < Date.now() / 1000) return this.store.work(call, { notice: "badTime" });
    this.store.work(call, { busy: true, notice: null });
    const { guests, minutes } = booking;
    const reply = await this.door.ask<{ tables: Table[] }>("tables", { at, guests, minutes });
    const done = { busy: false, notice: reply.ok ? null : TROUBLES[reply.error] || "noAnswer" };
    this.store.work(call, reply.ok ? { ...done, booking: { ...booking, tables: reply.tables } } : done);
  };

  /** An answer that never came may be a booking that was made: it is not tried again by itself. */
  book = async (table: Table): Promise<void> => {
    const card = this.idle();
    const booking = card && card.work.booking;
    if (!card || !booking) return;
    const { id: call, from: number } = card.slot.call;
    this.store.work(call, { busy: true, notice: null });
    const { guests, minutes } = booking;
    const who = card.guest ? { guest: card.guest.id, name: card.guest.name } : { guest: 0, name: "" };
    const wanted = { at: secondsOf(booking), guests, minutes, table: table.id, comment: "" };
    const reply = await this.door.ask("book", { call, number, ...who, ...wanted });
    const done = { busy: false, notice: reply.ok ? null : TROUBLES[reply.error] || "bookUnclear" };
    this.store.work(call, reply.ok ? { ...done, booking: { ...booking, booked: table } } : done);
  };
}
