// The register's own windows (guest list, functions, comment): a native <dialog>, one at a time.
import { find, h } from "../dom.js";
import { t } from "../i18n.js";
import { icon } from "../icon.js";

/** @param build gets `close` and returns what stands in the window */
export function openDialog(world, title, build, name = "dialog") {
  closeDialog(world);
  const close = () => dialog.close();
  const bar = h(
    "header.dialog-bar",
    null,
    h("h2", null, title),
    h(
      "button.icon-button",
      { type: "button", onclick: close, "aria-label": t("close"), "data-test": "dialog-close" },
      icon("close"),
    ),
  );
  const dialog = h(
    "dialog",
    { "data-test": name, onclick: (event) => event.target === dialog && close() },
    bar,
    h("div.dialog-body", null, build(close)),
  );
  dialog.addEventListener("keydown", (event) => event.key === "Escape" && close());
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (world.facts.dialog === dialog) world.change({ dialog: null });
  });
  find("#register").append(dialog);
  world.change({ dialog });
  dialog.show();
  dialog.querySelector("input, textarea, .dialog-body button")?.focus();
}

export function closeDialog(world) {
  world.facts.dialog?.close?.();
}
