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
    announce(fresh.querySelector(".note")?.textContent ?? "");
    return;
  }
  document.title = page.title;
  document.documentElement.lang = page.documentElement.lang;
  for (const name of ["address", "offline", "saving"]) document.body.dataset[name] = page.body.dataset[name] ?? "";
  for (const name of ["header", "main"]) {
    const next = page.querySelector(name);
    if (next) document.querySelector(name)?.replaceWith(next);
  }
  const note = document.querySelector<HTMLElement>(".note.good, .note.bad");
  (note ?? document.querySelector<HTMLElement>("[data-focus]"))?.scrollIntoView({ block: "nearest" });
  document.querySelector<HTMLElement>("[data-focus]")?.focus();
  announce(note?.textContent ?? document.querySelector("h1")?.textContent ?? "");
}

/** A part with the focus keeps its fields, so that the cursor and the next letter stay; its note is new. */
function renew(part: HTMLElement, fresh: HTMLElement): void {
  const busy = document.activeElement;
  if (!part.contains(busy) || busy instanceof HTMLButtonElement) {
    const again = busy instanceof HTMLButtonElement && part.contains(busy);
    part.replaceWith(fresh);
    if (again) fresh.querySelector<HTMLElement>("button")?.focus();
    return;
  }
  const note = fresh.querySelector(".note");
  const bad = note?.classList.contains("bad") ?? false;
  busy?.setAttribute("aria-invalid", String(bad));
  if (note) part.querySelector(".note")?.replaceWith(note.cloneNode(true));
}

/** A word of our own beside the form, until the server's comes. */
export function spoken(text: string, form: HTMLFormElement | null): void {
  const place = form?.closest("[data-part], section, main")?.querySelector(".note");
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
