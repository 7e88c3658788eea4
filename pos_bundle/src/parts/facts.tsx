import { placeOf } from "../address";
import { type Child, h } from "../paint";
import { isIncomplete } from "../state";
import { clean, dots, moment, pay } from "../text";
import type { GuestView } from "./view";

export const Fact = ({ label, children }: { label: string; children: Child }) => (
  <div class="fact">
    <dt>{label}</dt>
    <dd>{children}</dd>
  </div>
);

/** Cards that were read longer ago say when. */
const FRESH = 600;

/** Group, bonus or discount, birthday: short, in a row. */
export function Tags({ guest, state, say }: GuestView) {
  const known = (state.groups || []).find(({ id }) => id === guest.group_id);
  const group = clean(guest.group || (known && known.name), 40);
  const discount = clean(String(guest.discount || ""), 6).replace(/\.0+$/, "");
  let bonus = guest.loyalty === "bonus" && Number(guest.bonus) > 0 && say("bonus", pay(guest.bonus, state));
  const hints: string[] = [];
  for (const hint of guest.hints || [])
    if (hint.kind === "bonus") {
      bonus = "";
      hints.push(say("mentionBonus", pay(hint.sum, state)));
    } else if (hint.kind === "birthday") hints.push(hint.days ? say("birthdayIn", `${hint.days}`) : say("birthday"));
  return (
    <p class="tags">
      {group && <span class="tag">{group}</span>}
      {[bonus, discount && discount !== "0" && say("discount", discount)].map(
        (text) => text && <span class="tag good">{text}</span>,
      )}
      {hints.map((text) => (
        <span class="tag hint">{text}</span>
      ))}
    </p>
  );
}

/** Where the order will go, with the way to other addresses. */
export function Address({ guest, card, act, say }: GuestView) {
  const place = placeOf(card, guest);
  return (
    <button type="button" class="row whole" onclick={() => act.sheets.about("place", card)}>
      <span class="caller">
        <b>{(place && clean(place.door || place.text, 200)) || say("addAddress")}</b>
        <span>{dots(say(card.work.place || !place ? "address" : "lastAddress"), place && clean(place.way, 200))}</span>
      </span>
    </button>
  );
}

/** How good a guest this is, in one soft line, and from when that is. */
export function Figures({ guest, card, state, say }: GuestView) {
  const { figures } = guest;
  const { at = 0, behind } = card.slot.guest || {};
  const old = at && !isIncomplete(card) && (behind || state.now + state.calls.ahead - at > FRESH);
  return (
    <p class="soft figures">
      {dots(
        figures && figures.since && say("since", `${new Date(figures.since * 1000).getFullYear()}`),
        figures && say("ordersInYear", `${figures.orders}`),
        figures &&
          figures.orders > 0 &&
          `${pay(figures.total, state)} · ${say("average", pay(figures.average, state))}`,
        old && say("asOf", moment(at, state.lang)),
      )}
    </p>
  );
}
