// The register page's end of the application: owns the container's frame, answers its requests, delivers events,
// and reloads it when an interrupting event was not let through in time.
import { post } from "../api.js";
import { note } from "./world.js";

export const PATIENCE = 5000;

/** `emit` tells and goes on; `interrupt` resolves when the application called `next`, or lost its chance to. */
export class Host {
  #world;
  #frame;
  #origin;
  #methods = {};
  #port = null;
  #pending = new Map();
  #nextId = 1;
  #describe;

  constructor(world, frame, describe) {
    this.#world = world;
    this.#frame = frame;
    this.#origin = new URL(frame.dataset.src).origin;
    this.#describe = describe;
    window.addEventListener("message", (event) => this.#greet(event));
  }

  useMethods(methods) {
    this.#methods = methods;
  }

  start() {
    this.#close();
    this.#world.change({ appState: "loading", icons: {} });
    this.#frame.src = this.#frame.dataset.src;
  }

  stop() {
    this.#close();
    this.#frame.src = "about:blank";
    this.#world.change({ appState: "absent", icons: {} });
  }

  #close() {
    this.#port?.close();
    this.#port = null;
    const waiting = [...this.#pending.values()];
    this.#pending.clear();
    for (const done of waiting) done();
  }

  #greet(event) {
    const ours = event.origin === this.#origin && event.source === this.#frame.contentWindow;
    if (!ours || event.data?.sandbox !== "ready") return;
    this.#close();
    const channel = new MessageChannel();
    this.#port = channel.port1;
    this.#port.onmessage = (message) => this.#take(message.data);
    const facts = this.#describe();
    this.#frame.contentWindow.postMessage({ sandbox: "start", facts }, this.#origin, [channel.port2]);
  }

  #take(message) {
    if (message.type === "call") this.#answer(message, this.#port);
    else if (message.type === "next") this.#pending.get(message.id)?.("next");
    else if (message.type === "loaded") this.#loaded();
    else if (message.type === "trouble") note(this.#world, "trouble", message.text);
  }

  #loaded() {
    this.#world.change({ appState: "running" });
    note(this.#world, "event", "bundle loaded", this.#world.facts.bundle);
  }

  async #answer({ id, method, args }, port) {
    note(this.#world, "call", method, brief(args));
    try {
      const run = this.#methods[method];
      if (!run) throw new Error(`Unknown method ${method}`);
      port.postMessage({ type: "answer", id, value: await run(...args) });
    } catch (error) {
      note(this.#world, "trouble", method, error.message);
      port.postMessage({ type: "answer", id, error: error.message });
    }
  }

  /** Passes live changes of the fault switches on. */
  tellFaults(faults) {
    this.#port?.postMessage({ type: "faults", data: faults });
  }

  emit(name, data) {
    this.#send(name, data, false);
  }

  #send(name, data, interrupting) {
    const id = this.#nextId++;
    if (!this.#port) return id;
    note(this.#world, "event", name, brief([data]));
    const payload = this.#world.fault("event_payload") === "empty" ? undefined : data;
    this.#port.postMessage({ type: "event", data: { id, name, data: payload, interrupting } });
    return id;
  }

  async interrupt(name, data) {
    if (!this.#port) return;
    const id = this.#send(name, data, true);
    const heard = new Promise((resolve) => this.#pending.set(id, resolve));
    if ((await Promise.race([heard, this.#patience()])) === "late") this.#giveUp(name);
    this.#pending.delete(id);
  }

  /** Five seconds, and as long as the application's popup stays open after them. */
  async #patience() {
    await new Promise((resolve) => setTimeout(resolve, PATIENCE));
    while (this.#world.facts.popup) await new Promise((resolve) => setTimeout(resolve, 100));
    return "late";
  }

  #giveUp(event) {
    const { accountName: account, tabletId: tablet, watchdogs = [] } = this.#world.facts;
    this.#world.change({ watchdogs: [...watchdogs, event] });
    note(this.#world, "trouble", "watchdog", event);
    post("watchdog", { account, tablet, event }).catch(() => {});
    this.start();
  }
}

/** PINs stay out of the developer's page: it ends up in screenshots. */
function brief(value) {
  const text = JSON.stringify(value, (key, inner) => (key === "posPass" ? "••••" : inner)) ?? "";
  return text.length > 400 ? `${text.slice(0, 400)}…` : text;
}
