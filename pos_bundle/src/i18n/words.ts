import type more from "../../words/en.json";
import type en from "./en";

/** English names the words; the other languages must have the same. These the register can say by itself. */
export type CoreWord = keyof typeof en;
export type CoreWords = { [word in CoreWord]: string };
/** And these come from the server with its greeting. */
export type Word = CoreWord | keyof typeof more;
export type Words = { readonly [word in Word]?: string } & { readonly [word in CoreWord]: string };
