import type { Word } from "../i18n";
import type { GuestCard } from "../messages";
import type { Actions, Card, State } from "../state";

/** What every screen and part gets: what is, what can be done, and the words for it. */
export interface View {
  state: State;
  act: Actions;
  say(word: Word, what?: string): string;
}

export interface CardView extends View {
  card: Card;
}

export interface GuestView extends CardView {
  guest: GuestCard;
}
