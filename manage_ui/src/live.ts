/** Keeps figures fresh in their places: what has the focus keeps it, and nothing moves that did not change. */

const LEAST = 5000; // ms between two refreshes, however fast calls come
let last = 0;

const parts = (page: Document): HTMLElement[] => Array.from(page.querySelectorAll<HTMLElement>("[data-live][id]"));
const names = (page: Document): string =>
  Array.from(page.querySelectorAll<HTMLElement>("[data-live][id], [data-chart]"))
    .map((one) => one.id || one.dataset.chart)
    .join();

/** Asks for the page again when the server's figures have another mark; true when something was put in place. */
export async function renew(mark: string, token: string): Promise<boolean> {
  const root = document.querySelector<HTMLElement>("[data-mark]");
  if (!root || root.dataset.mark === mark || Date.now() - last < LEAST) return false;
  last = Date.now();
  const address = document.body.dataset.address ?? "";
  // The answer's token is not kept: a page that is only left open closes in time.
  const answer = await fetch(address, { headers: { Authorization: `Bearer ${token}` }, credentials: "omit" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector<HTMLElement>("[data-mark]");
  if (!fresh || !root.isConnected || document.body.dataset.address !== address) return false;
  put(page, root, fresh);
  return true;
}

function put(page: Document, root: HTMLElement, fresh: HTMLElement): void {
  // Another set of tables (the first call of the day) takes the whole place, unless somebody is choosing there.
  const busy = document.activeElement;
  if (names(page) !== names(document)) {
    if (busy?.matches("input, select") && root.contains(busy)) return;
    root.replaceWith(fresh);
    if (busy?.id) document.getElementById(busy.id)?.focus({ preventScroll: true });
    return;
  }
  root.dataset.mark = fresh.dataset.mark ?? "";
  for (const one of parts(page)) {
    const old = document.getElementById(one.id);
    if (old && old.innerHTML !== one.innerHTML) old.replaceChildren(...Array.from(one.childNodes));
  }
}
