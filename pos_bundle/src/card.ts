/** What a card says of a guest: the guest part of the wire, see messages.ts and docs/messages.md. */

export type Outcome = "answered" | "missed" | "busy" | "declined" | "failed" | "voicemail" | "unknown";
export type Loyalty = "bonus" | "discount" | "none";

/** A dish of an order; `price` of one, in currency units. */
export interface OrderItem {
  product: number;
  modification_id: number;
  name: string;
  modification: string;
  count: string;
  price: string;
}

export interface PastOrder {
  id: number;
  /** The register's id of it: the millisecond at which it was opened. */
  order: number;
  at: number;
  closed: number | null;
  open: boolean;
  sum: string;
  delivery: boolean;
  address: string;
  by: string;
  spot: number;
  items: OrderItem[];
}

export type OpenStatus = "open" | "cooking" | "ready" | "on_the_way" | "delivered" | "waiting" | "accepted";

export interface RunningOrder {
  kind: "order" | "online";
  id: number;
  order: number | null;
  at: number | null;
  sum: string;
  address: string;
  spot: number;
  status: OpenStatus;
}

export type FlagKind = "vip" | "allergy" | "careful" | "prepay" | "refuse" | "note";

export interface Flag {
  /** `null`: the owner's rule says so. */
  id: number | null;
  kind: FlagKind;
  text: string;
  by: string;
  at: number;
}

/** An address: whole in one line, what leads to the door, and how to get there; its parts are the server's affair. */
export interface Place {
  text: string;
  door?: string;
  way?: string;
}

/** Somebody who may be the caller, and what says so. */
export interface Kin {
  id: number;
  name: string;
  address: string;
  why: "name" | "address" | "both";
}

export type Hint = { kind: "birthday"; days: number } | { kind: "bonus"; sum: string };

export interface Figures {
  since: number | null;
  orders: number;
  total: string;
  average: string;
  paid: string;
  from: number;
}

export type NoteOutcome = "" | "order" | "question" | "complaint" | "wrong";

/** What is known of earlier calls of a number. */
export interface Again {
  count: number;
  minutes: number;
  last: {
    call: string;
    at: number;
    outcome: Outcome;
    by: string;
    note: NoteOutcome;
    text: string;
    order: { id: number; sum: string | null } | null;
  };
}

export interface LastOrder {
  at: number;
  sum: string;
  delivery: boolean;
  items: { name: string; modification: string; count: string }[];
}

/** What older servers and the register itself don't know is missing. */
export interface GuestCard {
  id: number;
  name: string;
  phone: string;
  group: string;
  group_id: number | null;
  loyalty: Loyalty;
  /** Currency units, two decimals. */
  bonus: string | null;
  discount: string | null;
  comment: string;
  address: string;
  last_address: string;
  last_order: LastOrder | null;
  flags?: Flag[];
  hints?: Hint[];
  figures?: Figures | null;
  orders?: PastOrder[];
  usual?: (OrderItem & { times: number })[];
  open?: RunningOrder[];
  addresses?: Place[];
  numbers?: string[];
}

export interface Guest {
  stage: "searching" | "found" | "complete" | "unknown" | "failed";
  version: number;
  number: string | null;
  /** Ids of guests deleted in Poster. */
  hidden: number[];
  guests: GuestCard[];
  /** When this was last read from Poster, Unix seconds. */
  at?: number | null;
  /** Poster could not be asked now. */
  behind?: boolean;
  again?: Again | null;
}
