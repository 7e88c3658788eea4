/** The wire between a register and the server, protocol 1: the twin of server/messages.py, described in docs/messages.md. */

import type { FlagKind, Guest, NoteOutcome, Outcome } from "./card";

export type * from "./card";

export const PROTOCOL = 1;

export type CallState = "ringing" | "answered" | "ended";

export interface Answerer {
  line: string;
  employee: number | null;
  name: string;
}

export interface Call {
  id: string;
  version: number;
  state: CallState;
  mine: boolean;
  /** E.164, `null` when withheld, or what the phone company sent when nobody could parse it. */
  from: string | null;
  shown: string;
  masked: string;
  /** What the phone company calls the caller: hostile text. */
  name: string;
  line: string | null;
  outcome: Outcome | null;
  answered_by: Answerer | null;
  /** Unix seconds. */
  started: number;
  answered: number | null;
  ended: number | null;
  test: boolean;
  /** `false`: this number never opens a card by itself. */
  pop?: boolean;
  /** Number and name are hidden until somebody answers. */
  veiled?: boolean;
  held?: boolean;
  /** The number that was called, where the restaurant has several. */
  brand?: string;
}

/** Somebody who called in vain and waits. */
export interface Missed {
  id: number;
  call: string;
  from: string;
  shown: string;
  masked: string;
  name: string;
  guest: number | null;
  flags: FlagKind[];
  open: boolean;
  paid: string;
  calls: number;
  first: number;
  at: number;
  line: string | null;
  claimed: { employee: number | null; name: string; at: number } | null;
  late: boolean;
}

export interface Talk {
  call: string;
  line: string;
  employee: number | null;
  name: string;
  masked: string;
  since: number;
  held: boolean;
}

/** Orders of the spot that are open now, and the minutes to promise. */
export interface Load {
  open: number;
  minutes: number;
}

/** The owner's choices. */
export interface Prefs {
  grace: number;
  pop?: "ring" | "answer";
  quiet?: boolean;
  veil?: boolean;
  delivery?: "comment" | "online";
  booking?: boolean;
}

export interface Person {
  id: number;
  name: string;
  lines: string[];
}

export interface Row {
  call: string;
  from: string | null;
  shown: string;
  name: string;
  at: number;
  outcome: Outcome;
  line: string | null;
  by: string;
  test: boolean;
  note?: NoteOutcome;
}

export interface Group {
  id: number;
  name: string;
}

export interface Snapshot {
  type: "snapshot";
  protocol: number;
  at: number;
  account: { name: string; country: string; code: number; currency: string; lang: string };
  employee: Person | null;
  register: Person | null;
  settings: Prefs;
  calls: { call: Call; guest: Guest | null }[];
  recent: Row[];
  missed?: Missed[];
  talking?: Talk[];
  load?: Load | null;
}

export type Message =
  | Snapshot
  | { type: "call"; call: Call }
  | { type: "guest"; call: string; guest: Guest }
  | { type: "lines"; employee: Person | null; register: Person | null }
  | { type: "recent"; row: Row }
  | { type: "missed"; list: Missed[] }
  | { type: "talking"; list: Talk[] }
  | ({ type: "load" } & Load)
  | { type: "ping" };

export type Outgoing =
  | { type: "hello"; ticket: string; protocol: number; bundle: string; employee: number | null; lang: string }
  | { type: "employee"; employee: number | null }
  | { type: "look"; call: string }
  | { type: "pong" };

type Loose = { [key: string]: unknown };

export const isObject = (value: unknown): value is Loose => typeof value === "object" && value !== null;

const isCall = (value: unknown) =>
  isObject(value) &&
  typeof value.id === "string" &&
  typeof value.version === "number" &&
  typeof value.state === "string";

const isGuest = (value: unknown) =>
  isObject(value) && typeof value.version === "number" && Array.isArray(value.guests) && Array.isArray(value.hidden);

const isSnapshot = (message: Loose) =>
  isObject(message.account) &&
  isObject(message.settings) &&
  typeof message.at === "number" &&
  Array.isArray(message.recent) &&
  Array.isArray(message.calls) &&
  message.calls.every((entry) => isObject(entry) && isCall(entry.call) && (!entry.guest || isGuest(entry.guest)));

const GUARDS: { [type: string]: (message: Loose) => boolean } = {
  snapshot: isSnapshot,
  call: (message) => isCall(message.call),
  guest: (message) => typeof message.call === "string" && isGuest(message.guest),
  lines: () => true,
  recent: (message) => isObject(message.row) && typeof message.row.call === "string",
  missed: (message) => Array.isArray(message.list),
  talking: (message) => Array.isArray(message.list),
  load: (message) => typeof message.open === "number",
  ping: () => true,
};

/** A message that we understand, or `null`: unknown types and broken shapes are silence. */
export function readMessage(data: unknown): Message | null {
  const value = parsed(data);
  if (!isObject(value)) return null;
  const guard = GUARDS[String(value.type)];
  return typeof guard === "function" && guard(value) === true ? (value as unknown as Message) : null;
}

/** Text that should be JSON as its value; a value that is already one stays as it is. */
export function parsed(data: unknown): unknown {
  if (typeof data !== "string") return data;
  try {
    return JSON.parse(data);
  } catch (_) {
    return null;
  }
}
