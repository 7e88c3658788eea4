// A sheet at the right edge: faults, tips, settings of the phone company.
import { find, h } from "../dom.js";
import { t } from "../i18n.js";
import { icon } from "../icon.js";

export function openDrawer(name, title, build) {
  const close = () => drawer.close();
  const bar = h(
    "header",
    null,
    h("h2", null, title),
    h(
      "button.icon-button",
      { type: "button", onclick: close, "aria-label": t("close"), "data-test": "drawer-close" },
      icon("close"),
    ),
  );
  const drawer = h(
    "dialog.drawer",
    {
      "data-test": `drawer-${name}`,
      onclick: (event) => event.target === drawer && close(),
      onclose: () => drawer.remove(),
    },
    h("div.drawer-inside", null, bar, build(close)),
  );
  find("#drawers").replaceChildren(drawer);
  drawer.showModal();
}
