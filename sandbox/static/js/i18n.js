// Words of the sandbox's pages. The language is the page's: <html lang>, where Ukrainian is `uk` but Poster says `ua`.
import en from "./words/en.js";
import pl from "./words/pl.js";
import ru from "./words/ru.js";
import ua from "./words/ua.js";

const WORDS = { ua, ru, en, pl };
const LOCALES = { ua: "uk-UA", ru: "ru-RU", en: "en-GB", pl: "pl-PL" };

export const LANGS = Object.keys(WORDS);
export const lang = document.documentElement.dataset.lang in WORDS ? document.documentElement.dataset.lang : "en";
export const locale = LOCALES[lang];

export function t(key, values = {}) {
  const text = WORDS[lang][key] ?? en[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** Fills every `data-t="key"` of a server-rendered page (and `data-t-label`, `data-t-placeholder`). */
export function translate(root = document) {
  for (const element of root.querySelectorAll("[data-t]")) element.textContent = t(element.dataset.t, element.dataset);
  for (const element of root.querySelectorAll("[data-t-label]"))
    element.setAttribute("aria-label", t(element.dataset.tLabel));
}

export const clock = (seconds) =>
  new Date(seconds * 1000).toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit", second: "2-digit" });

export function money(amount, symbol) {
  return `${Number(amount).toLocaleString(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 })} ${symbol}`;
}

/** Address of this page in another language. */
export function inLanguage(code) {
  const url = new URL(location.href);
  url.searchParams.set("lang", code);
  return url.href;
}
