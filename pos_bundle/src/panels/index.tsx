import type { CardView } from "../parts/view";
import type { Panel } from "../state";
import { BookPanel } from "./book";
import { FlagPanel } from "./flag";
import { KinPanel } from "./kin";
import { More } from "./more";
import { Never } from "./never";
import { Note } from "./note";
import { OrdersPanel } from "./orders";
import { PlacePanel } from "./place";
import { RepeatPanel } from "./repeat";

/** One screen for each panel; whoever opens one finds the way back in its head. */
export const PANELS: { [panel in Panel]?: (view: CardView) => JSX.Element } = {
  flag: FlagPanel,
  place: PlacePanel,
  kin: KinPanel,
  more: More,
  orders: OrdersPanel,
  repeat: RepeatPanel,
  book: BookPanel,
  note: Note,
  never: Never,
};
