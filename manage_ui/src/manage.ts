/**
 * The script of the Manage pages. The server draws every page; this carries the page's token (there are no cookies
 * in Poster's frame), sends forms with it and puts the answer where the question was.
 */

import { copy } from "./copy";
import { find } from "./find";
import { pictures } from "./pictures";
import { play } from "./sound";
import { change, spoken } from "./swap";
import { address, remember, restored, token } from "./token";
import { watch } from "./watch";

const AFTER_TYPING = 900; // ms without a key until a field is saved
const timers = new WeakMap<HTMLFormElement, number>();
const saved = new WeakMap<HTMLFormElement, string>();
let newest = 0;

/** Asks the server as this page; the answer takes the page's place, or only that of the form's part. */
async function ask(url: string, form: HTMLFormElement | null, body?: URLSearchParams): Promise<void> {
  const mine = ++newest;
  try {
    const answer = await fetch(url, {
      method: body ? "POST" : "GET",
      headers: { Authorization: `Bearer ${token()}` },
      cache: "no-store",
      credentials: "omit",
      ...(body ? { body } : {}),
    });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!page.querySelector("main")) throw new Error(String(answer.status));
    remember(answer.headers.get("Dzvinok-Page-Token") ?? "", page.body.dataset.address ?? address());
    const part = form?.isConnected && answer.status !== 401 ? form.closest<HTMLElement>("[data-part]") : null;
    const small = part && (form?.hasAttribute("data-save") || form?.hasAttribute("data-part-only"));
    // An answer that was overtaken still belongs beside its own field, but is too old to be the page.
    if (small || mine === newest) change(page, small ? part : null);
  } catch {
    if (form) saved.delete(form);
    spoken(document.body.dataset.offline ?? "", form);
  } finally {
    started();
    fetched();
  }
}

function fields(form: HTMLFormElement, pressed?: HTMLElement | null): URLSearchParams {
  const body = new URLSearchParams();
  new FormData(form).forEach((value, name) => {
    if (typeof value === "string") body.append(name, value);
  });
  if (pressed instanceof HTMLButtonElement && pressed.name) body.append(pressed.name, pressed.value);
  return body;
}

function send(form: HTMLFormElement, pressed?: HTMLElement | null): void {
  window.clearTimeout(timers.get(form));
  const body = fields(form, pressed);
  if (form.hasAttribute("data-save") && saved.get(form) === body.toString()) return;
  saved.set(form, body.toString());
  spoken(form.dataset.saying ?? document.body.dataset.saving ?? "", form);
  void ask(form.action, form, body);
}

/** What each field holds when it appears is what the server has: leaving it untouched sends nothing. */
function started(): void {
  document.querySelectorAll<HTMLFormElement>("form[data-save]").forEach((form) => {
    if (!saved.has(form)) saved.set(form, fields(form).toString());
  });
  pictures();
}

/** A file that the answer brought an address for. It works once, so the link takes its place and is then spent. */
function fetched(): void {
  for (const link of Array.from(document.querySelectorAll<HTMLAnchorElement>("a[data-file]"))) {
    link.removeAttribute("data-file");
    link.click();
  }
}

function savable(target: EventTarget | null): HTMLFormElement | null {
  return target instanceof Element ? target.closest<HTMLFormElement>("form[data-save]") : null;
}

document.addEventListener("submit", (event) => {
  const form = event.target as HTMLFormElement;
  event.preventDefault();
  if (form.method === "get") void ask(`${form.action}?${fields(form).toString()}`, null);
  else send(form, (event as SubmitEvent).submitter);
});
document.addEventListener("change", (event) => {
  const form = savable(event.target);
  if (form?.reportValidity()) send(form);
});
document.addEventListener("input", (event) => {
  if (event.target instanceof HTMLInputElement && event.target.dataset.finds) find(event.target);
  const form = savable(event.target);
  if (!form || event.target instanceof HTMLSelectElement) return;
  window.clearTimeout(timers.get(form));
  timers.set(form, window.setTimeout(send, AFTER_TYPING, form));
});
document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  const button = target?.closest<HTMLElement>("[data-copy]");
  if (button) void copy(button);
  if (target?.closest("[data-print]")) window.print();
  const sound = target?.closest("button")?.closest<HTMLElement>("[data-sound]");
  if (sound) void play(sound);
  const link = target?.closest<HTMLAnchorElement>("a[data-go]");
  if (!link || !token() || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  void ask(link.href, null);
});
document.addEventListener("DOMContentLoaded", () => {
  const given = document.querySelector<HTMLMetaElement>('meta[name="page-token"]')?.content ?? "";
  const kept = restored();
  if (given) remember(given, document.body.dataset.address ?? address());
  else if (kept) void ask(address(), null);
  started();
  watch(token);
});
// Poster covers the frame until the page says that it is there.
window.addEventListener("load", () => {
  if (window.top && window.top !== window) window.top.postMessage({ hideSpinner: true }, "*");
});
