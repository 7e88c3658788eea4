// One register: asks for its world, starts the application's container, draws the screens.
import { get } from "../api.js";
import { bootFacts, find, h, plainText } from "../dom.js";
import { t } from "../i18n.js";
import { closeDialog } from "./dialogs.js";
import { Host } from "./host.js";
import { exposeHooks } from "./hooks.js";
import { buildMethods } from "./methods.js";
import { popupWindow } from "./popup.js";
import { drawHeader } from "./screens/header.js";
import { listScreens } from "./screens/list.js";
import { orderScreen } from "./screens/order.js";
import { paymentScreen } from "./screens/payment.js";
import { pinScreen } from "./screens/pin.js";
import { askRights } from "./screens/rights.js";
import { keepInSync } from "./sync.js";
import { drawToasts, notify } from "./toasts.js";
import { loginFromAddress } from "./session.js";
import { PLACES } from "./icons.js";
import { createWorld } from "./world.js";

const boot = bootFacts();

/** `Poster.settings` is read once, when the application starts. */
function describe(world) {
  const { settings, nextSettings, faults, bundle } = world.facts;
  const delay = Number(faults.poster_global);
  return {
    settings: nextSettings ?? settings,
    environment: { android: false, iOS: false, windows: false, desktop: false },
    faults,
    bundle,
    global: faults.poster_global === "window" ? "window" : "bare",
    globalDelay: Number.isFinite(delay) ? delay : 0,
  };
}

function icons(world, places) {
  const labels = PLACES.filter((place) => places[place]).map((place) => [place, String(places[place])]);
  world.change({ icons: { ...world.facts.icons, ...Object.fromEntries(labels) } });
}

/** A window of the register belongs to the screen it was opened on. */
function leaveDialog(world, { screen, orderId }) {
  const { screen: nextScreen, orderId: nextOrder } = world.facts;
  if (screen !== nextScreen || orderId !== String(nextOrder ?? "")) closeDialog(world);
}

function drawScreens(world, bus, place) {
  const screens = [pinScreen, listScreens, orderScreen, paymentScreen].map((screen) => screen(world, bus, place));
  const draw = () => {
    leaveDialog(world, place.dataset);
    place.dataset.screen = world.facts.screen;
    place.dataset.orderId = world.facts.orderId ?? "";
    for (const screen of screens) screen.draw();
  };
  world.watch(
    ["screen", "orders", "orderId", "category", "closed", "closing", "icons", "shift", "employees", "clients", "incoming", "products"],
    draw,
  );
}

function start(state) {
  const world = createWorld(state, boot);
  world.facts.symbol = plainText(state.account.currencySymbol);
  world.facts.spot = state.spots.find((spot) => spot.id === state.tablet.spot);
  const host = new Host(world, find("#container"), () => describe(world));
  const popup = popupWindow(world, find("#shade"), () => host.emit("afterPopupClosed"));
  host.useMethods(
    buildMethods(world, host, {
      popup: popup.open,
      closePopup: popup.close,
      notify: (options) => notify(world, options),
      icons: (places) => icons(world, places),
      askRights: () => askRights(world),
    }),
  );
  drawHeader(world, host, host, find("#header"));
  drawScreens(world, host, find("#screen"));
  drawToasts(world, host, find("#toasts"));
  exposeHooks({ world, host, popup, syncNow: keepInSync(world, host) });
  loginFromAddress(world, host);
  if (state.connected) host.start();
}

function refuse(error) {
  const again = h("button.primary", { type: "button", onclick: () => location.reload() }, t("retry"));
  find("#screen").replaceChildren(
    h("section.refused", null, h("h1", null, t("refused")), h("p", null, error.message), again),
  );
}

get("state", { account: boot.account, tablet: boot.tablet }).then(start).catch(refuse);
