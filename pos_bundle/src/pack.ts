import { LANGUAGES, type Words } from "./i18n";
import { isObject, parsed } from "./messages";

/** Words and looks that the server brings with its greeting. Kept where the register allows it, until they change. */

const KEY = "dzvinok.words";

interface Kept {
  version: string;
  words: object;
  look?: string;
}

const keptOf = (value: unknown): Kept | null =>
  isObject(value) && typeof value.version === "string" && isObject(value.words) ? (value as unknown as Kept) : null;

let kept: Kept | null = null;

/** What this register has already: its version names the language too. */
export function version(): string {
  try {
    kept = kept || keptOf(parsed(localStorage.getItem(KEY)));
  } catch (_) {
    // Storage is closed to us: the server sends them each time.
  }
  return kept ? kept.version : "";
}

export function keep(pack: unknown): void {
  kept = keptOf(pack) || kept;
  try {
    localStorage.setItem(KEY, JSON.stringify(kept));
  } catch (_) {
    // As above.
  }
}

/** Everything that we can say in a language. */
export function words(lang: string): Words {
  const more = version().startsWith(`${lang}-`) && kept ? kept.words : {};
  return { ...(LANGUAGES[lang] as Words), ...more };
}

/** How what is said with these words looks. */
export const look = () => (version() && kept && kept.look) || "";
