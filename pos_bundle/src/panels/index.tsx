import type { CardView } from "../parts/view";
import type { Panel } from "../state";

/** One screen for each panel; whoever opens one finds the way back in its head. */
export const PANELS: { [panel in Panel]?: (view: CardView) => JSX.Element } = {};
