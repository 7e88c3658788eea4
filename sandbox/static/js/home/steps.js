// Four steps from nothing to a call on a register; each knows whether it is done.
import { h, redraw } from "../dom.js";
import { t } from "../i18n.js";

function list(links, { connected, phone, people }) {
  return [
    { name: "connect", done: connected, href: links.connect },
    { name: "lines", done: Boolean(phone.hook), href: links.manage },
    { name: "login", done: people.length > 1 },
    { name: "ring", done: phone.rang },
  ];
}

function step({ name, done, href }, index, next) {
  const mark = h("i", { "aria-hidden": "true" }, done ? "✓" : index + 1);
  const state = done ? "done" : next ? "next" : "later";
  const props = { class: `step ${state}`, title: t(`step.${name}.hint`), "data-test": `step-${name}` };
  const inside = [mark, h("span", null, t(`step.${name}`))];
  return h("li", null, href ? h("a", { ...props, href, target: "_blank" }, inside) : h("span", props, inside));
}

export function drawSteps(place, links, facts) {
  const steps = list(links, facts);
  const next = steps.findIndex((one) => !one.done);
  const key = JSON.stringify(steps);
  if (place.dataset.key === key) return;
  place.dataset.key = key;
  redraw(place, ...steps.map((one, index) => step(one, index, index === next)));
}
