import { h } from "../paint";
import { clean, dots, moment, pay } from "../text";
import type { CardView } from "./view";

/** This number called a short while ago: what came of it then. */
export function Again({ card, state, say }: CardView) {
  const again = card.slot.guest && card.slot.guest.again;
  if (!again) return null;
  const { at, outcome, by, order, note, text } = again.last;
  const answered = outcome === "answered" ? clean(by, 40) && say("answeredBy", clean(by, 40)) : say("noReply");
  return (
    <p class="again">
      <b>{say("callNo", `${again.count}`)}</b>
      {` · ${dots(
        `${moment(at, state.lang)} ${answered}`.trim(),
        order && say("orderNo", `${order.id} ${pay(order.sum, state)}`.trim()),
        note && say(`about_${note}`),
        text && `«${clean(text, 120)}»`,
      )}`}
    </p>
  );
}
