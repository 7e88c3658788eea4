import { h } from "../paint";
import { Page } from "../parts/page";
import { Rows } from "../parts/rows";
import type { View } from "../parts/view";

/** What a shift leaves behind, on one page. */
export const Handover = (view: View) => (
  <Page {...view} title={view.say("staysOpen")} back>
    {!view.state.sheet && <p class="soft">{view.say("moment")}</p>}
    <Rows {...view} />
  </Page>
);
