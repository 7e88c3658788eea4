import { dismissed, revealed, slotOf, tuned, typed } from "./calls";
import { copied } from "./copy";
import type { Door } from "./door";
import type { Word } from "./i18n";
import type { Lookup } from "./lookup";
import type { Call, Guest, NoteOutcome } from "./messages";
import type { Register } from "./register";
import { isTyped, type State, type Store, type Work, workOf } from "./state";
import { Waiting } from "./waiting";

/** How long a number that was put on the list can be taken back on its card. */
const UNDO = 8000;

const seconds = () => Date.now() / 1000;

function hasDraft(state: State, call: string): boolean {
  const { draft } = workOf(state, call);
  return !!draft && isTyped(draft);
}

export type NeverKind = "courier" | "supplier" | "staff" | "other";

/** What a cashier does about calls: note, never pop up, look behind the veil, hang up. */
export class CallDesk {
  readonly waiting: Waiting;

  constructor(
    register: Pick<Register, "notify">,
    private door: Pick<Door, "ask">,
    private store: Store,
    private lookup: Pick<Lookup, "start">,
  ) {
    this.waiting = new Waiting(register, door, store);
  }

  quiet = async (on: boolean): Promise<void> => {
    const reply = await this.door.ask("quiet", { on });
    const { calls, prefs } = this.store.get();
    const chosen = { ...prefs, quiet: on };
    if (reply.ok) this.store.set({ prefs: chosen, calls: tuned(calls, chosen) });
  };

  reveal = async ({ id }: Call): Promise<void> => {
    const reply = await this.asked<{ call: Call; guest: Guest | null }>(id, "reveal", { call: id });
    if (!reply.ok) return;
    this.store.set({ calls: revealed(this.store.get().calls, reply.call, reply.guest) });
    this.lookup.start(reply.call);
  };

  hangUp = async ({ id }: Call): Promise<void> => {
    await this.asked(id, "hangup", { call: id }, "hangUpFailed");
  };

  copy = ({ id, from, shown }: Call): void =>
    this.store.work(id, { notice: copied(from || shown) ? "copied" : "copyFailed" });

  write = (call: string, text: string): void => {
    const { noting } = workOf(this.store.get(), call);
    this.store.work(call, { noting: { outcome: noting ? noting.outcome : "", text, saved: false } });
    this.store.set({ calls: typed(this.store.get().calls, call, !!text, seconds()) });
  };

  /** Saved and back to the card; without an outcome the one that was chosen before stays. */
  note = async (call: string, chosen?: NoteOutcome): Promise<void> => {
    const { noting } = workOf(this.store.get(), call);
    const outcome = chosen || (noting ? noting.outcome : "");
    const text = noting ? noting.text.trim() : "";
    this.store.work(call, { noting: { outcome, text, saved: false } });
    const reply = await this.asked(call, "note", { call, outcome, text });
    if (!reply.ok) return;
    this.store.work(call, { panel: null, noting: { outcome, text, saved: true } });
    this.store.set({ calls: typed(this.store.get().calls, call, hasDraft(this.store.get(), call), seconds()) });
  };

  never = async ({ id, from }: Call, kind: NeverKind): Promise<void> => {
    const reply = await this.asked(id, "never", { number: from, on: true, kind });
    if (!reply.ok) return;
    this.store.work(id, { never: true });
    setTimeout(() => this.leave(id), UNDO);
  };

  pops = async ({ id, from }: Call): Promise<void> => {
    const reply = await this.asked(id, "never", { number: from, on: false, kind: "other" });
    if (reply.ok) this.store.work(id, { never: false, panel: null });
  };

  /** The card of a number that is on the list goes, unless it was taken back. */
  leave = (id: string): void => {
    const { calls } = this.store.get();
    const slot = slotOf(calls, id);
    if (slot && !slot.typing && workOf(this.store.get(), id).never) this.store.set({ calls: dismissed(calls, id) });
  };

  /** A verb about one call: its card says when it failed. */
  private async asked<T>(call: string, verb: string, body: object, failed: Word = "noAnswer") {
    this.store.work(call, { busy: true, notice: null });
    const reply = await this.door.ask<T>(verb, body);
    const change: Partial<Work> = reply.ok ? {} : { notice: failed };
    this.store.work(call, { busy: false, ...change });
    return reply;
  }
}
