// The sandbox's first page: a phone company on the left, two registers beside it.
import { get, post } from "../api.js";
import { bootFacts, find, h } from "../dom.js";
import { t } from "../i18n.js";
import { drawLanguages } from "../languages.js";
import { drawDevices, employees } from "./devices.js";
import { openFaults } from "./faults.js";
import { createPhone } from "./phone.js";
import { drawSteps } from "./steps.js";
import { openTips } from "./tips.js";
import { icon } from "../icon.js";

const PHONE_EVERY = 1000;
const boot = bootFacts();
const account = boot.account.name;

function tool(name, sign, run) {
  return h(
    "button.tool",
    { type: "button", onclick: run, "data-test": name },
    icon(sign, 20),
    h("span.tool-name", null, t(`home.${name}`)),
  );
}

function drawTools() {
  const home = h(
    "select",
    { "aria-label": t("home.account"), "data-test": "account", onchange: (event) => goTo(event.target.value) },
    boot.accounts.map((one) => h("option", { value: one.name, selected: one.name === account }, one.title)),
  );
  find("#tools").replaceChildren(
    home,
    tool("tips", "bulb", () => openTips(boot)),
    tool("faults", "bolt", () => openFaults(account)),
  );
}

function goTo(name) {
  const url = new URL(location.href);
  url.searchParams.set("account", name);
  location.href = url.href;
}

async function isConnected() {
  const tablet = boot.registers[0]?.tablet;
  const { connected } = await get("changes", { account, tablet, since: Number.MAX_SAFE_INTEGER });
  return connected;
}

/** Repeats for good, waiting for each answer; a hidden tab asks nothing. */
function every(ms, ask) {
  const round = async () => {
    if (!document.hidden) await ask().catch((error) => console.warn(error.message));
    setTimeout(round, ms);
  };
  round();
}

// The restaurant speaks the chosen language too: its menu, its registers, what the application reads in settings.
drawLanguages(find("#languages"), (code) => post("faults", { account, lang: code }).catch(() => {}));
drawTools();
drawDevices(boot);
find("h1 small").textContent = t("home.sandbox");
const phone = createPhone(find("#phone"), account);
every(PHONE_EVERY, phone.refresh);
every(3 * PHONE_EVERY, async () => {
  const connected = await isConnected();
  drawSteps(find("#steps"), boot.links, { connected, phone: phone.facts(), people: employees() });
});
