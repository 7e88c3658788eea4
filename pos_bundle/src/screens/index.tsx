import { slotOf } from "../calls";
import { say as sayIn, type Word } from "../i18n";
import { h } from "../paint";
import { PANELS } from "../panels";
import type { CardView, View } from "../parts/view";
import { type Actions, type Card, cardOf, type Page, type State } from "../state";
import { Choose, isChoice } from "./choose";
import { isKnown, Known } from "./known";
import { Listing } from "./listing";
import { Menu } from "./menu";
import { isSearching, Searching } from "./searching";
import { Unknown } from "./unknown";
import { isVeiled, Veiled } from "./veiled";
import { isWithheld, Withheld } from "./withheld";

interface Screen {
  fits(card: Card): boolean;
  draw(view: CardView): JSX.Element;
}

/** A new guest is being written down; what is typed in a panel stands over the card anyway. */
const isTyping = (card: Card) => card.slot.typing && !!card.work.draft;

/** The first that fits is drawn: position is urgency. What is being typed gives way to nothing. */
const SCREENS: Screen[] = [
  { fits: isVeiled, draw: Veiled },
  { fits: isWithheld, draw: Withheld },
  { fits: isTyping, draw: Unknown },
  { fits: isKnown, draw: Known },
  { fits: isChoice, draw: Choose },
  { fits: isSearching, draw: Searching },
  { fits: () => true, draw: Unknown },
];

const PAGES: { [page in Page]: (view: View) => JSX.Element } = {
  menu: Menu,
  now: Menu,
  missed: Listing,
  handover: Listing,
};

/** The card in front and what draws it; without a card, the menu. */
function current(state: State) {
  const slot = state.menu ? undefined : slotOf(state.calls, state.calls.front);
  if (!slot) return null;
  const card = cardOf(state, slot);
  const panel = card.work.panel && PANELS[card.work.panel];
  const draw = panel || (SCREENS.find(({ fits }) => fits(card)) as Screen).draw;
  return { card, draw };
}

/** Changes when other buttons come under the cashier's fingers. */
export function place(state: State): string {
  const now = current(state);
  return [state.open, now ? now.card.slot.call.id + now.draw.name : state.page].join();
}

export function App({ state, act }: { state: State; act: Actions }) {
  const say = (word: Word, what?: string) => sayIn(state.words, word, what);
  const now = current(state);
  const view = { state, act, say };
  return <div class="app">{now ? now.draw({ ...view, card: now.card }) : PAGES[state.page](view)}</div>;
}
