// What to try first, and the other doors of this Poster.
import { h } from "../dom.js";
import { t } from "../i18n.js";
import { openDrawer } from "./drawer.js";
import { icon } from "../icon.js";

const TIPS = [
  "known",
  "unknown",
  "several",
  "open",
  "repeat",
  "flag",
  "missed",
  "same",
  "waiting",
  "online",
  "elsewhere",
  "busy",
  "switch",
  "kill",
  "sockets",
  "hostile",
  "company",
];
const DOORS = ["connect", "manage", "install", "bare"];

const tip = (name) => h("li", null, h("b", null, t(`tip.${name}`)), h("p", null, t(`tip.${name}.text`)));

function door(links, name) {
  return h(
    "a.row",
    { href: links[name], target: "_blank", "data-test": `door-${name}` },
    h("span", null, h("b", null, t(`door.${name}`)), h("small", null, t(`door.${name}.text`))),
    icon("open", 20),
  );
}

export function openTips({ links }) {
  openDrawer("tips", t("home.tips"), () =>
    h(
      "div.drawer-body",
      null,
      h("ol.tips", null, TIPS.map(tip)),
      h("h3", null, t("doors")),
      h(
        "nav.rows",
        null,
        DOORS.filter((name) => links[name]).map((name) => door(links, name)),
      ),
    ),
  );
}
