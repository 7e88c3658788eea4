import { h } from "../paint";
import { Button } from "../parts/button";
import { numberOf } from "../parts/caller";
import { Field, GroupField } from "../parts/field";
import { Frame } from "../parts/frame";
import type { CardView } from "../parts/view";
import { emptyDraft } from "../state";
import { clean } from "../text";

/** Nobody has this number: a form. Enter in it creates the guest and the order. */
export function Unknown(view: CardView) {
  const { card, act, say } = view;
  const name = clean(card.slot.call.name, 60);
  const submit = (event: Event) => {
    event.preventDefault();
    act.create(true);
  };
  return (
    <Frame {...view} title={numberOf(card, say)} footer={<Decision {...view} />}>
      <p class="soft">{say(card.failed ? "failed" : "newGuest")}</p>
      {name && <p class="soft">{`«${name}»`}</p>}
      <Owner {...view} />
      <form id="guest" onsubmit={submit}>
        <Fields {...view} />
      </form>
    </Frame>
  );
}

function Fields({ card, state, act, say }: CardView) {
  const { slot, work } = card;
  const draft = work.draft || emptyDraft;
  const groups = state.groups || [];
  const chosen = draft.group || (groups[0] ? groups[0].id : 0);
  return (
    <div class="fields">
      <Field label={say("name")} value={draft.name} type={(name) => act.type({ name })} />
      <GroupField label={say("group")} groups={groups} chosen={chosen} choose={(group) => act.type({ group })} />
      <Field label={say("phone")} value={clean(slot.call.from, 30)} half locked />
      <Field label={say("address")} value={draft.address} type={(address) => act.type({ address })} />
      <Field label={say("comment")} value={draft.comment} type={(comment) => act.type({ comment })} />
    </div>
  );
}

/** Somebody turned out to have the number while the form was being filled. */
function Owner({ card, act, say }: CardView) {
  const [owner] = card.guests;
  if (!owner) return null;
  return (
    <div class="note">
      {say("belongs", clean(owner.name, 60))}
      <Button tap={() => act.choose(owner.id)}>{say("useGuest")}</Button>
    </div>
  );
}

function Decision({ card, act, say }: CardView) {
  const { busy } = card.work;
  return (
    <div class="buttons">
      <Button kind="main" busy={busy} form="guest">
        {say("createAndOrder")}
      </Button>
      <Button busy={busy} tap={() => act.create(false)}>
        {say("createOnly")}
      </Button>
      <Button tap={act.close}>{say("close")}</Button>
    </div>
  );
}
