// Every body that was sent to the product's webhook, and what it answered.
import { h } from "../dom.js";
import { clock, t } from "../i18n.js";

function outcome({ status, error, pending }) {
  if (pending) return h("span.status", null, "…");
  if (status === null) return h("span.status.bad", { title: error }, t("log.noAnswer"));
  return h(status === 200 ? "span.status.good" : "span.status.bad", null, status);
}

/** Bracket forms are unreadable in one piece: a field a line. */
function readable(body) {
  if (/^[[{]/.test(body)) return body;
  return body.split("&").map(decoded).join("\n");
}

function decoded(field) {
  try {
    return decodeURIComponent(field.replaceAll("+", " "));
  } catch {
    return field;
  }
}

function entry(one) {
  const again = one.attempt > 1 ? ` · ${t("log.attempt", { n: one.attempt })}` : "";
  const retry = one.next ? ` · ${t("log.next", { time: clock(one.next) })}` : "";
  return h(
    "details.entry",
    { name: "log" },
    h(
      "summary",
      null,
      h("b", null, one.type),
      outcome(one),
      h("small", null, `${clock(one.at)}${one.ms ? ` · ${one.ms} ms` : ""}${again}${retry}`),
    ),
    h("pre", null, readable(one.body)),
    h("pre.reply", null, one.error || one.reply || "—"),
  );
}

export function logList(log, clear) {
  if (!log.length) return [h("p.empty", null, t("log.none"))];
  return [
    h("button.plain", { type: "button", onclick: clear, "data-test": "log-clear" }, t("log.clear")),
    ...log.map(entry),
  ];
}
