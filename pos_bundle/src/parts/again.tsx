import { h } from "../paint";
import { clean, moment, money } from "../text";
import type { CardView } from "./view";

/** This number called a short while ago: what came of it then. */
export function Again({ card, state, say }: CardView) {
  const again = card.slot.guest && card.slot.guest.again;
  if (!again) return null;
  const { at, outcome, by, order, note, text } = again.last;
  const who = clean(by, 40);
  const answered = outcome === "answered";
  const sum = order && order.sum ? money(order.sum, state.account ? state.account.currency : "") : "";
  const parts = [
    [moment(at, state.lang), answered ? who && say("answeredBy", who) : say("noReply")].filter(Boolean).join(" "),
    order && [say("orderNo", `${order.id || ""}`), sum].filter(Boolean).join(" "),
    note && say(`about_${note}`),
    text && `«${clean(text, 120)}»`,
  ];
  return (
    <p class="again">
      <b>{say("callNo", `${again.count}`)}</b> · {parts.filter(Boolean).join(" · ")}
    </p>
  );
}
