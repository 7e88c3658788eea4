// Who are you: PIN pad, and, this being a sandbox, everybody's PIN beside it.
import { h, redraw } from "../../dom.js";
import { t } from "../../i18n.js";
import { initials } from "../guests.js";
import { employeeByPin, login } from "../session.js";
import { icon } from "../../icon.js";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "clear", "0", "back"];
const LABELS = { clear: "C", back: "" };

export function pinScreen(world, bus, place) {
  let typed = "";
  let wrong = false;

  const press = (key) => {
    wrong = false;
    if (key === "clear") typed = "";
    else if (key === "back") typed = typed.slice(0, -1);
    else if (typed.length < 4) typed += key;
    if (typed.length === 4) enter(typed);
    draw();
  };

  function enter(pin) {
    wrong = !employeeByPin(world, pin);
    typed = "";
    if (!wrong) login(world, bus, pin);
  }

  const key = (name) =>
    h(
      "button.pin-key",
      {
        type: "button",
        onclick: () => press(name),
        "aria-label": name in LABELS && t(`pin.${name}`),
        "data-test": `pin-${name}`,
      },
      name === "back" ? icon("erase", 26) : (LABELS[name] ?? name),
    );

  const person = (employee) =>
    h(
      "button.person",
      { type: "button", onclick: () => enter(employee.pin), "data-test": `employee-${employee.id}` },
      h("span.avatar", { "aria-hidden": "true" }, initials(employee.name)),
      h(
        "span.person-name",
        null,
        h("span", null, employee.name),
        h("small", null, h("kbd", null, employee.pin), employee.role),
      ),
    );

  function draw() {
    if (world.facts.screen !== "pin") return;
    const dots = [0, 1, 2, 3].map((n) => h(n < typed.length ? "i.on" : "i"));
    redraw(
      place,
      h(
        "section.pin",
        null,
        h(
          "div.pin-pad",
          null,
          h("h1", null, t("pin.title")),
          h(wrong ? "div.dots.wrong" : "div.dots", { "aria-hidden": "true" }, dots),
          h("p.pin-hint", { role: "status" }, wrong ? t("pin.wrong") : t("pin.hint")),
          h("div.pin-keys", null, KEYS.map(key)),
        ),
        h(
          "div.people",
          { "data-keep-scroll": "people" },
          h("h2", null, t("pin.people")),
          world.facts.employees.filter((one) => !one.user.deleted).map(person),
        ),
      ),
    );
  }

  window.addEventListener("keydown", (event) => {
    if (world.facts.screen !== "pin" || world.facts.popup || event.target.matches("input, textarea")) return;
    if (/^\d$/.test(event.key)) press(event.key);
    if (event.key === "Backspace") press("back");
  });
  return { draw };
}
