// Everything that was said to the product, and all that it asked the phone company.
import { h } from "../dom.js";
import { clock, t } from "../i18n.js";

function outcome({ status, error, pending, way }) {
  if (pending) return h("span.status", null, "…");
  if (status !== null && way === "rest") return h(status < 400 ? "span.status.good" : "span.status.bad", null, status);
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

/** ← the product asks, → the company tells; a frame has no answer. */
function title({ way, type, times }) {
  const sign = way === "rest" ? "←" : "→";
  return `${sign} ${type}${times > 1 ? ` ×${times}` : ""}`;
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
      h("b", null, title(one)),
      outcome(one),
      h("small", null, `${clock(one.at)}${one.ms ? ` · ${one.ms} ms` : ""}${again}${retry}`),
    ),
    one.url || one.body ? h("pre", null, [one.url, one.body].filter(Boolean).map(readable).join("\n")) : null,
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
