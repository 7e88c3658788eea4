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

/** One line for the eye, the kitchen and the courier; `""` for no address. */
export function line(place: Place | null, say: View["say"]): string {
  if (!place) return "";
  const street = [clean(place.street), clean(place.house, 20)].filter(Boolean).join(" ");
  const parts = PARTS.map((part) => place[part] && say(`${part}No`, clean(place[part], 20)));
  return [clean(street ? street : place.text, 200)]
    .concat(street ? parts : [], clean(place.note, 120))
    .filter(Boolean)
    .join(", ");
}
