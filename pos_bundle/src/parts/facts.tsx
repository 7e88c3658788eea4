import { doorOf, placeOf, wayOf } from "../address";
import type { Hint } from "../messages";
import { type Child, h } from "../paint";
import { isIncomplete } from "../state";
import { clean, moment, money } from "../text";
import type { GuestView, View } from "./view";

export const Fact = ({ label, children }: { label: string; children: Child }) => (
  <div class="fact">
    <dt>{label}</dt>
    <dd>{children}</dd>
  </div>
);

/** Cards that were read longer ago say when. */
const FRESH = 600;

/** Group, bonus or discount, birthday: short, in a row. */
export function Tags(view: Pick<GuestView, "state" | "say" | "guest">) {
  const { guest, state, say } = view;
  const known = (state.groups || []).find(({ id }) => id === guest.group_id);
  const discount = clean(String(guest.discount || ""), 6).replace(/\.0+$/, "");
  const group = clean(guest.group || (known ? known.name : ""), 40);
  const birthday = (guest.hints || []).find(({ kind }) => kind === "birthday");
  return (
    <p class="tags">
      {group && <span class="tag">{group}</span>}
      <Bonus {...view} />
      {discount && discount !== "0" && <span class="tag good">{say("discount", discount)}</span>}
      {birthday && <span class="tag hint">{birthdayIn(birthday, say)}</span>}
    </p>
  );
}

/** Worth mentioning when the owner says so. */
function Bonus({ guest, state, say }: Pick<GuestView, "state" | "say" | "guest">) {
  const hint = (guest.hints || []).find(({ kind }) => kind === "bonus") as { sum: string } | undefined;
  const bonus = hint ? hint.sum : guest.loyalty === "bonus" ? guest.bonus : null;
  if (!bonus || !(Number(bonus) > 0)) return null;
  const sum = money(bonus, state.account ? state.account.currency : "");
  return <span class={hint ? "tag hint" : "tag good"}>{say(hint ? "mentionBonus" : "bonus", sum)}</span>;
}

function birthdayIn(hint: Hint, say: View["say"]): string {
  const days = "days" in hint ? hint.days : 0;
  return days > 0 ? say("birthdayIn", `${days}`) : say("birthday");
}

/** Where the order will go, with the way to other addresses. */
export function Address({ guest, card, act, say }: GuestView) {
  const place = placeOf(card, guest);
  const label = say(card.work.place ? "address" : place ? "lastAddress" : "address");
  const way = place && wayOf(place, say);
  return (
    <button type="button" class="row" onclick={() => act.panel("place")}>
      <span class="caller">
        <b>{(place && doorOf(place, say)) || say("addAddress")}</b>
        <span>{[label, way].filter(Boolean).join(" · ")}</span>
      </span>
    </button>
  );
}

/** How good a guest this is, in one soft line, and from when that is. */
export function Figures({ guest, card, state, say }: GuestView) {
  const { figures } = guest;
  const currency = state.account ? state.account.currency : "";
  const parts = figures
    ? [
        figures.since && say("since", `${new Date(figures.since * 1000).getFullYear()}`),
        say("ordersInYear", `${figures.orders}`),
        figures.orders > 0 && money(figures.total, currency),
        figures.orders > 0 && say("average", money(figures.average, currency)),
      ]
    : [];
  const text = parts
    .concat(asOf(card, state, say))
    .filter(Boolean)
    .join(" · ");
  return text ? <p class="soft figures">{text}</p> : null;
}

function asOf({ slot, work }: GuestView["card"], state: View["state"], say: View["say"]): string {
  const { guest } = slot;
  if (!guest || !guest.at || isIncomplete({ slot, work })) return "";
  const age = state.now + state.calls.ahead - guest.at;
  return guest.behind || age > FRESH ? say("asOf", moment(guest.at, state.lang)) : "";
}
