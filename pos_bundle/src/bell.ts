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
    for (const slot of next.slots) this.compare(slot, slotOf(calls, slot.call.id));
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

  /** A call that is new here, one whose number is, one whose card comes up now. */
  private compare(slot: Slot, old: Slot | undefined): void {
    if (!isLive(slot)) return;
    const before = old && isLive(old) ? old : undefined;
    if (!before) this.resume(slot.call);
    if (!before || before.call.from !== slot.call.from) this.lookup.start(slot.call);
    if (!slot.dismissed && (!before || before.dismissed)) this.ring(slot.call.id);
  }

  private resume({ id }: Call): void {
    const state = this.store.get();
    const { draft } = workOf(state, id);
    if (draft && isTyped(draft)) this.store.set({ calls: typed(state.calls, id, true, seconds()) });
  }

  /** Over the menu; its other pages only say so in their head, because somebody works there. */
  private ring(id: string): void {
    const { open, menu, page } = this.store.get();
    if (!open) return void this.show(id);
    if (menu && page === "menu") this.store.set({ menu: false });
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
    if (!slot || slot.kept || slot.typing || slot.byHand || slot.dismissed) return;
    if (call.mine || call.version <= slot.call.version) return;
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
    const message = call.from || call.veiled ? clean(call.masked, 20) || "…" : say(words, "hiddenNumber");
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
