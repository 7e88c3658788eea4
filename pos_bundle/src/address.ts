import type { GuestCard, Place } from "./messages";
import type { Card } from "./state";

/** The address that goes with the order: the one that the cashier chose, else the one used last, else the profile's. */
export function placeOf({ work }: Pick<Card, "work">, guest: GuestCard | null): Place | null {
  const [newest] = (guest && guest.addresses) || [];
  const text = guest ? guest.last_address || guest.address : "";
  return work.place || newest || (text ? { text } : null);
}
