import type { GuestCard } from "../messages";
import { type Child, h } from "../paint";
import { Again } from "../parts/again";
import { Button } from "../parts/button";
import { numberOf } from "../parts/caller";
import { Address, Figures, Tags } from "../parts/facts";
import { Flags } from "../parts/flags";
import { Frame } from "../parts/frame";
import { isElsewhere, LastOrder, Repeat, Usual } from "../parts/history";
import { Parked, PromiseTime } from "../parts/promise";
import { Running } from "../parts/running";
import type { CardView, GuestView } from "../parts/view";
import { type Card, isIncomplete } from "../state";
import { clean } from "../text";

export const isKnown = (card: Card) => !!card.guest;

/** We know who calls: what must be known, what the call is likely about, and the way to an order. */
export function Known(view: CardView) {
  const { card, say } = view;
  const all = { ...view, guest: card.guest as GuestCard };
  const name = clean(all.guest.name);
  const slow = isIncomplete(card) || card.work.waited;
  const comment = clean(all.guest.comment, 300);
  return (
    <Frame
      {...view}
      lead={<Flags {...all} />}
      title={name || numberOf(card, say)}
      above={<More {...all} />}
      buttons={decision(all)}
    >
      <div class="whose">
        {name && <span class="number">{numberOf(card, say)}</span>}
        <Tags {...all} />
      </div>
      <Again {...view} />
      <Running {...all} />
      <Parked {...view} />
      <Address {...all} />
      {slow && <PromiseTime {...view} />}
      <dl class={isIncomplete(card) ? "facts late" : "facts"}>
        <Usual {...all} />
        <LastOrder {...all} />
      </dl>
      <Figures {...all} />
      {!slow && <PromiseTime {...view} />}
      {comment && <p class="note">{comment}</p>}
    </Frame>
  );
}

/** What is needed now and then, quietly. */
function More({ card, state, act, say }: GuestView) {
  return (
    <div class="more">
      <Button kind="quiet" tap={() => act.sheets.about("flag", card)}>
        {say("flag")}
      </Button>
      <Button kind="quiet" tap={() => act.sheets.about("note", card)}>
        {say("note")}
      </Button>
      {state.prefs.booking && (
        <Button kind="quiet" tap={() => act.sheets.about("book", card)}>
          {say("aTable")}
        </Button>
      )}
      {card.guests.length > 1 && (
        <Button kind="quiet" tap={() => act.choose(null)}>
          {say("anotherGuest")}
        </Button>
      )}
      <Button kind="quiet" tap={() => act.panel("more")}>
        {say("more")}
      </Button>
    </div>
  );
}

function decision(view: GuestView): Child {
  const { card, act, say, guest } = view;
  const { busy, replacing } = card.work;
  return [
    <Button
      kind={guest.open && guest.open.length ? "calm trio" : "main trio"}
      busy={busy}
      tap={() => act.newOrder(guest)}
    >
      {say("newOrder")}
    </Button>,
    isElsewhere(view) ? (
      <Button busy={busy} tap={() => act.addToOrder(guest)}>
        {say(replacing ? "replace" : "addToOrder")}
      </Button>
    ) : (
      <Repeat {...view} />
    ),
  ];
}
