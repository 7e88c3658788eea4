/** Plays a recording in the page. An address can carry no token, so the sound is fetched with it and kept here. */

import { token } from "./token";

export async function play(box: HTMLElement): Promise<void> {
  const note = box.querySelector<HTMLElement>(".note");
  const button = box.querySelector("button");
  if (!note || !button || button.disabled) return;
  button.disabled = true;
  note.className = "note";
  note.textContent = box.dataset.waits ?? "";
  try {
    const headers = { Authorization: `Bearer ${token()}` };
    const answer = await fetch(box.dataset.sound ?? "", { headers, cache: "no-store", credentials: "omit" });
    if (!answer.ok) throw new Error(String(answer.status));
    show(box, button, await answer.blob());
    note.textContent = "";
  } catch {
    button.disabled = false;
    note.className = "note bad";
    note.textContent = box.dataset.failed ?? "";
  }
}

/** The player takes the button's place and, where it had the focus, the focus. */
function show(box: HTMLElement, button: HTMLButtonElement, sound: Blob): void {
  const player = document.createElement("audio");
  player.controls = true;
  player.src = URL.createObjectURL(sound);
  player.setAttribute("aria-label", button.textContent ?? "");
  const focused = document.activeElement === button || document.activeElement === document.body;
  button.replaceWith(player);
  if (focused) player.focus();
  void player.play().catch(() => undefined); // a browser that wants one more press shows its own button
  box.removeAttribute("data-sound");
}
