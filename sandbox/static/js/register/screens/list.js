// Open orders of the spot, and the receipts closed today.
import { h, redraw } from "../../dom.js";
import { locale, money, t } from "../../i18n.js";
import { clientById, fullName } from "../guests.js";
import { createOrder, decide, lines, openOrder } from "../orders.js";
import { appIcon } from "../icons.js";
import { icon } from "../../icon.js";

const time = (ms) => new Date(ms).toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit" });

const MARKS = { 1: "table", 2: "bag", 3: "bike" };

export function orderTitle(world, order) {
  const table = world.facts.tables?.find((one) => one.id === order.tableId);
  if (order.serviceMode > 1) return t(`mode.${order.serviceMode}`);
  return table ? t("order.table", { n: table.name }) : t("order.quick");
}

function card(world, bus, order) {
  const guest = clientById(world, order.clientId);
  const names = lines(order)
    .map((line) => line.name)
    .slice(0, 3)
    .join(" · ");
  return h(
    "button.order-card",
    { type: "button", onclick: () => openOrder(world, bus, order.id), "data-test": `order-${order.id}` },
    h(
      "span.order-top",
      null,
      h("b", null, icon(MARKS[order.serviceMode] ?? "table", 20), orderTitle(world, order)),
      h("span", null, time(order.id)),
    ),
    h("span.order-guest", null, guest ? fullName(guest) : t("order.noGuest")),
    h("span.order-lines", null, names || t("order.empty")),
    place(order) ? h("span.order-note", null, place(order)) : null,
    h("strong", null, money(order.total, world.facts.symbol)),
  );
}

const place = (order) => [order.deliveryAddress, order.comment].filter(Boolean).join(" · ");

/** An online order or a booking that nobody accepted yet. */
function waiting(world, bus, one) {
  const guest = clientById(world, one.clientId);
  const what = one.type === 2 ? t("incoming.table", { n: one.tableId, guests: one.guestsCount }) : t("incoming.order");
  const dishes = one.products.map((line) => `${line.count} × ${line.name}`).join(" · ");
  const button = (accept, word, kind) =>
    h(
      kind,
      { type: "button", onclick: () => decide(world, bus, one.id, accept), "data-test": `${word}-${one.id}` },
      t(`incoming.${word}`),
    );
  return h(
    "div.order-card.waiting",
    { "data-test": `incoming-${one.id}` },
    h("span.order-top", null, h("b", null, icon("bell", 20), what), h("span", null, one.deliveryTime.slice(5, 16))),
    h("span.order-guest", null, guest ? fullName(guest) : one.firstName || one.phone),
    dishes ? h("span.order-lines", null, dishes) : null,
    one.serviceMode === 3 || one.address ? h("span", null, `${t("mode.3")}: ${one.address}`) : null,
    one.comment ? h("span.order-note", null, one.comment) : null,
    one.type === 2 ? null : h("strong", null, money(one.sum, world.facts.symbol)),
    h("span.decide", null, button(true, "accept", "button.primary"), button(false, "decline", "button.chip")),
  );
}

function tabs(world, current) {
  const tab = (name) =>
    h(
      "button.tab",
      {
        type: "button",
        "aria-pressed": String(name === current),
        onclick: () => world.change({ screen: name }),
        "data-test": `tab-${name}`,
      },
      t(`tab.${name}`),
    );
  return h("nav.tabs", null, tab("orders"), tab("receipts"));
}

function drawOrders(world, bus, place) {
  const open = world.facts.orders.filter((order) => order.status === 1).sort((a, b) => b.id - a.id);
  const add = h(
    "button.primary.big",
    { type: "button", disabled: !world.facts.shift, onclick: () => createOrder(world, bus), "data-test": "new-order" },
    `+ ${t("order.new")}`,
  );
  redraw(
    place,
    h(
      "section.orders",
      null,
      tabs(world, "orders"),
      world.facts.shift ? null : h("p.strip.warn", null, t("shift.isClosed")),
      h(
        "div.cards",
        { "data-keep-scroll": "cards" },
        (world.facts.incoming ?? []).map((one) => waiting(world, bus, one)),
        open.map((order) => card(world, bus, order)),
        open.length ? null : h("p.empty", null, t("orders.none")),
      ),
      h("footer.foot", null, add),
    ),
  );
}

function receipt(world, order) {
  const guest = clientById(world, order.clientId);
  return h(
    "div.row",
    null,
    h(
      "span",
      null,
      h("b", null, orderTitle(world, order)),
      h("small", null, guest ? fullName(guest) : t("order.noGuest")),
    ),
    h(
      "span",
      null,
      h("b", null, money(order.total, world.facts.symbol)),
      h("small", null, time(order.dateClose || order.id)),
    ),
  );
}

function drawReceipts(world, bus, place) {
  const closed = world.facts.closed ?? [];
  redraw(
    place,
    h(
      "section.orders",
      null,
      tabs(world, "receipts"),
      h(
        "div.rows.scroll",
        null,
        closed.map((order) => receipt(world, order)),
        closed.length ? null : h("p.empty", null, t("receipts.none")),
      ),
      h("footer.foot", null, appIcon(world, bus, "receiptsArchive")),
    ),
  );
}

export function listScreens(world, bus, place) {
  return {
    draw() {
      if (world.facts.screen === "orders") drawOrders(world, bus, place);
      if (world.facts.screen === "receipts") drawReceipts(world, bus, place);
    },
  };
}
