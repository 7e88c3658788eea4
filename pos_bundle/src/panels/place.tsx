import { blankPlace, doorOf, placeOf, wayOf } from "../address";
import type { Place } from "../messages";
import { h } from "../paint";
import { Button } from "../parts/button";
import { Field } from "../parts/field";
import { Frame } from "../parts/frame";
import { StreetField } from "../parts/suggest";
import type { CardView } from "../parts/view";

/** Every address that this guest used, newest first; one tap takes one. Below, room for another. */
export function PlacePanel(view: CardView) {
  const { card, say } = view;
  const { guest } = card;
  const now = placeOf(card, guest);
  const known = (guest && guest.addresses) || [];
  const all = now ? [now].concat(known.filter((one) => doorOf(one, say) !== doorOf(now, say))) : [];
  return (
    <Frame {...view} title={say("addresses")} buttons={take(view)}>
      {all.slice(0, 10).map((place, at) => (
        <Known {...view} place={place} key={at} />
      ))}
      <Fields {...view} />
    </Frame>
  );
}

function Known({ place, act, say }: CardView & { place: Place; key?: number }) {
  const change = { ...place, street: place.street || place.text };
  return (
    <div class="pair">
      <button type="button" class="row" onclick={() => act.guest.usePlace(place)}>
        <span class="caller">
          <b>{doorOf(place, say)}</b>
          <span>{wayOf(place, say)}</span>
        </span>
      </button>
      <Button kind="quiet" tap={() => act.guest.typePlace(change)}>
        {say("change")}
      </Button>
    </div>
  );
}

const SHORT = ["house", "flat", "entrance", "floor", "code"] as const;

function Fields(view: CardView) {
  const { card, act, say } = view;
  const form = card.work.form || blankPlace;
  const submit = (event: Event) => {
    event.preventDefault();
    act.guest.savePlace();
  };
  return (
    <form id="place" onsubmit={submit}>
      <h2>{say("newAddress")}</h2>
      <div class="fields">
        <StreetField
          {...view}
          label={say("street")}
          value={form.street}
          type={(street) => act.guest.typePlace({ street })}
        />
        {SHORT.map((part) => (
          <Field
            key={part}
            size="third"
            label={say(part)}
            value={form[part]}
            most={20}
            type={(typed) => act.guest.typePlace({ [part]: typed })}
          />
        ))}
        <Field label={say("placeNote")} value={form.note} most={120} type={(note) => act.guest.typePlace({ note })} />
      </div>
    </form>
  );
}

const take = ({ card, say }: CardView) => (
  <Button kind={card.work.form ? "main" : "calm"} form="place">
    {say("useAddress")}
  </Button>
);
