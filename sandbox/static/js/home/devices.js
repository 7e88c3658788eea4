// The two registers: which one stands where, remembered for this tab.
import { find, h } from "../dom.js";
import { t } from "../i18n.js";
import { icon } from "../icon.js";

function remembered(place, fallback) {
  try {
    return sessionStorage.getItem(`register-${place}`) ?? fallback;
  } catch {
    return fallback;
  }
}

function remember(place, tablet) {
  try {
    sessionStorage.setItem(`register-${place}`, tablet);
  } catch {
    // A browser without storage forgets; nothing else depends on it.
  }
}

/** A waiter stands at each register already, so that the first ring is seen. */
function withWaiter(url, pin) {
  return pin ? `${url}&pin=${pin}` : url;
}

function device(boot, element, tablet) {
  const register = boot.registers.find((one) => String(one.tablet) === String(tablet)) ?? boot.registers[0];
  const { place } = element.dataset;
  const change = (event) => {
    remember(place, event.target.value);
    device(boot, element, event.target.value);
  };
  const option = (one) =>
    h("option", { value: one.tablet, selected: one === register }, `${one.name} · ${one.spot_name}`);
  element.replaceChildren(
    h(
      "header",
      null,
      h(
        "select",
        { onchange: change, "aria-label": t("home.register"), "data-test": `register-${place}` },
        boot.registers.map(option),
      ),
      h(
        "a",
        { href: register.url, target: "_blank", "aria-label": t("home.openRegister"), title: t("home.openRegister") },
        icon("open", 20),
      ),
    ),
    h(
      "div.screen",
      null,
      h("iframe", {
        src: withWaiter(register.url, boot.waiters[place]),
        title: `${t("home.register")}: ${register.name}`,
        "data-test": `frame-${place}`,
      }),
    ),
  );
}

export function drawDevices(boot) {
  const tablets = boot.registers.map((one) => one.tablet);
  for (const place of [0, 1])
    device(boot, find(`.device[data-place="${place}"]`), remembered(place, tablets[place] ?? tablets[0]));
}

/** Who is logged in at the registers on this page (they are of our origin, so we may look). */
export function employees() {
  const frames = [...document.querySelectorAll(".device iframe")];
  return frames.map((frame) => frame.contentWindow?.sandbox?.state().user).filter(Boolean);
}
