import type { GuestCard } from "./messages";
import type { LocalGuest } from "./register";

/** Which guest has a number, and one card out of the register's and the server's knowledge. */

/** Shorter numbers belong to nobody: an extension or a broken caller ID would match strangers. */
const SHORTEST = 7;
const LOCAL = 9;

export const digitsOf = (text: string) => text.replace(/\D/g, "");

export const searchable = (number: string | null): number is string => !!number && digitsOf(number).length >= SHORTEST;

/** The spellings under which a register may have stored a number; how it searches is undocumented. */
export function spellings(number: string, shown: string, code: number | null): string[] {
  const digits = digitsOf(number);
  const prefix = String(code || "");
  const national = prefix && digits.startsWith(prefix) ? digits.slice(prefix.length) : digits.slice(-LOCAL);
  const all = [`+${digits}`, digits, `0${national}`, national, digits.slice(-LOCAL), shown];
  return all.filter((text, place) => text && all.indexOf(text) === place);
}

/** Whether a phone, however it was typed into Poster, is this E.164 number. */
export function sameNumber(number: string, phone: string, code: number | null): boolean {
  const wanted = digitsOf(number);
  const had = digitsOf(phone).replace(/^0+/, "");
  if (had.length < SHORTEST) return false;
  return had === wanted || `${code || ""}${had}` === wanted || (had.length >= LOCAL && wanted.endsWith(had));
}

const FIELDS = [
  "name",
  "phone",
  "group",
  "group_id",
  "bonus",
  "discount",
  "comment",
  "address",
  "last_address",
  "last_order",
] as const;

/** The server knows more; the register fills what the server left empty. */
function merged(server: GuestCard, local: LocalGuest | undefined): GuestCard {
  if (!local) return server;
  const whole = { ...server };
  for (const field of FIELDS) Object.assign(whole, { [field]: server[field] || local[field] });
  return whole;
}

/** Guests of both sources, each once. Whoever is deleted in one of them is not shown at all. */
export function allGuests(
  server: readonly GuestCard[],
  hidden: readonly number[],
  local: readonly LocalGuest[],
): GuestCard[] {
  const deleted = hidden.concat(local.filter((guest) => guest.hidden).map((guest) => guest.id));
  const whole = server.map((guest) =>
    merged(
      guest,
      local.find((other) => other.id === guest.id),
    ),
  );
  const rest = local.filter((guest) => !server.some((other) => other.id === guest.id));
  const all = (whole as GuestCard[]).concat(rest);
  return all.filter(
    (guest, place) => !deleted.includes(guest.id) && all.findIndex((other) => other.id === guest.id) === place,
  );
}
