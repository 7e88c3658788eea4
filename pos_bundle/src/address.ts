import type { GuestCard, Place } from "./messages";
import type { View } from "./parts/view";
import type { Card } from "./state";
import { clean } from "./text";

/** Addresses: which one goes with the order, and how one reads in a line. */

export const blankPlace: Place = {
  text: "",
  street: "",
  house: "",
  flat: "",
  entrance: "",
  floor: "",
  code: "",
  note: "",
  at: 0,
};

/** The one that the cashier chose, else the one used last, else what stands in the guest's profile. */
export function placeOf({ work }: Pick<Card, "work">, guest: GuestCard | null): Place | null {
  if (work.place) return work.place;
  const [newest] = (guest && guest.addresses) || [];
  const text = guest ? guest.last_address || guest.address : "";
  return newest || (text ? { ...blankPlace, text } : null);
}

const PARTS = ["flat", "entrance", "floor", "code"] as const;

type Say = View["say"];

/** "оф. 12" says itself what it is. */
function told(place: Place, part: (typeof PARTS)[number], say: Say): string {
  const value = clean(place[part], 20);
  return value && (/[\s.]/.test(value) ? value : say(`${part}No`, value));
}

const joined = (texts: string[]) => texts.filter(Boolean).join(", ");

/** Street, house and flat. */
export const doorOf = (place: Place, say: Say) =>
  clean(place.street)
    ? joined([`${clean(place.street)} ${clean(place.house, 20)}`.trim(), told(place, "flat", say)])
    : clean(place.text, 200);

/** How to get to that door. */
export const wayOf = (place: Place, say: Say) =>
  joined(
    PARTS.slice(1)
      .map((part) => told(place, part, say))
      .concat(clean(place.note, 120)),
  );

/** One line for the kitchen and the courier; `""` for no address. */
export const line = (place: Place | null, say: Say) => (place ? joined([doorOf(place, say), wayOf(place, say)]) : "");
