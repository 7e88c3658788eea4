import {
  type Calls,
  heardCall,
  heardGuest,
  heardRow,
  heardSnapshot,
  isLive,
  picked,
  type Slot,
  slotOf,
  typed,
} from "./calls";
import { say, whereabouts } from "./i18n";
import type { Lookup } from "./lookup";
import type { Call, Message, Snapshot } from "./messages";
import type { Popup } from "./popup";
import type { OpenOrder, Register } from "./register";
import { isTyped, type Store, workOf } from "./state";
import { clean } from "./text";

const seconds = () => Date.now() / 1000;

const inProgress = (order: OpenOrder | null) => !!order && (order.products > 0 || order.client !== 0);

/** Brings a call before the cashier, without ever standing in front of an order. */
export class Bell {
  private notified: { id: number | null; call: string }[] = [];

  constructor(
    private register: Pick<Register, "notify" | "order">,
    private store: Store,
    private popup: Popup,
    private lookup: Pick<Lookup, "start">,
  ) {}

  heard(message: Message): void {
    const { calls } = this.store.get();
    const next = this.changed(calls, message);
    if (next !== calls) this.store.set({ calls: next });
    const fresh = next.slots.filter((slot) => isLive(slot) && !isHere(calls, slot));
    for (const slot of fresh) this.ring(slot);
    if (message.type === "call") this.fold(calls, message.call);
  }

  private changed(calls: Calls, message: Message): Calls {
    switch (message.type) {
      case "snapshot":
        return this.settle(calls, message);
      case "call":
        return heardCall(calls, message.call, seconds());
      case "guest":
        return heardGuest(calls, message.call, message.guest);
      case "recent":
        return heardRow(calls, message.row);
      case "missed":
        this.store.set({ missed: message.list });
        return calls;
      case "talking":
        this.store.set({ talking: message.list });
        return calls;
      case "load":
        this.store.set({ load: { open: message.open, minutes: message.minutes } });
        return calls;
      case "lines":
        this.store.set({ employee: message.employee, register: message.register });
        return calls;
      default:
        return calls;
    }
  }

  private settle(calls: Calls, snapshot: Snapshot): Calls {
    const next = heardSnapshot(calls, snapshot, seconds());
    const { account, employee, register, settings: prefs, missed = [], talking = [], load = null } = snapshot;
    if (next !== calls) this.store.set({ account, employee, register, prefs, missed, talking, load });
    return next;
  }

  private ring(slot: Slot): void {
    const { call } = slot;
    const state = this.store.get();
    const { draft } = workOf(state, call.id);
    if (draft && isTyped(draft)) this.store.set({ calls: typed(state.calls, call.id, true, seconds()) });
    this.lookup.start(call);
    if (slot.dismissed) return;
    const { open, menu } = this.store.get();
    if (open) return void (menu && this.store.set({ menu: false }));
    this.show(call.id);
  }

  /** A popup when the screen is free; else, or when nobody can tell, a notification. */
  private async show(id: string): Promise<void> {
    const order = await this.look();
    const slot = slotOf(this.store.get().calls, id);
    if (!slot || !isLive(slot) || slot.dismissed) return;
    const free = order !== undefined && !inProgress(order);
    if (free && this.popup.open()) return;
    this.notify(slot.call, say(this.store.get().words, "incoming"), true);
  }

  /** The order on the screen, `undefined` when the register does not say. */
  async look(): Promise<OpenOrder | null | undefined> {
    const answer = await this.register.order();
    this.store.set({ order: answer.ok ? answer.value : null });
    return answer.ok ? answer.value : undefined;
  }

  /** Whoever had this card is told who has the call now. */
  private fold(before: Calls, call: Call): void {
    const slot = slotOf(before, call.id);
    if (!slot || slot.kept || slot.typing || slot.byHand || call.mine || call.version <= slot.call.version) return;
    const { words } = this.store.get();
    if (call.answered_by || call.line)
      this.notify(
        call,
        whereabouts(call, (word, what) => say(words, word, what)),
        false,
      );
  }

  private async notify(call: Call, title: string, opens: boolean): Promise<void> {
    const { words, user } = this.store.get();
    const message = call.from ? clean(call.masked, 20) || "…" : say(words, "hiddenNumber");
    const entry = { id: null as number | null, call: call.id };
    if (opens) this.notified = [entry].concat(this.notified).slice(0, 20);
    entry.id = await this.register.notify(title, message, user && user.id);
  }

  /** The call of a clicked notification: by its id, else the newest that is still here. */
  clicked(id: number): boolean {
    const { calls } = this.store.get();
    const here = this.notified.filter(({ call }) => slotOf(calls, call));
    const entry = here.find((known) => id && known.id === id) || here[0];
    if (!entry) return false;
    this.store.set({ calls: picked(calls, entry.call), menu: false });
    return true;
  }
}

const isHere = (calls: Calls, slot: Slot) => {
  const before = slotOf(calls, slot.call.id);
  return !!before && isLive(before);
};
