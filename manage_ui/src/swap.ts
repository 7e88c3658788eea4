/** Puts a page that the server drew into this one, without taking away what somebody is typing into. */

/** The whole page, or only `part` and those parts that any change may touch (`data-shared`). */
export function change(page: Document, part: HTMLElement | null): void {
  document.documentElement.classList.remove("returning");
  const fresh = part && page.querySelector<HTMLElement>(`[data-part="${part.dataset.part}"]`);
  if (part && fresh) {
    for (const shared of Array.from(page.querySelectorAll<HTMLElement>("[data-shared]"))) {
      const old = document.querySelector(`[data-part="${shared.dataset.part}"]`);
      if (old && !old.contains(document.activeElement)) old.replaceWith(shared);
    }
    renew(part, fresh);
    announce(told(fresh));
    return;
  }
  const another = where(page) !== where(document);
  document.title = page.title;
  document.documentElement.lang = page.documentElement.lang;
  for (const name of ["address", "offline", "saving"]) document.body.dataset[name] = page.body.dataset[name] ?? "";
  const busy = document.activeElement?.id;
  for (const name of ["header", "main"]) {
    const [old, next] = [document.querySelector<HTMLElement>(name), page.querySelector<HTMLElement>(name)];
    if (old && next) replace(old, next);
  }
  if (another) window.scrollTo(0, 0);
  const note = document.querySelector<HTMLElement>(".note.good, .note.bad");
  const wanted = document.querySelector<HTMLElement>("[data-focus]") ?? (busy ? document.getElementById(busy) : null);
  const wrong = document.querySelector<HTMLElement>("[data-again] [aria-invalid=true]");
  reveal(note ?? wanted);
  if (note && !wanted) note.tabIndex = -1; // from here the next Tab goes on
  (wrong ?? wanted ?? note)?.focus({ preventScroll: note !== null });
  announce(note?.textContent || document.querySelector("h1")?.textContent || "");
}

/** A part with the focus keeps its fields, so that the cursor and the next letter stay; its note is new. */
function renew(part: HTMLElement, fresh: HTMLElement): void {
  const busy = document.activeElement;
  if (!part.contains(busy) || busy instanceof HTMLButtonElement) {
    const again = busy instanceof HTMLButtonElement && part.contains(busy);
    replace(part, fresh);
    const same = busy?.id ? document.getElementById(busy.id) : null;
    if (again) (same ?? fresh.querySelector<HTMLElement>("button"))?.focus();
    reveal(fresh.querySelector<HTMLElement>(".note.good, .note.bad"));
    return;
  }
  const note = fresh.querySelector(".note");
  const bad = note?.classList.contains("bad") ?? false;
  busy?.setAttribute("aria-invalid", String(bad));
  if (note) part.querySelector(".note")?.replaceWith(note.cloneNode(true));
}

/** What was opened stays open, what was shut stays shut; a secret that was typed beside a mistake need not be again. */
function replace(old: HTMLElement, next: HTMLElement): void {
  const left: [HTMLInputElement, string][] = [];
  for (const mine of Array.from(old.querySelectorAll<HTMLDetailsElement>("details[id]"))) {
    const its = next.querySelector<HTMLDetailsElement>(`#${mine.id}`);
    if (its && !its.querySelector("[aria-invalid=true]")) its.open = mine.open;
  }
  for (const mine of Array.from(old.querySelectorAll<HTMLInputElement>("input[type=password][id]"))) {
    const its = next.querySelector<HTMLInputElement>(`[data-again] #${mine.id}`);
    if (its && mine.value) left.push([its, mine.value]);
  }
  old.replaceWith(next);
  for (const [input, value] of left) input.value = value;
}

const where = (page: Document): string => (page.body.dataset.address ?? "").split("?")[0] ?? "";

/** With what stands around it: an answer at the very edge of a screen is overlooked. */
function reveal(place: HTMLElement | null): void {
  const box = place?.getBoundingClientRect();
  if (box && (box.top < 0 || box.bottom > window.innerHeight)) place?.scrollIntoView({ block: "center" });
}

const told = (place: ParentNode): string =>
  (place.querySelector(".note.good, .note.bad") ?? place.querySelector(".note"))?.textContent ?? "";

/** A word of our own beside the form, until the server's comes. */
export function spoken(text: string, form: HTMLFormElement | null): void {
  const place = form?.closest("[data-part], section, main")?.querySelector(".note:not(.beside)");
  if (place) {
    place.textContent = text;
    place.className = "note";
  }
  announce(text);
}

function announce(text: string): void {
  const place = document.getElementById("say");
  if (place && text) place.textContent = text;
}
