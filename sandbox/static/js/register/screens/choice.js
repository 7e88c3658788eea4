// Which pizza, with what on it: variants of goods and modifiers of dishes.
import { h } from "../../dom.js";
import { money, t } from "../../i18n.js";
import { openDialog } from "../dialogs.js";

function variantRows(world, item, done) {
  const row = (one) =>
    h(
      "button.row",
      { type: "button", onclick: () => done(one.id), "data-test": `variant-${one.id}` },
      h("b", null, one.name),
      h("span", null, money(one.price, world.facts.symbol)),
    );
  return h("div.rows", null, item.modifications.map(row));
}

function modifierRow(world, one, group) {
  const type = group.max === 1 ? "radio" : "checkbox";
  const input = h("input", {
    type,
    name: `group-${group.id}`,
    value: one.id,
    checked: group.min > 0 && one === group.modifications[0],
  });
  return h(
    "label.row",
    null,
    input,
    h("b", null, one.name),
    h("span", null, `+ ${money(one.price, world.facts.symbol)}`),
  );
}

function modifierForm(world, item, done) {
  const groups = item.groups.map((group) =>
    h(
      "fieldset",
      null,
      h("legend", null, group.name),
      group.modifications.map((one) => modifierRow(world, one, group)),
    ),
  );
  const submit = (event) => {
    event.preventDefault();
    const chosen = [...event.target.querySelectorAll("input:checked")].map((input) => ({
      m: Number(input.value),
      a: 1,
    }));
    done(chosen.length ? JSON.stringify(chosen) : undefined);
  };
  return h("form", { onsubmit: submit }, groups, h("button.primary.big", { "data-test": "choice-done" }, t("add")));
}

/** @param chosen gets what `modification` should be */
export function askChoice(world, item, chosen) {
  openDialog(world, item.name, (close) => {
    const done = (modification) => {
      close();
      chosen(modification);
    };
    return item.modifications?.length ? variantRows(world, item, done) : modifierForm(world, item, done);
  });
}
