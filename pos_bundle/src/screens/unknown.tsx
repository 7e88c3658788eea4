import { type Child, h } from "../paint";
import { Again } from "../parts/again";
import { Button } from "../parts/button";
import { numberOf } from "../parts/caller";
import { Field, GroupField } from "../parts/field";
import { Frame } from "../parts/frame";
import { StreetField } from "../parts/suggest";
import { CallTools } from "../parts/tools";
import type { CardView } from "../parts/view";
import { emptyDraft } from "../state";
import { clean, dots } from "../text";

/**
 * Nobody has this number: a form. Enter in it creates the guest and the order. What turns up meanwhile stands above the
 * buttons: no field moves under the fingers.
 */
export function Unknown(view: CardView) {
  const { card, act, say } = view;
  const name = clean(card.slot.call.name, 60);
  const submit = (event: Event) => {
    event.preventDefault();
    act.create(true);
  };
  return (
    <Frame
      {...view}
      title={numberOf(card, say)}
      above={view.card.guests.length ? <Owner {...view} /> : <Same {...view} />}
      buttons={decision(view)}
    >
      <p class="soft">{dots(say(card.failed ? "failed" : "newGuest"), name && `«${name}»`)}</p>
      <Again {...view} />
      <form id="guest" onsubmit={submit}>
        <Fields {...view} />
      </form>
      <div class="tools">
        <CallTools {...view} />
      </div>
    </Frame>
  );
}

function Fields(view: CardView) {
  const { card, state, act, say } = view;
  const { slot, work } = card;
  const draft = work.draft || emptyDraft;
  const groups = state.groups || [];
  const chosen = draft.group || (groups[0] ? groups[0].id : 0);
  return (
    <div class="fields">
      <Field label={say("name")} value={draft.name} type={(name) => act.type({ name })} />
      <GroupField label={say("group")} groups={groups} chosen={chosen} choose={(group) => act.type({ group })} />
      <Field label={say("phone")} value={clean(slot.call.from, 30)} half locked />
      <StreetField {...view} label={say("address")} value={draft.address} type={(address) => act.type({ address })} />
      <Field label={say("comment")} value={draft.comment} type={(comment) => act.type({ comment })} />
    </div>
  );
}

/** Somebody turned out to have the number while the form was being filled. */
function Owner({ card, act, say }: CardView) {
  const [owner] = card.guests;
  if (!owner) return null;
  return (
    <div class="box ask">
      <span>{say("belongs", clean(owner.name, 60))}</span>
      <Button tap={() => act.choose(owner.id)}>{say("useGuest")}</Button>
    </div>
  );
}

/** Name or address say that this may be a guest with another number. Nobody is joined without a tap. */
function Same({ card, act, say }: CardView) {
  const [one] = card.work.kin;
  if (!one) return null;
  const who = [clean(one.name, 60), clean(one.address, 60)].filter(Boolean).join(", ");
  return (
    <div class="box ask">
      <span role="status">{say("samePerson", who)}</span>
      <Button busy={card.work.busy} tap={() => act.guest.join(one.id)}>
        {say("yes")}
      </Button>
      <Button tap={act.guest.stranger}>{say("no")}</Button>
    </div>
  );
}

const decision = ({ card, act, say }: CardView): Child => [
  <Button kind="main" busy={card.work.busy} form="guest">
    {say("createAndOrder")}
  </Button>,
  <Button busy={card.work.busy} tap={() => act.create(false)}>
    {say("createOnly")}
  </Button>,
];
