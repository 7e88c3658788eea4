import type { CallDesk } from "./calldesk";
import { type Calls, noCalls, type Slot } from "./calls";
import type { GuestDesk } from "./guestdesk";
import { allGuests, searchable } from "./guests";
import type { Word, Words } from "./i18n";
import type { Group, GuestCard, Kin, Load, Missed, Person, Place, Prefs, Row, Snapshot, Talk } from "./messages";
import type { OrderDesk } from "./orderdesk";
import type { LocalGuest, OpenOrder, User } from "./register";
import type { Repeat } from "./repeat";
import type { Sheet, Sheets } from "./sheets";

/** Everything that the screens draw, in one place. */

export type Link = "connecting" | "socket" | "polling" | "offline";
export type Trouble = "account" | "protocol" | "signature";

export interface Draft {
  name: string;
  group: number;
  address: string;
  comment: string;
}

/** What may lie over a card, with a way back to it. */
export type Panel = "more" | "orders" | "repeat" | "sheet";

/** What the menu shows: itself, the same over the cards, who waits for a call, what a shift leaves behind. */
export type Page = "menu" | "now" | "missed" | "handover";

/** What lies on the cashier's desk for one call. */
export interface Work {
  panel: Panel | null;
  /** The register's own matches; `null` while it searches. */
  found: readonly LocalGuest[] | null;
  /** The server's answer is overdue. */
  late: boolean;
  /** The cashier did not wait for the search. */
  skipped: boolean;
  /** Guests created here or offered because the number is theirs. */
  offered: readonly GuestCard[];
  chosen: number | null;
  draft: Draft | null;
  /** One sentence for the cashier, and what stands in its gap. */
  notice: Word | null;
  what: string;
  busy: boolean;
  /** The cashier was asked whether to replace the guest of the open order. */
  replacing: boolean;
  /** The address that the cashier chose for this call's order; see `address.ts`. */
  place: Place | null;
  /** The card was drawn before its late facts came: their places stay. */
  waited: boolean;
  /** Street suggestions for what is being typed. */
  streets: readonly string[];
  /** Who may be this caller under another number, and who is not: the cashier said so. */
  kin: readonly Kin[];
  /** Dishes that are to be ordered once more. */
  repeat: Repeat | null;
  /** Minutes to promise, when the cashier changed them. */
  minutes: number | null;
  /** When the food is promised for, 0 when it is not; and what the order's comment says of us. */
  due: number;
  written: string;
}

export interface State {
  words: Words;
  lang: string;
  link: Link;
  trouble: Trouble | null;
  user: User | null;
  /** As the server sees them; it decides about lines. */
  employee: Person | null;
  register: Person | null;
  account: Snapshot["account"] | null;
  calls: Calls;
  works: { readonly [call: string]: Work };
  groups: readonly Group[] | null;
  order: OpenOrder | null;
  /** The unfinished order that a new one was opened over. */
  parked: (OpenOrder & { name: string }) | null;
  open: boolean;
  menu: boolean;
  page: Page;
  /** What the server drew last, and what was filled in since. */
  sheet: Sheet | null;
  values: { readonly [field: string]: string };
  prefs: Prefs;
  missed: readonly Missed[];
  talking: readonly Talk[];
  load: Load | null;
  height: number;
  now: number;
}

/** What a cashier can do on the screens. */
export interface Actions {
  close(): void;
  pick(call: string): void;
  pickRow(row: Row): void;
  choose(guest: number | null): void;
  type(change: Partial<Draft>): void;
  newOrder(guest: GuestCard | null): void;
  addToOrder(guest: GuestCard): void;
  create(withOrder: boolean): void;
  /** The cashier starts without the search. */
  dontWait(): void;
  /** Lays a panel over the card in front; `null` goes back to the card. */
  panel(panel: Panel | null): void;
  page(page: Page): void;
  readonly sheets: Sheets;
  readonly guest: GuestDesk;
  readonly order: OrderDesk;
  readonly calls: CallDesk;
}

export const emptyDraft: Draft = { name: "", group: 0, address: "", comment: "" };

export const emptyWork: Work = {
  panel: null,
  found: null,
  late: false,
  skipped: false,
  offered: [],
  chosen: null,
  draft: null,
  notice: null,
  what: "",
  busy: false,
  replacing: false,
  place: null,
  waited: false,
  streets: [],
  kin: [],
  repeat: null,
  minutes: null,
  due: 0,
  written: "",
};

export const firstState = (words: Words, lang: string): State => ({
  words,
  lang,
  link: "connecting",
  trouble: null,
  user: null,
  employee: null,
  register: null,
  account: null,
  calls: noCalls,
  works: {},
  groups: null,
  order: null,
  parked: null,
  open: false,
  menu: false,
  page: "menu",
  sheet: null,
  values: {},
  prefs: { grace: 20 },
  missed: [],
  talking: [],
  load: null,
  height: 600,
  now: 0,
});

export const workOf = (state: State, call: string): Work => state.works[call] || emptyWork;

export const isTyped = ({ name, address, comment }: Draft) => !!(name || address || comment).trim();

/** A call with what is known about its guest: what a card shows. */
export interface Card {
  slot: Slot;
  work: Work;
  guests: readonly GuestCard[];
  guest: GuestCard | null;
  searching: boolean;
  /** Nobody could say whose number this is. */
  failed: boolean;
}

export function cardOf(state: State, slot: Slot): Card {
  const work = workOf(state, slot.call.id);
  const said = slot.guest;
  const server = (said ? said.guests : []).concat(work.offered);
  const guests = allGuests(server, said ? said.hidden : [], work.found || []);
  const only = guests.length === 1 ? guests[0] : undefined;
  const guest = guests.find(({ id }) => id === work.chosen) || only || null;
  const silent = !said || said.stage === "searching";
  const waiting = !work.skipped && ((silent && !work.late) || !work.found);
  const searching = searchable(slot.call.from) && !guests.length && waiting;
  const failed = !guests.length && ((silent && work.late) || (!!said && said.stage === "failed"));
  return { slot, work, guests, guest, searching, failed };
}

/** Orders and figures are still on their way. */
export const isIncomplete = ({ slot: { guest }, work }: Pick<Card, "slot" | "work">) =>
  guest ? guest.stage === "searching" || guest.stage === "found" : !work.late;

/** A tiny store: one state, told whole. */
export interface Store {
  get(): State;
  set(change: Partial<State>): void;
  work(call: string, change: Partial<Work>): void;
}

export function createStore(state: State, changed: (state: State, before: State) => void): Store {
  const store: Store = {
    get: () => state,
    set(change) {
      const before = state;
      state = { ...state, ...change };
      changed(state, before);
    },
    work(call, change) {
      store.set({ works: { ...state.works, [call]: { ...workOf(state, call), ...change } } });
    },
  };
  return store;
}
