/**
 * Keeps a part of the page fresh while somebody looks at it: `data-part="journal" data-refresh="<stamp>"` inside of
 * something with `data-events`. When the events tell another stamp, the page is asked for again and that part's rows
 * are put right one by one (`data-key`), so that nobody loses the place that they read or the focus.
 */

import { address, token } from "./token";

let asking = false;

/** `stamps` by part, as the server has them now. */
export function refresh(stamps: Record<string, string>): void {
  for (const part of Array.from(document.querySelectorAll<HTMLElement>("[data-refresh]"))) {
    const stamp = stamps[part.dataset.part ?? ""];
    if (stamp && stamp !== part.dataset.refresh && !asking && !chosen(part)) void renew();
  }
}

/** Somebody has marked words there, perhaps to copy them: they would be gone. */
function chosen(part: HTMLElement): boolean {
  const marked = window.getSelection();
  return Boolean(marked && !marked.isCollapsed && marked.anchorNode && part.contains(marked.anchorNode));
}

/** The answer's own token is not taken: a page that was forgotten must close in time. */
async function renew(): Promise<void> {
  asking = true;
  const asked = address();
  try {
    const headers = { Authorization: `Bearer ${token()}` };
    const answer = await fetch(asked, { headers, cache: "no-store", credentials: "omit" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!answer.ok || asked !== address()) return;
    for (const fresh of Array.from(page.querySelectorAll<HTMLElement>("[data-refresh]"))) {
      const part = document.querySelector<HTMLElement>(`[data-refresh][data-part="${fresh.dataset.part}"]`);
      if (part) merge(part, fresh);
    }
  } catch {
    // The server is away for a moment; the next look finds it.
  } finally {
    asking = false;
  }
}

const keyed = (place: ParentNode): HTMLElement[] => Array.from(place.querySelectorAll<HTMLElement>("[data-key]"));

/** Rows that are as they were stay the very same; what somebody reads stays where it is on the screen. */
function merge(part: HTMLElement, fresh: HTMLElement): void {
  const rows = keyed(part);
  const old = new Map(rows.map((row) => [row.dataset.key, row] as const));
  const anchor = rows.find((row) => row.getBoundingClientRect().top >= 0);
  const before = anchor?.getBoundingClientRect().top ?? 0;
  const focus = part.contains(document.activeElement) ? document.activeElement?.id : "";
  let added = 0;
  for (const row of keyed(fresh)) {
    const mine = old.get(row.dataset.key);
    if (!mine) added++;
    else if (mine.isEqualNode(row)) row.replaceWith(mine);
  }
  part.replaceChildren(...Array.from(fresh.childNodes));
  part.dataset.refresh = fresh.dataset.refresh ?? "";
  if (focus) document.getElementById(focus)?.focus({ preventScroll: true });
  const now = keyed(part).find((row) => row.dataset.key === anchor?.dataset.key);
  // At the very top news may push the list down: there it is what one waits for.
  if (now && before > 0 && window.scrollY > 0) window.scrollBy(0, now.getBoundingClientRect().top - before);
  const say = document.getElementById("say");
  if (say && added && part.dataset.added) say.textContent = part.dataset.added.replace("{}", String(added));
}
