// "Ask the manager": the confirmation that showManageRightsModal puts up.
import { h } from "../../dom.js";
import { t } from "../../i18n.js";
import { openDialog } from "../dialogs.js";

/** Resolves with whether somebody agreed; the value is not documented, so nobody should lean on it. */
export function askRights(world) {
  return new Promise((resolve) => {
    openDialog(
      world,
      t("rights.title"),
      (close) => {
        const answer = (value) => () => {
          close();
          resolve(value);
        };
        return h(
          "div.rows",
          null,
          h("p", null, t("rights.text")),
          h(
            "button.primary.big",
            { type: "button", onclick: answer(true), "data-test": "rights-yes" },
            t("rights.yes"),
          ),
          h("button.plain", { type: "button", onclick: answer(false) }, t("rights.no")),
        );
      },
      "rights",
    );
  });
}
