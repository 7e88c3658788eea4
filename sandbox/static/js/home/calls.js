// Calls in progress, as the switchboard sees them, with what a person at either end could do.
import { h } from "../dom.js";
import { icon } from "../icon.js";
import { clock, t } from "../i18n.js";

function who(call, { callers }) {
  const known = callers.find((one) => one.from === call.from && one.name);
  return known?.name || call.from || t("caller.noNumber");
}

const CHIPS = 3;

/** Lines of people first; a switchboard with many lines keeps the rest in a list. */
function lineChips(call, lines, verb, act) {
  const free = lines.filter((one) => one.line !== call.line).sort((a, b) => Boolean(b.name) - Boolean(a.name));
  const go = (line) => act(verb, { call: call.id, line });
  const chip = ({ line, name }) =>
    h(
      "button.line-chip",
      { type: "button", onclick: () => go(line), "data-test": `${verb}-${line}` },
      icon("phone", 16),
      h("b", null, line),
      name.split(" ")[0],
    );
  const option = ({ line, name }) => h("option", { value: line }, name ? `${line} · ${name}` : line);
  const rest = free.slice(CHIPS);
  const more = h(
    "select.more-lines",
    { onchange: (event) => go(event.target.value), "aria-label": t(`call.${verb}`), "data-test": `${verb}-more` },
    h("option", { value: "" }, t(`call.${verb}`)),
    rest.map(option),
  );
  return h(
    "div.line-chips",
    { role: "group", "aria-label": t(`call.${verb}`), "data-verb": verb },
    free.slice(0, CHIPS).map(chip),
    rest.length ? more : null,
  );
}

function button(name, className, run) {
  return h(`button.${className}`, { type: "button", onclick: run, "data-test": `call-${name}` }, t(`call.do.${name}`));
}

/** Less common ends of a call, by the company's own word for them. */
function otherEnds(call, act) {
  const end = (event) => event.target.value && act("hangup", { call: call.id, disposition: event.target.value });
  const option = (word) => h("option", { value: word }, word);
  return h(
    "select",
    { onchange: end, "aria-label": t("call.otherEnd"), "data-test": "disposition" },
    h("option", { value: "" }, t("call.otherEnd")),
    call.ends[call.state].map(option),
  );
}

function ringing(call, facts, act) {
  const many = call.rings.length > 1;
  return [
    many ? h("p", null, t("call.rings", { lines: call.rings.join(", ") })) : null,
    lineChips(call, facts.lines, "answer", act),
    h(
      "div.call-buttons",
      null,
      button("miss", "end", () => act("miss", { call: call.id })),
      otherEnds(call, act),
    ),
  ];
}

function answered(call, facts, act) {
  return [
    lineChips(call, facts.lines, "transfer", act),
    h(
      "div.call-buttons",
      null,
      button("hangup", "end", () => act("hangup", { call: call.id })),
      call.ends.answered.length > 1 ? otherEnds(call, act) : null,
    ),
  ];
}

const CONTROLS = { ringing, answered };

function card(call, facts, act) {
  const line = call.line ? t("call.onLine", { line: call.line }) : "";
  const state = call.state === "ended" ? `${t("call.ended")} ${call.disposition ?? ""}` : t(`call.${call.state}`);
  return h(
    "article.call",
    { "data-state": call.state, "data-test": `call-${call.state}`, "data-call": call.id },
    h(
      "header",
      null,
      h("i.pulse", { "aria-hidden": "true" }),
      h("b", null, who(call, facts)),
      h("small", null, clock(call.started)),
    ),
    h("p", null, [call.company, t(`kind.${call.kind}`), state, line, call.did].filter(Boolean).join(" · ")),
    call.name ? h("p.named", null, t("call.named", { name: call.name })) : null,
    CONTROLS[call.state]?.(call, facts, act),
  );
}

export function callCards(facts, act) {
  return facts.calls.slice(0, 4).map((call) => card(call, facts, act));
}
