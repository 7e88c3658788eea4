import { Bell } from "./bell";
import { CallDesk } from "./calldesk";
import { expired } from "./calls";
import { Creating } from "./creating";
import { Desk } from "./desk";
import { createDoor, type Hello, type Identity } from "./door";
import { GuestDesk } from "./guestdesk";
import { language, say } from "./i18n";
import { Keys } from "./keys";
import { Ledger } from "./ledger";
import { Lookup } from "./lookup";
import { cleared, recall, remember } from "./memory";
import { OrderDesk } from "./orderdesk";
import { Orders } from "./orders";
import * as pack from "./pack";
import { paint } from "./paint";
import { Popup } from "./popup";
import { register } from "./pos";
import type { EventName, User } from "./register";
import { App, place } from "./screens";
import { notificationOf, userOf } from "./shapes";
import { Sheets } from "./sheets";
import { Line } from "./socket";
import { start } from "./start";
import { createStore, firstState, type State, workOf } from "./state";
import style from "./style.css?inline";
import { waitingHere } from "./waiting";

declare const __VERSION__: string;

/** The server writes its own address here when it hands the bundle out. */
const SERVER = "__DZVINOK_PUBLIC_URL__";

const sheet = document.createElement("style");
let account = "";
/** Grows with every login and logout: an answer to an older question is not used. */
let shift = 0;
let labelled = "Dzvinok";
let front: Element | null = null;

const store = createStore({ ...firstState(pack.words("en"), "en"), works: recall() }, changed);
const popup = new Popup(register, store);
const door = createDoor(SERVER, () => account, identity, register.request);
const lookup = new Lookup(register, door, store);
const bell = new Bell(register, store, popup, lookup);
const ledger = new Ledger(door);
const orders = new Orders(register, store, ledger, () => bell.look());
const creating = new Creating(register, door, store, lookup);
const line = new Line({
  hello: greet,
  identity,
  open: (url) => new WebSocket(url),
  heard(message) {
    desk.guest.heard(message);
    bell.heard(message);
  },
  linked: (link, trouble) => store.set({ link, trouble }),
});
const sheets = new Sheets(door, store);
const desk = new Desk({
  store,
  popup,
  lookup,
  orders,
  creating,
  sheets,
  guest: new GuestDesk(door, store),
  order: new OrderDesk(register, door, store, orders),
  calls: new CallDesk(register, door, store, lookup, sheets),
  look: () => bell.look(),
  send: (message) => line.send(message),
});
const keys = new Keys(desk.close);
const root = container();

/** The words come before the first call can. */
async function greet(): Promise<Hello> {
  const reply = await door.hello(pack.version());
  if (reply.ok && reply.pack) {
    pack.keep(reply.pack);
    store.set({ words: pack.words(store.get().lang) });
    sheet.textContent = style + pack.look();
  }
  return reply;
}

const READ_AGAIN = 7; // seconds
let beats = 0;

function identity(): Identity {
  const { user, lang } = store.get();
  return { bundle: __VERSION__, employee: user && user.id, lang };
}

function container(): HTMLElement {
  sheet.textContent = style + pack.look();
  document.head.appendChild(sheet);
  const found = document.getElementById("app-container");
  if (found) return found;
  const made = document.createElement("div");
  made.id = "app-container";
  return document.body.appendChild(made);
}

function changed(state: State, before: State): void {
  if (state.works !== before.works) remember(state.works);
  if (state.missed !== before.missed && state.page === "missed") sheets.refresh();
  if (state.missed !== before.missed || state.user !== before.user) label(state);
  popup.tend();
  if (state === store.get()) draw(state);
}

function draw(state: State): void {
  keys.at(place(state));
  root.style.maxHeight = `${state.height}px`;
  paint(root, App({ state, act: desk }));
  if (state.open) keys.found(root);
  const chip = root.querySelector("[aria-current]");
  if (chip && chip !== front) chip.scrollIntoView({ block: "nearest", inline: "nearest" });
  front = chip;
}

/** Poster's menu says how many wait; whether it takes a new label for its entry nobody has written down. */
function label(state: State): void {
  const waiting = waitingHere(state);
  const text = waiting ? `Dzvinok (${waiting})` : "Dzvinok";
  if (text !== labelled) register.icon(text);
  labelled = text;
}

function tick(): void {
  const { calls, works, open, page } = store.get();
  // Minutes go by on the list of those who wait, and a word of the server's may be lost.
  if (open && page === "missed" && ++beats % READ_AGAIN === 0) sheets.refresh();
  const now = Date.now() / 1000;
  const next = expired(calls, now, (call) => !!workOf(store.get(), call).panel);
  const here = next.slots.map((slot) => slot.call.id);
  if (next !== calls) store.set({ calls: next, works: cleared(works, here), now });
  else if (open) store.set({ now });
}

function settle(): boolean {
  const settings = register.settings();
  if (!settings) return false;
  account = settings.account;
  const lang = language(settings.lang);
  store.set({ lang, words: pack.words(lang) });
  line.start();
  lookup.groups();
  return true;
}

function arrive(user: User | null): void {
  const before = store.get().user;
  store.set({ user });
  const employee = user && user.id;
  if (employee !== (before && before.id) && !line.send({ type: "employee", employee }) && account) line.hurry();
}

/** Poster's own answer is the truth, an event only the reason to ask. Asked until it is known or somebody else came. */
function ask(fallback: User | null): void {
  const question = shift;
  const run = async () => {
    const answer = await register.user();
    if (question === shift) arrive((answer.ok && answer.value) || fallback);
    return answer.ok || question !== shift;
  };
  start([{ name: "user", run }]);
}

function login(data: unknown): void {
  shift++;
  const user = userOf(data);
  if (user) arrive(user);
  ask(user);
}

/** What stays open is asked in the name of whoever goes. */
function logout(): void {
  shift++;
  desk.calls.waiting.farewell();
  arrive(null);
}

function closed(): void {
  const { menu } = store.get();
  if (popup.wasClosed()) desk.closedAll(menu);
}

function paid(data: unknown): void {
  ledger.closed(data);
  desk.order.moved(data);
}

function menu(): void {
  store.set({ menu: true, page: "menu", now: Date.now() / 1000 });
  const { words, link } = store.get();
  if (!popup.open()) register.notify("Dzvinok", say(words, link), null);
}

function clicked(data: unknown): void {
  const id = notificationOf(data);
  bell.look();
  if (desk.calls.waiting.reopened(id) || bell.clicked(id)) popup.open();
  else menu();
}

const HANDLERS: { [event in EventName]: (data: unknown) => void } = {
  userLogin: login,
  userLogout: logout,
  shiftClose: () => desk.calls.waiting.farewell(),
  afterPopupClosed: closed,
  applicationIconClicked: menu,
  notificationClick: clicked,
  orderOpen: desk.order.moved,
  afterOrderClose: paid,
};

const listening = (Object.keys(HANDLERS) as EventName[]).map((event) => ({
  name: event,
  run: () => register.on(event, HANDLERS[event]),
}));

start([{ name: "icon", run: () => register.icon("Dzvinok") }, { name: "settings", run: settle }, ...listening]);
ask(null);
setInterval(tick, 1000);
window.addEventListener("online", () => line.hurry());
