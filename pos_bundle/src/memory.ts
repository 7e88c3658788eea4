import { isObject, parsed } from "./messages";
import { type Draft, emptyDraft, emptyWork, isTyped, type State, type Work } from "./state";

/** Drafts outlive a reload of our page; some registers forbid even that, and then they don't. */

const KEY = "dzvinok.drafts";
const KEPT = 20;

type Works = { [call: string]: Work };

export function recall(): Works {
  const works: Works = {};
  try {
    const saved = parsed(sessionStorage.getItem(KEY));
    if (isObject(saved))
      for (const call of Object.keys(saved)) {
        const draft = { ...emptyDraft, ...(saved[call] as Draft) };
        works[call] = { ...emptyWork, draft };
      }
  } catch (_) {
    // Storage is closed to us: begin with nothing.
  }
  return works;
}

const written = (works: State["works"]) =>
  Object.keys(works).filter((call) => {
    const work = works[call];
    return !!work && !!work.draft && isTyped(work.draft);
  });

export function remember(works: State["works"]): void {
  const drafts: { [call: string]: Draft | null } = {};
  for (const call of written(works).slice(-KEPT)) drafts[call] = (works[call] as Work).draft;
  try {
    sessionStorage.setItem(KEY, JSON.stringify(drafts));
  } catch (_) {
    // Storage is closed to us: the drafts live as long as the page.
  }
}

/** Desks of calls that are here or have a draft; the others are cleared. */
export function cleared(works: State["works"], here: readonly string[]): State["works"] {
  const keep = written(works).slice(-KEPT).concat(here);
  const next: Works = {};
  for (const call of Object.keys(works)) if (keep.indexOf(call) >= 0) next[call] = works[call] as Work;
  return next;
}
