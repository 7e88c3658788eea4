import type { GuestCard } from "../messages";
import { h } from "../paint";
import { Button } from "../parts/button";
import { numberOf } from "../parts/caller";
import { Facts, Tags } from "../parts/facts";
import { Frame } from "../parts/frame";
import type { CardView } from "../parts/view";
import type { Card } from "../state";
import { clean } from "../text";

export const isKnown = (card: Card) => !!card.guest;

/** We know who calls: greet, and open an order. */
export function Known(view: CardView) {
  const { card, act, say } = view;
  const guest = card.guest as GuestCard;
  const comment = clean(guest.comment, 300);
  return (
    <Frame {...view} title={clean(guest.name) || numberOf(card, say)} footer={<Decision {...view} guest={guest} />}>
      <p class="number">{numberOf(card, say)}</p>
      <Tags {...view} guest={guest} />
      {comment && <p class="note">{comment}</p>}
      <Facts {...view} guest={guest} />
      {card.guests.length > 1 && (
        <Button kind="quiet" tap={() => act.choose(null)}>
          {say("anotherGuest")}
        </Button>
      )}
    </Frame>
  );
}

function Decision({ card, state, act, say, guest }: CardView & { guest: GuestCard }) {
  const { order } = state;
  const { busy, replacing } = card.work;
  const inside = order && order.client === guest.id;
  return (
    <div class="buttons">
      <Button kind="main" busy={busy} tap={() => act.newOrder(guest)}>
        {say("newOrder")}
      </Button>
      {order && !inside && (
        <Button busy={busy} tap={() => act.addToOrder(guest)}>
          {say(replacing ? "replace" : "addToOrder")}
        </Button>
      )}
      <Button tap={act.close}>{say("close")}</Button>
    </div>
  );
}
