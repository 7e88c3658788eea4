// Who calls, and where to: chosen guests, any number, outgoing and internal calls.
import { h } from "../dom.js";
import { icon } from "../icon.js";
import { t } from "../i18n.js";

const MARKS = {
  known: "guest",
  several: "guests",
  unknown: "question",
  withheld: "hidden",
  foreign: "globe",
  hostile: "warning",
};

function callerRow(caller, index) {
  const name = caller.name || t(`caller.${caller.kind}`);
  return h(
    "label.caller",
    { "data-kind": caller.kind },
    h("input", {
      type: "radio",
      name: "caller",
      value: index,
      checked: index === 0,
      "data-test": `caller-${caller.kind}`,
    }),
    h("span.mark", null, icon(MARKS[caller.kind] ?? "phone", 20)),
    h(
      "span.caller-text",
      null,
      h("b", null, name),
      h("small", null, caller.from, caller.from && " · ", t(`hint.${caller.hint}`)),
    ),
  );
}

function ownNumber() {
  const input = h("input", {
    type: "tel",
    name: "number",
    placeholder: t("dial.another"),
    "aria-label": t("dial.another"),
    autocomplete: "off",
    "data-test": "number",
  });
  const radio = h("input", { type: "radio", name: "caller", value: "own", "aria-label": t("dial.another") });
  input.addEventListener("input", () => {
    radio.checked = true;
  });
  return h("div.caller.own", null, radio, h("span.mark", null, icon("keys", 20)), input);
}

function options(list, label) {
  return list.map((one) => h("option", { value: one.number ?? one.line }, label(one)));
}

const lineLabel = ({ line, name }) => (name ? `${line} · ${name}` : line);
const didLabel = ({ number, name }) => `${number} · ${name}`;

function select(name, label, choices) {
  return h("label.field", null, h("span", null, label), h("select", { name, "data-test": name }, choices));
}

/** Who calls where; a name with code in it is the only one that the network shows by itself. */
function chosen(form, callers) {
  const { caller, number, did } = form.elements;
  if (caller.value === "own") return { from: number.value.trim(), did: did.value };
  const { from, kind, name } = callers[Number(caller.value)];
  return kind === "hostile" ? { from, did: did.value, name } : { from, did: did.value };
}

function rung(lines, group) {
  const all = h("option", { value: "" }, t("dial.all", { lines: group.join(", ") }));
  return [all, ...options(lines, lineLabel)];
}

/** Whole calls that play by themselves, each also in an order that no network should have. */
function storyRow(stories, play) {
  const option = (one, order) => h("option", { value: `${order}${one}` }, t(`story.${one}`));
  const list = h(
    "select",
    { name: "story", "aria-label": t("story.title"), "data-test": "story" },
    h("optgroup", { label: t("story.order") }, stories.map((one) => option(one, ""))),
    h("optgroup", { label: t("story.disorder") }, stories.map((one) => option(one, "~"))),
  );
  const go = () => play({ story: list.value.replace("~", ""), disturbed: list.value.startsWith("~") });
  const props = { type: "button", onclick: go, "aria-label": t("story.play"), title: t("story.play") };
  return h(
    "div.story",
    null,
    h("label.field", null, h("span", null, t("story.title")), list),
    h("button.play", { ...props, "data-test": "play" }, icon("play", 20)),
  );
}

export function incomingForm({ callers, dids, lines, group, stories, ready, missing }, act) {
  const submit = (event) => {
    event.preventDefault();
    const line = event.target.elements.rings.value;
    act("call", { ...chosen(event.target, callers), kind: "in", lines: line ? [line] : [] });
  };
  const play = (what) => act("story", { ...chosen(form, callers), ...what });
  const form = h(
    "form",
    { onsubmit: submit },
    ready ? null : h("p.strip.warn", null, t(`phone.${missing}`)),
    h(
      "div.callers",
      { role: "radiogroup", "aria-label": t("dial.who"), "data-keep-scroll": "callers" },
      callers.map(callerRow),
      ownNumber(),
    ),
    h(
      "div.dial-foot",
      null,
      h(
        "div.ends",
        null,
        select("did", t("dial.to"), options(dids, didLabel)),
        select("rings", t("dial.rings"), rung(lines, group)),
      ),
      h("button.ring", { "data-test": "ring" }, icon("phone"), t("dial.ring")),
      storyRow(stories, play),
    ),
  );
  return form;
}

export function outgoingForm({ lines }, act) {
  const submit = (event) => {
    event.preventDefault();
    const { line, to } = event.target.elements;
    const internal = lines.some((one) => one.line === to.value.trim());
    if (internal) act("call", { kind: "internal", line: line.value, from: to.value.trim() });
    else act("outgoing", { line: line.value, to: to.value.trim() });
  };
  return h(
    "form",
    { onsubmit: submit },
    h("p.hint", null, t("dial.outHint")),
    select("line", t("dial.from"), options(lines, lineLabel)),
    h(
      "label.field",
      null,
      h("span", null, t("dial.number")),
      h("input", { name: "to", type: "tel", required: true, value: "0671112233", "data-test": "to" }),
    ),
    h("button.ring", { "data-test": "dial-out" }, icon("phone"), t("dial.call")),
  );
}
