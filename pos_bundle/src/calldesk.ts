import { revealed, tuned } from "./calls";
import { copied } from "./copy";
import type { Door } from "./door";
import type { Word } from "./i18n";
import type { Lookup } from "./lookup";
import type { Call, Guest } from "./messages";
import type { Register } from "./register";
import type { Sheets } from "./sheets";
import type { Store, Work } from "./state";
import { Waiting } from "./waiting";

/** What a cashier does about calls: quiet, look behind the veil, hang up, call back. */
export class CallDesk {
  readonly waiting: Waiting;

  constructor(
    register: Pick<Register, "notify">,
    private door: Pick<Door, "ask">,
    private store: Store,
    private lookup: Pick<Lookup, "start">,
    sheets: Sheets,
  ) {
    this.waiting = new Waiting(register, door, store, sheets);
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

  /** A verb about one call: its card says when it failed. */
  private async asked<T>(call: string, verb: string, body: object, failed: Word = "noAnswer") {
    this.store.work(call, { busy: true, notice: null });
    const reply = await this.door.ask<T>(verb, body);
    const change: Partial<Work> = reply.ok ? {} : { notice: failed };
    this.store.work(call, { busy: false, ...change });
    return reply;
  }
}
