// Buttons that the application asked for with showApplicationIconAt: one for each place.
import { h } from "../dom.js";
import { activeOrder } from "./orders.js";
import { icon } from "../icon.js";

export const PLACES = ["functions", "order", "receiptsArchive", "payment"];

export function click(world, bus, place) {
  const order = activeOrder(world);
  bus.emit("applicationIconClicked", order ? { place, order } : { place });
}

export function appIcon(world, bus, place, before = () => {}) {
  const label = world.facts.icons[place];
  if (!label) return null;
  const go = () => {
    before();
    click(world, bus, place);
  };
  return h(
    "button.app-icon",
    { type: "button", onclick: go, "data-test": `icon-${place}` },
    h("span.app-mark", null, icon("phone", 20)),
    label,
  );
}
