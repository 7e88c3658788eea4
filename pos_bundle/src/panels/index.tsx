import type { CardView } from "../parts/view";
import type { Panel } from "../state";
import { More } from "./more";
import { OrdersPanel } from "./orders";
import { RepeatPanel } from "./repeat";
import { SheetPanel } from "./sheet";

/** One screen for each panel; whoever opens one finds the way back in its foot. */
export const PANELS: { [panel in Panel]: (view: CardView) => JSX.Element } = {
  more: More,
  orders: OrdersPanel,
  repeat: RepeatPanel,
  sheet: SheetPanel,
};
