// The language switch: four links, so that it works with a keyboard, a middle click and no state.
import { h } from "./dom.js";
import { inLanguage, LANGS, lang, t } from "./i18n.js";

const NAMES = { ua: "Українська", ru: "Русский", en: "English", pl: "Polski" };

/** @param before what to finish before the page is left for the chosen language */
export function drawLanguages(place, before = null) {
  const go = (code) => async (event) => {
    if (!before || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    await before(code);
    location.href = inLanguage(code);
  };
  const link = (code) =>
    h(
      "a",
      {
        href: inLanguage(code),
        onclick: go(code),
        title: NAMES[code],
        lang: code === "ua" ? "uk" : code,
        "aria-current": code === lang && "true",
        "data-test": `lang-${code}`,
      },
      code.toUpperCase(),
    );
  place.setAttribute("aria-label", t("language"));
  place.replaceChildren(...LANGS.map(link));
}
