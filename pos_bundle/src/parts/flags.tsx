import type { Flag, GuestCard } from "../messages";
import { h } from "../paint";
import { clean, day } from "../text";
import type { GuestView, View } from "./view";

const SHOWN = 2;

/** What must be known before the name is read: the most important first, the rest is counted. */
export function Flags({ guest, act, ...view }: GuestView) {
  const flags = guest.flags || [];
  const [first] = flags;
  if (!first) return null;
  const more = flags.length - SHOWN;
  return (
    <button type="button" class={`flags ${clean(first.kind, 8)}`} onclick={() => act.panel("flag")}>
      {flags.slice(0, SHOWN).map((flag, place) => (
        <FlagLine {...view} flag={flag} key={place}>
          {more > 0 && place === SHOWN - 1 && <b class="count">{`+${more}`}</b>}
        </FlagLine>
      ))}
    </button>
  );
}

type Line = Pick<View, "state" | "say"> & { flag: Flag; key?: number; children?: unknown };

export const FlagLine = ({ flag, children, ...view }: Line) => (
  <span class="flag">
    <FlagWord {...view} flag={flag} />
    <span>
      {clean(flag.text, 120)} <span class="soft">{signature(flag, view)}</span>
    </span>
    {children as null}
  </span>
);

const FlagWord = ({ flag, say }: Pick<View, "say"> & { flag: Flag }) => (
  <b class={`pill ${clean(flag.kind, 8)}`}>{say(`flag_${flag.kind}`)}</b>
);

/** Who says so, and since when. */
function signature({ id, by, at }: Flag, { state, say }: Pick<View, "state" | "say">): string {
  return id === null ? say("ownersRule") : [clean(by, 40), at && day(at, state.lang)].filter(Boolean).join(", ");
}

/** Only the words, where there is room for no more. */
export const FlagWords = ({ guest, say }: Pick<View, "say"> & { guest: GuestCard }) => (
  <span class="tags">
    {(guest.flags || []).slice(0, SHOWN + 1).map((flag, place) => (
      <FlagWord flag={flag} say={say} key={place} />
    ))}
  </span>
);
