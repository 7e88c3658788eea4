// Notifications: top right, never in the way, clickable; the bell keeps them.
import { h, redraw } from "../dom.js";
import { icon as drawn } from "../icon.js";
import { clock, t } from "../i18n.js";
import { openDialog } from "./dialogs.js";

const SHOWN_FOR = 12000;
const NEW = 0;
const READ = 2;
let lastId = 0;

export function notify(world, { title = "", message = "", icon = "", waiter = 0 }) {
  lastId += 1;
  const one = {
    id: lastId,
    date: Date.now(),
    title: String(title),
    message: String(message),
    icon,
    status: NEW,
    waiter,
  };
  world.change({ notifications: [{ ...one, shown: true }, ...world.facts.notifications].slice(0, 50) });
  setTimeout(() => hide(world, one.id), SHOWN_FOR);
  return one;
}

function hide(world, id, patch = {}) {
  world.change({
    notifications: world.facts.notifications.map((one) => (one.id === id ? { ...one, shown: false, ...patch } : one)),
  });
}

/** The list keeps `shown` for itself: an application gets the notification as it was made. */
function bare({ shown, ...notification }) {
  return notification;
}

function click(world, bus, one) {
  hide(world, one.id, { status: READ });
  bus.emit("notificationClick", bare({ ...one, status: READ }));
}

function picture(name) {
  const known = { success: "guest", error: "warning" };
  if (/^https?:|^data:image/.test(name)) return h("img", { src: name, alt: "", width: 32, height: 32 });
  return h("span.toast-mark", null, drawn(known[name] ?? "phone", 24));
}

function card(world, bus, one) {
  const text = h(
    "span.toast-text",
    null,
    h("b", null, one.title),
    h("span", null, one.message),
    h("small", null, clock(one.date / 1000)),
  );
  const open = h(
    "button.toast-open",
    { type: "button", onclick: () => click(world, bus, one), "data-test": `toast-${one.id}` },
    picture(one.icon),
    text,
  );
  const close = h(
    "button.icon-button",
    { type: "button", onclick: () => hide(world, one.id), "aria-label": t("close") },
    drawn("close"),
  );
  return h("li.toast", null, open, close);
}

export function drawToasts(world, bus, place) {
  const draw = ({ notifications }) =>
    redraw(
      place,
      ...notifications
        .filter((one) => one.shown)
        .slice(0, 4)
        .map((one) => card(world, bus, one)),
    );
  world.watch(["notifications"], draw);
}

export const unread = (world) => world.facts.notifications.filter((one) => one.status === NEW).length;

export function openNotifications(world, bus) {
  openDialog(world, t("notifications"), (close) => {
    const row = (one) => {
      const go = () => {
        close();
        click(world, bus, one);
      };
      return h(
        "button.row",
        { type: "button", onclick: go },
        h("span", null, h("b", null, one.title), h("small", null, one.message)),
        h("small", null, clock(one.date / 1000)),
      );
    };
    const list = world.facts.notifications.map(row);
    return list.length ? h("div.rows", null, list) : h("p.empty", null, t("notifications.none"));
  });
}
