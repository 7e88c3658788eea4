// The functions menu: application icons, quick change of employee, shift, restart, and what the developer wants to see.
import { h } from "../../dom.js";
import { clock, t } from "../../i18n.js";
import { openDialog } from "../dialogs.js";
import { initials } from "../guests.js";
import { appIcon } from "../icons.js";
import { login, toggleShift } from "../session.js";

function switcher(world, bus, close) {
  const { user, employees } = world.facts;
  const change = (employee) => () => {
    close();
    login(world, bus, employee.pin);
  };
  const others = employees.filter((one) => one.id !== user?.id && !one.user.deleted);
  const chip = (one) =>
    h(
      "button.chip",
      { type: "button", onclick: change(one), "data-test": `switch-${one.id}` },
      h("span.avatar", { "aria-hidden": "true" }, initials(one.name)),
      one.name.split(" ")[0],
    );
  return h(
    "fieldset",
    null,
    h("legend", null, t(user ? "functions.switch" : "functions.login")),
    h("div.chips", null, others.map(chip)),
  );
}

function action(label, test, run) {
  return h(
    "button.row",
    { type: "button", onclick: run, "data-test": test },
    h("b", null, label),
    h("span", { "aria-hidden": "true" }, "›"),
  );
}

export function openFunctions(world, bus, host) {
  openDialog(
    world,
    t("functions"),
    (close) => {
      const and = (run) => () => {
        close();
        run();
      };
      const { user, shift } = world.facts;
      return h(
        "div.rows",
        null,
        user ? appIcon(world, bus, "functions", close) : null,
        world.facts.connected ? null : h("p.strip.warn", null, t("app.absent")),
        user
          ? action(
              t(shift ? "shift.close" : "shift.open"),
              "shift",
              and(() => toggleShift(world, bus)),
            )
          : null,
        action(
          t("functions.restartApp"),
          "restart-app",
          and(() => host.start()),
        ),
        action(t("functions.restart"), "restart", () => location.reload()),
        action(t("functions.trace"), "trace", () => openTrace(world)),
        switcher(world, bus, close),
      );
    },
    "functions-menu",
  );
}

const KINDS = { call: "→", event: "←", trouble: "!" };

export function openTrace(world) {
  openDialog(
    world,
    t("functions.trace"),
    () => {
      const row = ({ at, kind, text, detail }) =>
        h(
          `li.${kind}`,
          null,
          h("span", null, `${KINDS[kind]} ${clock(at)}`),
          h("b", null, text),
          h("code", null, detail),
        );
      return h(
        "div",
        null,
        h("p.hint", null, t("trace.hint", { bundle: world.facts.bundle ?? "" })),
        h("ol.trace", null, world.facts.trace.map(row)),
      );
    },
    "trace-list",
  );
}
