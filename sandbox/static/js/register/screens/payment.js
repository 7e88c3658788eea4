// Payment: nothing may cover it, so the application's calls wait here as notifications.
import { h, redraw } from "../../dom.js";
import { money, t } from "../../i18n.js";
import { clientById, fullName } from "../guests.js";
import { appIcon } from "../icons.js";
import { activeOrder, closeOrder, show } from "../orders.js";
import { note } from "../world.js";
import { icon } from "../../icon.js";

function close(world, bus, order, payment) {
  if (world.facts.closing) return;
  world.change({ closing: true });
  closeOrder(world, bus, order.id, payment)
    .catch((error) => note(world, "trouble", "orders/close", error.message))
    .finally(() => world.change({ closing: false }));
}

export function paymentScreen(world, bus, place) {
  const way = (order, name) =>
    h(
      "button.pay-way",
      {
        type: "button",
        disabled: Boolean(world.facts.closing),
        onclick: () => close(world, bus, order, { [name]: order.total }),
        "data-test": `pay-${name}`,
      },
      icon(name, 32),
      t(`pay.${name}`),
    );

  return {
    draw() {
      const order = world.facts.screen === "payment" && activeOrder(world);
      if (!order) return;
      const guest = clientById(world, order.clientId);
      redraw(
        place,
        h(
          "section.payment",
          null,
          h(
            "div.order-bar",
            null,
            h(
              "button.icon-button",
              { type: "button", onclick: () => show(world, order.id), "aria-label": t("back"), "data-test": "back" },
              icon("back"),
            ),
            h("b", null, t("pay.title")),
            appIcon(world, bus, "payment"),
          ),
          h(
            "div.pay-sum",
            null,
            h("small", null, t("pay.total")),
            h("strong", null, money(order.total, world.facts.symbol)),
            guest ? h("span", null, icon("guest", 20), fullName(guest)) : null,
          ),
          h("div.pay-ways", null, way(order, "cash"), way(order, "card")),
        ),
      );
    },
  };
}
