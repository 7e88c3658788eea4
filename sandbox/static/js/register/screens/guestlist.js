// The register's guest list: look one up, and, with an order on the screen, attach or take off.
import { h, redraw } from "../../dom.js";
import { money, t } from "../../i18n.js";
import { openDialog } from "../dialogs.js";
import { fullName, initials, search } from "../guests.js";
import { activeOrder, setClient } from "../orders.js";

const SHOWN = 60;

function found(world, text) {
  const { foundClients, foundByCard } = text
    ? search(world, text)
    : { foundClients: world.facts.clients, foundByCard: [] };
  return [...new Set([...foundByCard, ...foundClients])].filter((client) => !Number(client.hidden)).slice(0, SHOWN);
}

function row(world, client, choose) {
  const name = fullName(client) || t("guest.noName");
  const group = world.facts.groups.find((one) => one.id === client.groupId)?.name ?? "";
  const worth = client.loyaltyType === 2 ? `−${client.discount} %` : money(client.bonus, world.facts.symbol);
  return h(
    "button.row.guest",
    { type: "button", onclick: () => choose(client), "data-test": `client-${client.id}` },
    h("span.avatar", { "aria-hidden": "true" }, initials(name)),
    h(
      "span",
      null,
      h("b", null, name),
      h("small", null, client.phone && client.phone !== "0" ? client.phone : t("guest.noPhone")),
    ),
    h("span.worth", null, h("b", null, group), h("small", null, worth)),
  );
}

export function openGuests(world, bus) {
  const order = activeOrder(world);
  openDialog(
    world,
    t("guests"),
    (close) => {
      const choose = (client) => {
        if (!order) return;
        close();
        setClient(world, bus, order.id, client?.id ?? 0);
      };
      const list = h("div.rows.scroll", { "data-test": "guest-rows" });
      const draw = (text) => {
        const rows = found(world, text).map((client) => row(world, client, choose));
        redraw(list, rows.length ? rows : h("p.empty", null, t("guests.none")));
      };
      const field = h("input", {
        type: "search",
        placeholder: t("guests.search"),
        "aria-label": t("guests.search"),
        oninput: (event) => draw(event.target.value),
        "data-test": "guest-search",
      });
      draw("");
      const off = order?.clientId
        ? h(
            "button.plain",
            { type: "button", onclick: () => choose(null), "data-test": "guest-off" },
            t("guest.takeOff"),
          )
        : null;
      return h("div.guests", null, field, off, list);
    },
    "guests",
  );
}
