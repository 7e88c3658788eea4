import { type Group, type GuestCard, isObject, PROTOCOL } from "./messages";
import type { NewGuest, Reply } from "./register";

/** The server's signed door: questions that Poster carries and signs. */

export interface Identity {
  bundle: string;
  employee: number | null;
  lang: string;
}

export interface Refusal {
  ok: false;
  /** A word of docs/messages.md, or `offline` when no answer came. */
  error: string;
  guest?: { guests: GuestCard[]; hidden: number[] };
  by?: string;
}

export type Hello = { ok: true; ticket: string; socket: string; message: unknown; pack?: unknown } | Refusal;
export type Found = { ok: true; guest: { guests: GuestCard[]; hidden: number[] } } | Refusal;
export type Groups = { ok: true; groups: Group[] } | Refusal;
export type Created = { ok: true; id: number } | Refusal;

export interface Door {
  /** With the version of the words that are here. */
  hello(words: string): Promise<Hello>;
  /** Any verb of docs/messages.md. */
  ask<T>(verb: string, body: object): Promise<(T & { ok: true }) | Refusal>;
  find(number: string): Promise<Found>;
  groups(): Promise<Groups>;
  create(guest: NewGuest): Promise<Created>;
}

type Request = (url: string, data: object, timeout: number) => Promise<Reply>;

const READ = 10000;
/** Poster's way to us may take 12 s on a bad day: better late than never. */
const GREETING = 15000;
const WRITE = 20000;
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

export function nonce(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(24));
  return Array.from(bytes, (byte) => ALPHABET.charAt(byte & 63)).join("");
}

/** Base64url of JSON: letters that every signer writes alike. */
export function envelope(value: object): { p: string } {
  const bytes = encodeURIComponent(JSON.stringify(value)).replace(/%(..)/g, (_, hex) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return { p: btoa(bytes).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "") };
}

function replied<T>({ code, body }: Reply): T | Refusal {
  const known = isObject(body) && (body.ok === true || (body.ok === false && typeof body.error === "string"));
  if (known && (code === 200 || body.ok === false)) return body as unknown as T;
  return { ok: false, error: "offline" };
}

export function createDoor(address: string, account: () => string, identity: () => Identity, request: Request): Door {
  async function ask<T>(verb: string, more: object, timeout: number): Promise<T | Refusal> {
    const name = account();
    if (!name) return { ok: false, error: "offline" };
    const body = { nonce: nonce(), protocol: PROTOCOL, ...identity(), ...more };
    return replied<T>(await request(`${address}/pos/${name}/${verb}`, envelope(body), timeout));
  }
  return {
    hello: (words) => ask<Hello>("hello", { words }, GREETING),
    ask: (verb, body) => ask(verb, body, WRITE),
    find: (number) => ask<Found>("find", { number }, READ),
    groups: () => ask<Groups>("groups", {}, READ),
    create: (guest) => ask<Created>("create", guest, WRITE),
  };
}
