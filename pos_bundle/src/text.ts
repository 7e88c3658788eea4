import type { State } from "./state";

/** Text for the eye. What comes from a phone line or from a guest list is hostile until it went through `clean`. */

/** Control characters, marks that turn the direction of text, and characters without a width. */
const HARMFUL = [0, 31, 127, 159, 0x61c, 0x61c, 0x200b, 0x200f, 0x2028, 0x202e, 0x2060, 0x206f, 0xfeff, 0xfeff];

function isHarmless(letter: string): boolean {
  const code = letter.charCodeAt(0);
  for (let place = 0; place < HARMFUL.length; place += 2)
    if (code >= (HARMFUL[place] as number) && code <= (HARMFUL[place + 1] as number)) return false;
  return true;
}

/** One harmless line of at most `length` letters. */
export function clean(text: unknown, length = 80): string {
  if (typeof text !== "string") return "";
  const cut = Array.from(text.slice(0, 8 * length).replace(/\s+/g, " ")).filter(isHarmless);
  return cut.length > length ? `${cut.slice(0, length).join("")}…` : cut.join("").trim();
}

/** `"345.00"` as `345 ₴`, `"10.50"` as `10.50 ₴`, `"12345.00"` as `12 345 ₴`. */
export const money = (sum: string, currency: string) =>
  `${clean(sum, 20)
    .replace(/\.00$/, "")
    .replace(/\d(?=(\d{3})+(\.|$))/g, "$&\u00a0")} ${clean(currency, 8)}`.trim();

/** A sum in the restaurant's own money. */
export const pay = (sum: string | null, { account }: Pick<State, "account">) =>
  sum ? money(sum, account ? account.currency : "") : "";

/** What there is to say, in one line. */
export const dots = (...texts: unknown[]) => texts.filter(Boolean).join(" · ");

const LOCALES: { [lang: string]: string } = { ua: "uk", ru: "ru", pl: "pl" };

function written(seconds: number, lang: string, options: Intl.DateTimeFormatOptions): string {
  try {
    return new Date(seconds * 1000).toLocaleString(LOCALES[lang] || "en-GB", options);
  } catch (_) {
    return "";
  }
}

const DAY: Intl.DateTimeFormatOptions = { day: "numeric", month: "long" };
const CLOCK: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit" };

/** Hours and minutes. */
export const clock = (seconds: number, lang: string) => written(seconds, lang, CLOCK);

/** Day and month; the year when it is another one. */
export function day(seconds: number, lang: string): string {
  const year = (value: number) => new Date(value).getFullYear();
  const other = year(seconds * 1000) !== year(Date.now());
  return written(seconds, lang, other ? { ...DAY, year: "numeric" } : DAY);
}

/** The clock for today, day and clock for earlier. */
export function moment(seconds: number, lang: string): string {
  const today = new Date().toDateString() === new Date(seconds * 1000).toDateString();
  return written(seconds, lang, today ? CLOCK : { day: "numeric", month: "short", ...CLOCK });
}

/** Seconds as `2:05`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
