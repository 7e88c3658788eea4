// The panel of the phone company: who calls whom, what the calls do, and what was said to the product's webhook.
import { get, post } from "../api.js";
import { h, redraw } from "../dom.js";
import { t } from "../i18n.js";
import { callCards } from "./calls.js";
import { incomingForm, outgoingForm } from "./dial.js";
import { logList } from "./log.js";
import { openPhoneSettings } from "./settings.js";
import { icon } from "../icon.js";

const TABS = ["in", "out", "log"];

/** Redraws a part of the panel only when what it shows has changed, so that nothing jumps under the finger. */
function part(element, draw) {
  let shown = "";
  return (facts) => {
    const key = JSON.stringify(facts);
    if (key === shown) return;
    shown = key;
    redraw(element, draw(facts));
  };
}

/** How much the company said by itself; what the product asks of it goes on for ever. */
const told = (log) => log.filter((row) => row.way !== "rest").length;

export function createPhone(root, account) {
  let data = null;
  let tab = "in";
  let chosen = Promise.resolve();
  const say = h("p.phone-error", { role: "alert", hidden: true });

  async function act(verb, body) {
    say.hidden = true;
    try {
      await post(`phone/${verb}`, { account, ...body });
    } catch (error) {
      say.textContent = error.message;
      say.hidden = false;
    }
    await refresh();
  }

  const head = h("header.phone-head");
  const parts = {
    calls: h("div.calls"),
    in: h("div.dial"),
    out: h("div.dial", { hidden: true }),
    log: h("div.log-list", { hidden: true }),
  };
  const drawHead = part(head, heading);
  const drawCalls = part(parts.calls, ({ calls, lines, callers, dids }) =>
    callCards({ calls, lines, callers, dids }, act),
  );
  const drawIn = part(parts.in, (facts) => incomingForm(facts, act));
  const drawOut = part(parts.out, (facts) => outgoingForm(facts, act));
  const drawLog = part(parts.log, ({ log }) => logList(log, () => act("clear", {})));

  function choose(event) {
    chosen = act("settings", { company: event.target.value });
  }

  /** Of the company that was chosen last, however quick the thumb was. */
  async function openSettings() {
    await chosen;
    openPhoneSettings(account, data, refresh);
  }

  function heading({ current, count, ready, company, companies }) {
    const option = (one) => h("option", { value: one.name, selected: one.name === company }, one.title);
    const pick = (name) =>
      h(
        "button.tab",
        {
          type: "button",
          "aria-pressed": String(current === name),
          onclick: () => open(name),
          "data-test": `phone-${name}`,
        },
        t(`phone.tab.${name}`),
        name === "log" && count ? h("i.badge", null, count) : null,
      );
    return [
      h(
        "h2",
        null,
        h(ready ? "i.lamp.on" : "i.lamp", { "aria-hidden": "true" }),
        h(
          "select.company",
          { onchange: choose, "aria-label": t("phone.title"), "data-test": "company" },
          companies.map(option),
        ),
      ),
      h(
        "button.icon-button",
        {
          type: "button",
          onclick: openSettings,
          "aria-label": t("phone.settings"),
          title: t("phone.settings"),
          "data-test": "phone-settings",
        },
        icon("gear"),
      ),
      h("nav.tabs", null, TABS.map(pick)),
    ];
  }

  function open(name) {
    tab = name;
    for (const one of TABS) parts[one].hidden = one !== tab;
    draw();
  }

  /** Whether anybody would hear us: an address, an open socket, or a server that asks by itself. */
  function reach({ settings, company, log }) {
    const socket = settings.channel === "socket";
    const asked = log.some((row) => row.way === "rest" && row.company === company.name && row.status < 400);
    const ready = socket ? company.sockets > 0 : Boolean(settings.hook) || asked;
    return { ready, missing: socket ? "noSocket" : "noHook" };
  }

  function draw() {
    const { calls, lines, callers, dids, log, group, stories, company, companies } = data;
    const { ready, missing } = reach(data);
    drawHead({ current: tab, count: told(log), ready, company: company.name, companies });
    drawCalls({ calls, lines, callers, dids });
    drawIn({ callers, dids, lines, group, stories, ready, missing });
    drawOut({ lines });
    drawLog({ log });
  }

  let asked = 0;
  let latest = Promise.resolve();

  function refresh() {
    asked += 1;
    latest = load(asked);
    return latest;
  }

  /** An answer that a later question has overtaken is old: the later one is waited for. */
  async function load(mine) {
    const fresh = await get("phone", { account });
    if (mine !== asked) return latest;
    data = fresh;
    draw();
  }

  root.setAttribute("aria-label", t("phone.title"));
  root.replaceChildren(head, say, parts.calls, ...TABS.map((one) => parts[one]));
  const facts = () => ({
    hook: Object.values(data?.hooks ?? {}).some(Boolean),
    rang: Boolean(data?.calls.length || told(data?.log ?? [])),
  });
  return { refresh, facts };
}
