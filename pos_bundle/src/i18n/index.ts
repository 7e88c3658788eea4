import type { Call } from "../messages";
import { clean } from "../text";
import en from "./en";
import pl from "./pl";
import ru from "./ru";
import ua from "./ua";
import type { Word, Words } from "./words";

export type { Word, Words };

export const LANGUAGES: { [lang: string]: Words } = { ua, ru, en, pl };

/** Poster's own codes, `uk` for those who write Ukrainian so; anything else reads English. */
export function language(code: string): string {
  const lang = code.toLowerCase() === "uk" ? "ua" : code.toLowerCase();
  return Object.keys(LANGUAGES).indexOf(lang) < 0 ? "en" : lang;
}

/** `{0}` is where the name or the number goes. */
export const say = (words: Words, word: Word, what = "") => (words[word] || word).replace("{0}", () => what);

/** Who has a call that is not ours any more, or where it rings now. */
export function whereabouts({ answered_by: by, line }: Call, say: (word: Word, what?: string) => string): string {
  const extension = clean((by && by.line) || line, 20);
  if (!by) return say("wentTo", extension);
  return say("answeredBy", clean(by.name, 40) || say("line", extension));
}
