// Comment and delivery of the order on the screen.
import { h } from "../../dom.js";
import { t } from "../../i18n.js";
import { openDialog } from "../dialogs.js";
import { clientById } from "../guests.js";
import { activeOrder, update } from "../orders.js";

function textForm(field, save) {
  const submit = (event) => {
    event.preventDefault();
    save(field.value.trim());
  };
  return h("form", { onsubmit: submit }, field, h("button.primary.big", { "data-test": "save" }, t("save")));
}

export function openComment(world) {
  const order = activeOrder(world);
  openDialog(world, t("order.comment"), (close) => {
    const area = h("textarea", {
      rows: 4,
      value: order.comment,
      "aria-label": t("order.comment"),
      "data-test": "comment-text",
    });
    return textForm(area, (comment) => {
      close();
      update(world, order.id, { comment });
    });
  });
}

const homeOf = (client) => (client && client.address !== "0" ? client.address : "");

export function openDelivery(world) {
  const order = activeOrder(world);
  const guest = clientById(world, order.clientId);
  openDialog(world, t("order.delivery"), (close) => {
    const radio = (mode) =>
      h(
        "label.row",
        null,
        h("input", { type: "radio", name: "mode", value: mode, checked: (order.serviceMode || 1) === mode }),
        t(`mode.${mode}`),
      );
    const address = h("input", {
      value: order.deliveryAddress || homeOf(guest),
      placeholder: t("order.address"),
      "aria-label": t("order.address"),
    });
    const modes = h("fieldset", null, [1, 2, 3].map(radio));
    return h(
      "div",
      null,
      modes,
      textForm(address, (deliveryAddress) => {
        const serviceMode = Number(modes.querySelector("input:checked").value);
        close();
        update(world, order.id, { serviceMode, deliveryAddress: serviceMode === 3 ? deliveryAddress : "" });
      }),
    );
  });
}
