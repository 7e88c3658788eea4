import { h } from "../paint";
import { Button } from "../parts/button";
import { Frame } from "../parts/frame";
import { Rows } from "../parts/rows";
import type { CardView } from "../parts/view";

/** What the server draws about this call or its guest. */
export function SheetPanel(view: CardView) {
  const { state, card } = view;
  const { sheet } = state;
  const buttons = sheet && sheet.save && (
    <Button kind="main" busy={card.work.busy} form="sheet">
      {sheet.save}
    </Button>
  );
  return (
    <Frame {...view} title={sheet ? sheet.title : "…"} buttons={buttons}>
      <Rows {...view} />
    </Frame>
  );
}
