import type { GuestCard } from "../messages";
import { type Child, h } from "../paint";
import type { Card } from "../state";
import { clean, day, money } from "../text";
import type { View } from "./view";

export const Fact = ({ label, children }: { label: string; children: Child }) => (
  <div class="fact">
    <dt>{label}</dt>
    <dd>{children}</dd>
  </div>
);

type Props = View & { card: Card; guest: GuestCard };

/** Group, bonus or discount: short, in a row. */
export function Tags({ guest, state, say }: Props) {
  const currency = state.account ? state.account.currency : "";
  const known = (state.groups || []).find(({ id }) => id === guest.group_id);
  const discount = clean(String(guest.discount || ""), 6).replace(/\.0+$/, "");
  const group = clean(guest.group || (known ? known.name : ""), 40);
  return (
    <p class="tags">
      {group && <span class="tag">{group}</span>}
      {guest.loyalty === "bonus" && guest.bonus && Number(guest.bonus) > 0 && (
        <span class="tag good">{say("bonus", money(guest.bonus, currency))}</span>
      )}
      {discount && discount !== "0" && <span class="tag good">{say("discount", discount)}</span>}
    </p>
  );
}

/** Where to and what, the last time. */
export function Facts(props: Props) {
  const { guest, say } = props;
  const address = clean(guest.last_address || guest.address, 200);
  return (
    <dl>
      {address && <Fact label={say("lastAddress")}>{address}</Fact>}
      <LastOrder {...props} />
    </dl>
  );
}

function LastOrder({ guest, card, state, say }: Props) {
  const order = guest.last_order;
  const said = card.slot.guest;
  const read = said && said.stage === "complete" && said.guests.some(({ id }) => id === guest.id);
  if (!order) return read ? <Fact label={say("lastOrder")}>{say("noOrders")}</Fact> : null;
  const sum = money(order.sum, state.account ? state.account.currency : "");
  const head = [day(order.at, state.lang), sum, order.delivery ? say("delivery") : ""].filter(Boolean).join(" · ");
  return (
    <Fact label={say("lastOrder")}>
      {head}
      <ul>
        {order.items.slice(0, 20).map((item, place) => (
          <li key={place}>
            {clean(String(item.count), 8)} × {clean(item.name)} <span class="soft">{clean(item.modification)}</span>
          </li>
        ))}
      </ul>
    </Fact>
  );
}
