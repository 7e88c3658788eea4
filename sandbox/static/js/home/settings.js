// Which company is played and how: where it posts, what to copy into Manage, what goes wrong on the way.
import { post } from "../api.js";
import { h } from "../dom.js";
import { t } from "../i18n.js";
import { icon } from "../icon.js";
import { openDrawer } from "./drawer.js";

const FLAGS = ["duplicate", "shuffle"];
const COPIED_FOR = 1500;

function text(name, value, props = {}) {
  return h(
    "label.field",
    null,
    h("span", null, t(`setup.${name}`)),
    h("input", { name, value, ...props, "data-test": `setup-${name}` }),
  );
}

/** Words of our own are told in the page's language; the companies' words stay as they are. */
function said(value) {
  const word = t(`choice.${value}`);
  return word.startsWith("choice.") ? value : word;
}

function choice(name, value, list) {
  return h(
    "label.field",
    null,
    h("span", null, t(`setup.${name}`)),
    h(
      "select",
      { name, "data-test": `setup-${name}` },
      list.map((one) => h("option", { value: one, selected: one === value }, said(one))),
    ),
  );
}

function flag(name, value) {
  return h("label.check", null, h("input", { type: "checkbox", name, checked: value }), t(`setup.${name}`));
}

async function copy(input, button) {
  input.select();
  await navigator.clipboard?.writeText(input.value).catch(() => {});
  button.replaceChildren("✓");
  setTimeout(() => button.replaceChildren(icon("copy", 20)), COPIED_FOR);
}

/** A key as the company's cabinet would show it; what is only made of another one can't be changed. */
function keyRow([name, value], readonly) {
  const props = readonly ? { readonly } : { name };
  const input = h("input", { value, ...props, autocomplete: "off", spellcheck: "false", "data-test": `key-${name}` });
  const button = h(
    "button.icon-button",
    { type: "button", onclick: () => copy(input, button), "aria-label": `${t("setup.copy")}: ${name}` },
    icon("copy", 20),
  );
  return h("div.key", null, h("label", null, h("code", null, name), input), button);
}

function keys({ keys: typed, shown }) {
  const rows = [
    ...Object.entries(typed).map((one) => keyRow(one, false)),
    ...Object.entries(shown).map((one) => keyRow(one, true)),
  ];
  return rows.length ? h("fieldset", null, h("legend", null, t("setup.keys")), h("div.keys", null, rows)) : null;
}

function own({ fields }, settings, choices) {
  return fields
    .filter(({ kind }) => kind !== "key")
    .map(({ name, kind }) =>
      kind === "flag" ? flag(name, settings[name]) : choice(name, settings[name], choices[name]),
    );
}

function faults({ signed, rest }, settings, choices) {
  const pick = (name) => choice(name, settings[name], choices[name]);
  return h(
    "fieldset.wrong",
    null,
    h("legend", null, t("setup.faults")),
    pick("drop"),
    pick("delay"),
    signed ? pick("signature") : null,
    rest ? pick("rest") : null,
    FLAGS.map((name) => flag(name, settings[name])),
  );
}

function read(form) {
  const inputs = [...form.elements].filter((one) => one.name);
  return Object.fromEntries(inputs.map((one) => [one.name, one.type === "checkbox" ? one.checked : one.value.trim()]));
}

export function openPhoneSettings(account, { settings, choices, company }, done) {
  openDrawer("phone", company.title, (close) => {
    const problem = h("p.strip.warn", { role: "alert", hidden: true });
    const submit = async (event) => {
      event.preventDefault();
      try {
        await post("phone/settings", { account, company: company.name, ...read(event.target) });
        close();
        done();
      } catch (error) {
        problem.textContent = error.message;
        problem.hidden = false;
      }
    };
    const example = `http://127.0.0.1:8080/hooks/${company.name}/…`;
    return h(
      "form.drawer-body",
      { onsubmit: submit },
      h("p.hint", null, t("setup.hint")),
      text("hook", settings.hook, { type: "url", placeholder: example }),
      own(company, settings, choices),
      keys(company),
      faults(company, settings, choices),
      problem,
      h("button.primary.big", { "data-test": "setup-save" }, t("save")),
      h("p.hint", null, t("setup.asterisk")),
    );
  });
}
