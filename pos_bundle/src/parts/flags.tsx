import type { Flag, GuestCard } from "../messages";
import { h } from "../paint";
import { clean, day } from "../text";
import type { GuestView, View } from "./view";

const SHOWN = 2;

/** What must be known before the name is read: the most important first, the rest is counted. */
export function Flags(view: GuestView) {
  const flags = view.guest.flags || [];
  const [first] = flags;
  const more = flags.length - SHOWN;
  if (!first) return null;
  return (
    <button
      type="button"
      class={`flags ${clean(first.kind, 8)}`}
      onclick={() => view.act.sheets.about("flag", view.card)}
    >
      {flags.slice(0, SHOWN).map((flag, place) => flagLine(view, flag, place && more > 0 ? `+${more}` : ""))}
    </button>
  );
}

/** One flag: its word, what it says, who says so and since when. */
const flagLine = ({ state, say }: View, { id, kind, text, by, at }: Flag, more = "") => (
  <span class="flag">
    <b class={`pill ${clean(kind, 8)}`}>{say(`flag_${kind}`)}</b>
    <span>
      {clean(text, 120)}{" "}
      <span class="soft">
        {id === null ? say("ownersRule") : [clean(by, 40), at && day(at, state.lang)].filter(Boolean).join(", ")}
      </span>
    </span>
    <b>{more}</b>
  </span>
);

/** Only the words, where there is room for no more. */
export const flagWords = ({ flags = [] }: GuestCard, say: View["say"]) => (
  <span class="tags">
    {flags.slice(0, SHOWN).map(({ kind }) => (
      <b class={`pill ${clean(kind, 8)}`}>{say(`flag_${kind}`)}</b>
    ))}
  </span>
);
