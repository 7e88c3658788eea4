import { describe, expect, test } from "vitest";
import { LANGUAGES, language, say, type Words } from "../src/i18n";
import { clean, duration, money } from "../src/text";
import en from "../words/en.json";
import pl from "../words/pl.json";
import ru from "../words/ru.json";
import ua from "../words/ua.json";

describe("clean", () => {
  test("takes out control characters and marks that turn the text around", () => {
    expect(clean("Ole\u0000na\u202E\u200B \u2066Kovalenko\uFEFF")).toBe("Olena Kovalenko");
  });
  test("keeps letters of every language, and markup as letters", () => {
    expect(clean("Ґанна Ёжикова Łucja <b>")).toBe("Ґанна Ёжикова Łucja <b>");
  });
  test("cuts what is too long, in whole letters", () => {
    expect(clean("🍕".repeat(100), 3)).toBe("🍕🍕🍕…");
    expect(clean("a".repeat(10_000)).length).toBeLessThan(100);
  });
  test("is one line", () => {
    expect(clean("a\n\n b\tc")).toBe("a b c");
  });
  test("makes nothing of what is not text", () => {
    expect([null, undefined, 5, {}, []].map((value) => clean(value))).toEqual(["", "", "", "", ""]);
  });
});

test("money drops empty hundredths and keeps the others", () => {
  expect(money("345.00", "₴")).toBe("345 ₴");
  expect(money("10.50", "zł")).toBe("10.50 zł");
});

test("a talk is told in minutes and seconds, never below zero", () => {
  expect([-5, 0, 65.9, 3600].map(duration)).toEqual(["0:00", "0:00", "1:05", "60:00"]);
});

type Texts = { [word: string]: string };
const PACKS: { [lang: string]: Texts } = { en, ua, ru, pl };
const whole = (lang: string): Texts => ({ ...(LANGUAGES[lang] as unknown as Texts), ...PACKS[lang] });

describe("languages", () => {
  const english = whole("en");
  test.each(Object.keys(LANGUAGES))("%s says everything that English says, with the same gaps", (lang) => {
    const own = whole(lang);
    expect(Object.keys(own)).toEqual(Object.keys(english));
    for (const word of Object.keys(english)) {
      expect(own[word]?.trim(), word).toBeTruthy();
      expect(own[word]?.includes("{0}"), word).toBe(english[word]?.includes("{0}"));
    }
  });
  test("a word comes with the bundle or with the greeting, never with both", () => {
    expect(Object.keys(en).filter((word) => word in (LANGUAGES.en ?? {}))).toEqual([]);
  });
  test("Poster's codes are known, and anything else reads English", () => {
    expect(["ua", "uk", "RU", "pl", "en", "es", "", "constructor"].map(language)).toEqual([
      "ua",
      "ua",
      "ru",
      "pl",
      "en",
      "en",
      "en",
      "en",
    ]);
  });
  test("a name with a dollar in it is said as it is", () => {
    expect(say({ ...LANGUAGES.en, ...en } as Words, "answeredBy", "$& $1")).toBe("Answered by $& $1");
  });
});
