import { h } from "../paint";
import { Page } from "../parts/page";
import { Rows } from "../parts/rows";
import type { View } from "../parts/view";

/** A page of the menu that the server draws: who waits for a call, what a shift leaves behind. */
export function Listing(view: View) {
  const { sheet } = view.state;
  return (
    <Page {...view} title={sheet ? sheet.title : "…"} back>
      <Rows {...view} />
    </Page>
  );
}
