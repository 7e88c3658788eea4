import type en from "./en";

/** English names the words; the other languages must have the same. */
export type Word = keyof typeof en;
export type Words = { [word in Word]: string };
