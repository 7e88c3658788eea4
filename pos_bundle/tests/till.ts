import { vi } from "vitest";
import type { Call, Guest, Message, Outgoing, Snapshot } from "../src/messages";
import more from "../words/en.json";
import { snapshot } from "./golden";

/** A register with our bundle on it: fakes only what is not ours, Poster and the wire to the server. */

// biome-ignore lint/suspicious/noExplicitAny: Poster answers in every shape there is.
type Any = any;

export const never = () => new Promise<never>(() => {});

const client = (more: object = {}) => ({
  id: 318,
  lastname: "Kovalenko",
  firstname: "Olena",
  phone: "+380671112233",
  groupId: 4,
  ...more,
});

export class FakeSocket {
  static all: FakeSocket[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  sent: Outgoing[] = [];
  closed = false;

  constructor(readonly url: string) {
    FakeSocket.all.push(this);
  }
  send(text: string) {
    this.sent.push(JSON.parse(text));
  }
  close() {
    this.closed = true;
  }
  say(message: object) {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
}

export interface Till {
  poster: Any;
  /** What Poster was asked to do, in order. */
  done: Any[][];
  /** What the server's door answers, by verb. */
  door: { [verb: string]: (body: Any) => unknown };
  asked: string[];
  socket(): FakeSocket;
  fire(event: string, data?: unknown, next?: () => void): void;
  say(message: Message): Promise<void>;
  ring(call: Call, guest?: Guest): Promise<void>;
  wait(ms?: number): Promise<void>;
  popups(): number;
  notes(): Any[];
  text(): string;
  button(label: string): HTMLElement | undefined;
  tap(label: string): Promise<void>;
  fill(label: string, value: string): Promise<void>;
  isOpen(): boolean;
}

const opened = (text: string) => JSON.parse(Buffer.from(text, "base64url").toString("utf8"));

function fakePoster(till: Pick<Till, "done" | "door" | "asked">, handlers: { [event: string]: Any[] }): Any {
  const did = (name: string, answer: unknown) =>
    vi.fn((...args: unknown[]) => {
      till.done.push([name, ...args]);
      return Promise.resolve(typeof answer === "function" ? answer(...args) : answer);
    });
  let notes = 0;
  return {
    settings: { accountUrl: "acme", lang: "en", extras: [] },
    users: { getActiveUser: did("getActiveUser", { id: 5, name: "Olena", posPass: "4711", extras: { line: "101" } }) },
    clients: {
      find: did("find", { foundClients: [], foundByCard: [] }),
      create: did("create", ({ client: given }: Any) => ({ client: client({ id: 900, phone: given.phone }) })),
    },
    orders: {
      create: did("orders.create", { success: true, order: { id: 1795436500000 } }),
      getActive: did("getActive", {}),
      setOrderClient: did("setOrderClient", { success: true }),
      setOrderComment: did("setOrderComment", { success: true }),
      setExtras: did("setExtras", { success: true }),
    },
    interface: {
      popup: did("popup", undefined),
      closePopup: did("closePopup", undefined),
      showNotification: did("notify", () => ({ id: ++notes })),
      showApplicationIconAt: did("icon", undefined),
    },
    on: vi.fn((event: string, handler: unknown) => {
      handlers[event] = (handlers[event] || []).concat(handler);
    }),
    makeApiRequest: vi.fn((_method, _options, done) =>
      done([
        { client_groups_id: "2", client_groups_name: "Regulars", delete: "0" },
        { client_groups_id: "4", client_groups_name: "VIP", delete: "0" },
        { client_groups_id: "9", client_groups_name: "Old", delete: "1" },
      ]),
    ),
    makeRequest: vi.fn((url: string, options: Any, done: (answer: unknown) => void) => {
      const verb = url.split("/").pop() as string;
      till.asked.push(verb);
      const answer = till.door[verb]?.(opened(options.data.p));
      done(answer ? { result: JSON.stringify(answer), code: 200 } : { result: false, code: 0 });
    }),
  };
}

const whole = (more: Partial<Snapshot> = {}) =>
  snapshot([], { at: Date.now() / 1000, employee: { id: 5, name: "Olena", lines: ["101"] }, ...more });

export const hello = (change: Partial<Snapshot> = {}) => ({
  ok: true,
  ticket: "ticket",
  expires_in: 30,
  socket: "wss://phone.example.com/pos/acme/socket",
  message: whole(change),
  pack: { version: "en-00000000", words: more },
});

/** A page that is gone takes its listeners with it. */
let gone: (() => void)[] = [];

function freshPage(): void {
  for (const remove of gone) remove();
  gone = [];
  document.body.innerHTML = '<div id="app-container"></div>';
  document.addEventListener = (type: string, listener: Any, options?: Any) => {
    gone.push(() => document.removeEventListener(type, listener, options));
    Document.prototype.addEventListener.call(document, type, listener, options);
  };
}

/** Starts the bundle on a fresh register. `change` may break Poster before the bundle sees it. */
export async function openTill(change: (poster: Any, till: Till) => void = () => {}): Promise<Till> {
  vi.useFakeTimers({ now: 1795436402_500 });
  vi.resetModules();
  freshPage();
  FakeSocket.all = [];
  vi.stubGlobal("WebSocket", FakeSocket);
  const handlers: { [event: string]: Any[] } = {};
  const till = { done: [], asked: [], door: { hello: () => hello() } } as unknown as Till;
  till.poster = fakePoster(till, handlers);
  Object.assign(till, controls(till, handlers));
  change(till.poster, till);
  vi.stubGlobal("Poster", till.poster);
  await import("../src/main");
  await till.wait(50);
  const socket = FakeSocket.all[0];
  if (socket) {
    socket.onopen?.();
    socket.say(whole());
  }
  await till.wait(50);
  return till;
}

function controls(till: Till, handlers: { [event: string]: Any[] }): Partial<Till> {
  const all = (selector: string) => Array.from(document.querySelectorAll<HTMLElement>(selector));
  const count = (name: string) => till.done.filter((entry) => entry[0] === name).length;
  const settle = () => vi.advanceTimersByTimeAsync(20);
  return {
    socket: () => FakeSocket.all[FakeSocket.all.length - 1] as FakeSocket,
    fire: (event, data, next) => {
      for (const handler of handlers[event] || []) handler(data, next);
    },
    async say(message) {
      till.socket().say(message);
      await settle();
    },
    async ring(call, guest) {
      await till.say({ type: "call", call });
      if (guest) await till.say({ type: "guest", call: call.id, guest });
    },
    wait: async (ms = 20) => void (await vi.advanceTimersByTimeAsync(ms)),
    popups: () => count("popup"),
    notes: () => till.done.filter((entry) => entry[0] === "notify").map((entry) => entry[1]),
    text: () => document.getElementById("app-container")?.textContent || "",
    isOpen: () => count("popup") > count("closePopup"),
    button: (label) => all("button").find((button) => button.textContent?.includes(label)),
    async tap(label) {
      const button = till.button(label);
      if (!button) throw new Error(`no button "${label}" in: ${till.text()}`);
      button.click();
      await settle();
    },
    async fill(label, value) {
      const field = all("label").find((one) => one.textContent?.startsWith(label));
      const input = field?.querySelector("input") as HTMLInputElement;
      input.value = value;
      input.dispatchEvent(new Event("input", { bubbles: true }));
      await settle();
    },
  };
}
