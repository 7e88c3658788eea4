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

function chosenNumber(form, callers) {
  const { value } = form.elements.caller;
  if (value === "own") return form.elements.number.value.trim();
  return callers[Number(value)].from;
}

export function incomingForm({ callers, dids, hook }, act) {
  const submit = (event) => {
    event.preventDefault();
    act("call", { from: chosenNumber(event.target, callers), did: event.target.elements.did.value, kind: "in" });
  };
  return h(
    "form",
    { onsubmit: submit },
    hook ? null : h("p.strip.warn", null, t("phone.noHook")),
    h(
      "div.callers",
      { role: "radiogroup", "aria-label": t("dial.who"), "data-keep-scroll": "callers" },
      callers.map(callerRow),
      ownNumber(),
    ),
    h(
      "div.dial-foot",
      null,
      select("did", t("dial.to"), options(dids, didLabel)),
      h("button.ring", { "data-test": "ring" }, icon("phone"), t("dial.ring")),
    ),
  );
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
