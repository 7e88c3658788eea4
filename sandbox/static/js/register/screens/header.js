// The top line of the register: where we are, who works, what has arrived.
import { h, redraw } from "../../dom.js";
import { t } from "../../i18n.js";
import { initials } from "../guests.js";
import { logout } from "../session.js";
import { openNotifications, unread } from "../toasts.js";
import { openFunctions } from "./functions.js";
import { openGuests } from "./guestlist.js";
import { icon } from "../../icon.js";

function person(world, bus) {
  const { user } = world.facts;
  return h(
    "button.who",
    {
      type: "button",
      onclick: () => logout(world, bus),
      "aria-label": `${user.name}: ${t("logout")}`,
      title: t("logout"),
      "data-test": "logout",
    },
    h("span.avatar", { "aria-hidden": "true" }, initials(user.name)),
    h("span.who-name", null, user.name.split(" ")[0]),
    icon("lock", 18),
  );
}

function bell(world, bus) {
  const count = unread(world);
  return h(
    "button.icon-button.bell",
    {
      type: "button",
      onclick: () => openNotifications(world, bus),
      "aria-label": t("notifications"),
      "data-test": "bell",
    },
    icon("bell"),
    count ? h("i.badge", null, count) : null,
  );
}

export function drawHeader(world, bus, host, place) {
  const functions = () => openFunctions(world, bus, host);
  const draw = ({ user, tablet, spot, online }) =>
    redraw(
      place,
      h("span.where", null, h("b", null, tablet.name), h("small", null, online === false ? t("offline") : spot.name)),
      user
        ? h(
            "button.icon-button",
            {
              type: "button",
              onclick: () => openGuests(world, bus),
              "aria-label": t("guests"),
              title: t("guests"),
              "data-test": "guests",
            },
            icon("guests"),
          )
        : null,
      user ? bell(world, bus) : null,
      h(
        "button.icon-button",
        {
          type: "button",
          onclick: functions,
          "aria-label": t("functions"),
          title: t("functions"),
          "data-test": "functions",
        },
        icon("menu"),
      ),
      user ? person(world, bus) : null,
    );
  world.watch(["user", "notifications", "online"], draw);
}
