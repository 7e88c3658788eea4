import type { Door } from "./door";
import { isObject, parsed } from "./messages";
import { eventOrder } from "./shapes";

/** Which orders calls brought, told to the server: now, or when it can be reached again. */

const KEY = "dzvinok.told";
const KEPT = 50;
const AGAIN = 30_000;

interface Entry {
  verb: string;
  body: object;
}

export class Ledger {
  private waiting: Entry[] = [];
  /** Orders that calls brought here. */
  private orders: number[] = [];
  private sending = false;
  private later = 0;

  constructor(private door: Pick<Door, "ask">) {
    try {
      const saved = parsed(localStorage.getItem(KEY));
      if (isObject(saved) && Array.isArray(saved.waiting) && Array.isArray(saved.orders)) {
        this.waiting = saved.waiting;
        this.orders = saved.orders;
      }
    } catch (_) {
      // Storage is closed to us: what waits lives as long as the page.
    }
    this.send();
  }

  ordered(call: string, order: number, guest: number, minutes: number): void {
    this.orders = this.orders.filter((one) => one !== order).concat(order);
    this.tell("ordered", { call, order, guest, minutes });
  }

  /** Poster says that an order is paid; ours is told on. */
  closed(event: unknown): void {
    const order = eventOrder(event);
    if (!order || !(order.call || this.orders.includes(order.id))) return;
    const { id, sum, client: guest } = order;
    this.tell("closed", { order: id, sum, guest });
  }

  private tell(verb: string, body: object): void {
    this.waiting = this.waiting.concat({ verb, body });
    this.keep();
    this.send();
  }

  /** In their order; what the server refuses is not told again. */
  private async send(): Promise<void> {
    const [entry] = this.waiting;
    if (this.sending || !entry) return;
    this.sending = true;
    const reply = await this.door.ask(entry.verb, entry.body);
    this.sending = false;
    clearTimeout(this.later);
    if (!reply.ok && reply.error === "offline") {
      this.later = window.setTimeout(() => this.send(), AGAIN);
      return;
    }
    this.waiting = this.waiting.filter((other) => other !== entry);
    this.keep();
    this.send();
  }

  private keep(): void {
    this.waiting = this.waiting.slice(-KEPT);
    this.orders = this.orders.slice(-KEPT);
    try {
      localStorage.setItem(KEY, JSON.stringify({ waiting: this.waiting, orders: this.orders }));
    } catch (_) {
      // As above.
    }
  }
}
