// The switches that make this Poster behave as badly as the real one sometimes does. They work at once.
import { get, post } from "../api.js";
import { h, redraw } from "../dom.js";
import { lang, t } from "../i18n.js";
import { FAULTS, GROUPS } from "../words/faults.js";
import { openDrawer } from "./drawer.js";

const announce = new BroadcastChannel("sandbox");

async function set(account, change) {
  const answer = await post("faults", { account, ...change });
  announce.postMessage("faults");
  return answer;
}

const MILLISECONDS = [0, 300, 1500, 4000, 8000, 12000];
const GLOBAL = ["bare", "window", 500, 3000];

function choicesOf(name, choices, value) {
  const words = name === "poster_global" ? GLOBAL : choices;
  const list = Array.isArray(words) ? words : MILLISECONDS.filter((ms) => ms <= words.max);
  return list.some((one) => String(one) === String(value)) ? list : [value, ...list];
}

function label(value) {
  return typeof value === "number" ? `${value} ms` : value;
}

function row(account, { faults, choices, defaults }, name, redrawAll) {
  const value = faults[name];
  const typed = choicesOf(name, choices[name], value);
  const change = async (event) => redrawAll(await set(account, { [name]: typed[event.target.selectedIndex] }));
  const option = (one) => h("option", { value: one, selected: String(one) === String(value) }, label(one));
  const changed = String(value) !== String(defaults[name]);
  return h(
    changed ? "label.fault.on" : "label.fault",
    null,
    h("span", null, FAULTS[name]?.[lang] ?? name, h("code", null, name)),
    h("select", { onchange: change, "data-test": `fault-${name}` }, typed.map(option)),
  );
}

function sections(account, answer, redrawAll) {
  const known = Object.values(GROUPS).flatMap((group) => group.names);
  const rest = Object.keys(answer.faults).filter((name) => !known.includes(name));
  const groups = [
    ...Object.values(GROUPS),
    { title: { ua: "Інше", ru: "Другое", en: "Other", pl: "Inne" }, names: rest },
  ];
  return groups.map(({ title, names }) => {
    const rows = names.filter((name) => name in answer.faults).map((name) => row(account, answer, name, redrawAll));
    return rows.length ? h("fieldset", null, h("legend", null, title[lang]), rows) : null;
  });
}

export async function openFaults(account) {
  const first = await get("faults", { account });
  openDrawer("faults", t("home.faults"), () => {
    const list = h("div.faults");
    const draw = (answer) => redraw(list, sections(account, answer, draw));
    const reset = async () => draw(await set(account, { reset: true, lang }));
    draw(first);
    return h(
      "div.drawer-body",
      null,
      h("p.hint", null, t("faults.hint")),
      h("button.plain", { type: "button", onclick: reset, "data-test": "faults-reset" }, t("faults.reset")),
      list,
    );
  });
}
