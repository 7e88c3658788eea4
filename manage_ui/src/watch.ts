/** Keeps the state of each trunk and register, and of the directory, fresh while the page is open and looked at. */

import { renew } from "./live";
import { pictures } from "./pictures";

type States = Record<string, State>;

import { refresh } from "./refresh";

interface State {
  state: string;
  text: string;
  trouble: string;
  more: string;
  /** Of a hundred. */
  share?: number;
}

interface News {
  trunks?: States;
  registers?: States;
  directory?: State;
  mark?: string;
  stamps?: Record<string, string>;
}

const EVERY = 2000;

export function watch(token: () => string): void {
  window.setInterval(() => {
    const url = document.querySelector<HTMLElement>("[data-events]")?.dataset.events;
    if (url && !document.hidden) void look(url, token());
  }, EVERY);
}

async function look(url: string, token: string): Promise<void> {
  try {
    const answer = await fetch(url, { headers: { Authorization: `Bearer ${token}` }, credentials: "omit" });
    if (answer.status === 401) stopped();
    if (!answer.ok) return;
    const told = (await answer.json()) as News;
    for (const [id, its] of Object.entries(told.trunks ?? {})) show(`[data-trunk="${Number(id)}"]`, its);
    for (const [id, its] of Object.entries(told.registers ?? {})) show(`[data-register="${Number(id)}"]`, its);
    if (told.directory) show("[data-directory]", told.directory);
    if (told.stamps) refresh(told.stamps);
    if (told.mark && (await renew(told.mark, token))) pictures();
  } catch {
    // The server is away for a moment; the next look finds it.
  }
}

/** The page was open for too long: what it shows is not fresh any more, and it says so. */
function stopped(): void {
  for (const place of Array.from(document.querySelectorAll<HTMLElement>("[data-stopped][hidden]"))) {
    place.hidden = false;
    const say = document.getElementById("say");
    if (say) say.textContent = place.textContent;
  }
}

/** News is read aloud; what merely went on (a later moment, a longer delay) is not. */
function show(which: string, its: State): void {
  const place = document.querySelector<HTMLElement>(which);
  if (!place) return;
  place.dataset.state = its.state;
  put(place, ".more", its.more);
  const bar = place.querySelector("progress");
  if (bar) bar.value = its.share ?? 0;
  const news = [put(place, ".state", its.text), put(place, ".trouble", its.trouble)].filter(Boolean).join(" ");
  const say = document.getElementById("say");
  if (say && news) say.textContent = news;
}

/** The text, if it was not there yet. */
function put(place: HTMLElement, name: string, text: string): string {
  const line = place.querySelector(name);
  if (!line || line.textContent === text) return "";
  line.textContent = text;
  return text;
}
