// How the phone company is set up: where it posts, in which shape, what it loses or repeats.
import { post } from "../api.js";
import { h } from "../dom.js";
import { t } from "../i18n.js";
import { openDrawer } from "./drawer.js";

const FLAGS = ["settings_first", "duplicate", "shuffle"];

function text(name, value, props = {}) {
  return h(
    "label.field",
    null,
    h("span", null, t(`setup.${name}`)),
    h("input", { name, value, ...props, "data-test": `setup-${name}` }),
  );
}

function choice(name, value, list) {
  return h(
    "label.field",
    null,
    h("span", null, t(`setup.${name}`)),
    h(
      "select",
      { name },
      list.map((one) => h("option", { value: one, selected: one === value }, one)),
    ),
  );
}

function flag(name, value) {
  return h("label.check", null, h("input", { type: "checkbox", name, checked: value }), t(`setup.${name}`));
}

function read(form) {
  const { hook, company_id, encoding, drop } = form.elements;
  const flags = Object.fromEntries(FLAGS.map((name) => [name, form.elements[name].checked]));
  return {
    hook: hook.value.trim(),
    company_id: company_id.value.trim(),
    encoding: encoding.value,
    drop: drop.value,
    ...flags,
  };
}

export function openPhoneSettings(account, { settings, choices }, done) {
  openDrawer("phone", t("phone.settings"), (close) => {
    const problem = h("p.strip.warn", { role: "alert", hidden: true });
    const submit = async (event) => {
      event.preventDefault();
      try {
        await post("phone/settings", { account, ...read(event.target) });
        close();
        done();
      } catch (error) {
        problem.textContent = error.message;
        problem.hidden = false;
      }
    };
    return h(
      "form.drawer-body",
      { onsubmit: submit },
      h("p.hint", null, t("setup.hint")),
      text("hook", settings.hook, { type: "url", placeholder: "http://127.0.0.1:8000/hooks/binotel/…" }),
      text("company_id", settings.company_id, { inputmode: "numeric" }),
      choice("encoding", settings.encoding, choices.encoding),
      choice("drop", settings.drop, choices.drop),
      FLAGS.map((name) => flag(name, settings[name])),
      problem,
      h("button.primary.big", { "data-test": "setup-save" }, t("save")),
    );
  });
}
