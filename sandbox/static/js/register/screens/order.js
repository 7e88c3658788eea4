// The order: receipt on one side, menu on the other; one above the other on a narrow register.
import { h, redraw } from "../../dom.js";
import { money, t } from "../../i18n.js";
import { firstChoice } from "../catalogue.js";
import { clientById, fullName } from "../guests.js";
import { appIcon } from "../icons.js";
import { activeOrder, addProduct, changeCount, leaveOrder, lines, show, update } from "../orders.js";
import { askChoice } from "./choice.js";
import { openComment, openDelivery } from "./details.js";
import { openGuests } from "./guestlist.js";
import { icon } from "../../icon.js";

const symbol = (world) => world.facts.symbol;

function toolbar(world, bus, order) {
  const tables = world.facts.tables ?? [];
  const pick = (event) => update(world, order.id, { tableId: Number(event.target.value) });
  const option = (table) =>
    h("option", { value: table.id, selected: table.id === order.tableId }, t("order.table", { n: table.name }));
  const select = h(
    "select",
    { onchange: pick, "aria-label": t("order.tableLabel"), "data-test": "table" },
    h("option", { value: 0 }, t("order.quick")),
    tables.map(option),
  );
  return h(
    "div.order-bar",
    null,
    h(
      "button.icon-button",
      { type: "button", onclick: () => leaveOrder(world), "aria-label": t("back"), "data-test": "back" },
      icon("back"),
    ),
    select,
    appIcon(world, bus, "order"),
  );
}

function guestChip(world, bus, order) {
  const guest = clientById(world, order.clientId);
  const label = guest ? fullName(guest) || guest.phone : t("order.addGuest");
  return h(
    guest ? "button.chip.on" : "button.chip",
    {
      type: "button",
      onclick: () => openGuests(world, bus),
      "data-test": "order-guest",
      "data-client": order.clientId,
    },
    icon("guest", 20),
    label,
  );
}

function facts(world, bus, order) {
  const mode = order.serviceMode > 1 ? t(`mode.${order.serviceMode}`) : t("order.delivery");
  return h(
    "div.order-facts",
    null,
    guestChip(world, bus, order),
    h(
      order.serviceMode > 1 ? "button.chip.on" : "button.chip",
      { type: "button", onclick: () => openDelivery(world), "data-test": "delivery" },
      icon("bike", 20),
      mode,
    ),
    h(
      order.comment ? "button.chip.on" : "button.chip",
      { type: "button", onclick: () => openComment(world), "data-test": "comment" },
      icon("note", 20),
      order.comment || t("order.comment"),
    ),
  );
}

function lineRow(world, bus, order, line) {
  const to = (count) => () => changeCount(world, bus, order.id, { ...line, count });
  const name = `${line.id}-${line.modification ?? ""}`;
  return h(
    "li.line",
    null,
    h("span.line-name", null, line.name, h("small", null, money(line.price * line.count, symbol(world)))),
    h(
      "button.step",
      { type: "button", onclick: to(line.count - 1), "aria-label": t("less"), "data-test": `less-${name}` },
      "−",
    ),
    h("span.count", null, line.count),
    h(
      "button.step",
      { type: "button", onclick: to(line.count + 1), "aria-label": t("more"), "data-test": `more-${name}` },
      "+",
    ),
  );
}

function basket(world, bus, order) {
  const list = lines(order);
  return h(
    "div.basket",
    null,
    facts(world, bus, order),
    h(
      "ul.lines",
      { "data-keep-scroll": "lines" },
      list.map((line) => lineRow(world, bus, order, line)),
      list.length ? null : h("li.empty", null, t("order.pickDishes")),
    ),
    h(
      "footer.foot",
      null,
      order.discount ? h("small.discount", null, t("order.discount", { n: order.discount })) : null,
      h(
        "button.primary.big.pay",
        { type: "button", disabled: !list.length, onclick: () => show(world, order.id, "payment"), "data-test": "pay" },
        h("span", null, t("order.pay")),
        h("b", null, money(order.total, symbol(world))),
      ),
    ),
  );
}

function pickProduct(world, bus, order, item) {
  const needsChoice = item.modifications?.length || item.groups?.length;
  if (!needsChoice) addProduct(world, bus, order.id, firstChoice(item));
  else askChoice(world, item, (modification) => addProduct(world, bus, order.id, { id: item.id, modification }));
}

function tile(world, bus, order, item) {
  const price = item.modifications?.length ? Math.min(...item.modifications.map((one) => one.price)) : item.price;
  return h(
    "button.tile",
    {
      type: "button",
      vars: { "--tile": item.color || "#8aa0b4" },
      onclick: () => pickProduct(world, bus, order, item),
      "data-test": `product-${item.id}`,
    },
    h("span", null, item.name),
    h("small", null, money(price, symbol(world))),
  );
}

function menu(world, bus, order) {
  const chosen = world.facts.category ?? world.facts.categories[0]?.id;
  const tab = (category) =>
    h(
      "button.category",
      {
        type: "button",
        vars: { "--tile": category.color || "#8aa0b4" },
        "aria-pressed": String(category.id === chosen),
        onclick: () => world.change({ category: category.id }),
        "data-test": `category-${category.id}`,
      },
      category.name,
    );
  const items = world.facts.products.filter((item) => item.categoryId === chosen && !item.hidden && !item.deleted);
  return h(
    "div.menu",
    null,
    h("nav.categories", { "data-keep-scroll": "categories" }, world.facts.categories.map(tab)),
    h(
      "div.tiles",
      { "data-keep-scroll": "tiles" },
      items.map((item) => tile(world, bus, order, item)),
    ),
  );
}

export function orderScreen(world, bus, place) {
  return {
    draw() {
      const order = world.facts.screen === "order" && activeOrder(world);
      if (!order) return;
      redraw(
        place,
        h(
          "section.order",
          { "data-order": order.id },
          toolbar(world, bus, order),
          menu(world, bus, order),
          basket(world, bus, order),
        ),
      );
    },
  };
}
