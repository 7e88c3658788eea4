import { copied } from "./copy";
import type { Door, Refusal } from "./door";
import { say, type Word } from "./i18n";
import type { Missed } from "./messages";
import type { Register } from "./register";
import type { Answer, Sheet, Sheets } from "./sheets";
import type { Callback, State, Store } from "./state";

const DIALLING: { [error: string]: Word } = { line: "dialLine", dial_impossible: "dialImpossible" };
const LOST: { [error: string]: Word } = { claimed: "taken", gone: "gone" };
/** The end of a shift and the logout after it are told once. */
const TOLD = 600000;

export const isMine = ({ claimed }: Missed, { user }: State) => !!claimed && !!user && claimed.employee === user.id;

/** How many wait for whoever stands here: what a colleague took is hers. */
export const waitingHere = (state: State) => state.missed.filter((row) => !row.claimed || isMine(row, state)).length;

/** Those who called in vain: taken by one, called back, given back; and what a shift leaves of it. */
export class Waiting {
  private told: { id: number; text: string; at: number; sheet: Sheet | null } = { id: 0, text: "", at: 0, sheet: null };

  constructor(
    private register: Pick<Register, "notify">,
    private door: Pick<Door, "ask">,
    private store: Store,
    private sheets: Pick<Sheets, "show">,
  ) {}

  claim = async (row: Missed): Promise<boolean> => {
    const { user } = this.store.get();
    const claimed = user && { employee: user.id, name: user.name, at: Date.now() / 1000 };
    return this.asked("claim", row, { claimed });
  };

  release = (row: Missed): Promise<boolean> => this.asked("release", row, { claimed: null });

  done = async (row: Missed): Promise<void> => {
    if (await this.asked("done", row, {}))
      this.store.set({ missed: this.store.get().missed.filter(({ id }) => id !== row.id) });
  };

  /** Theirs first, then the line rings. What can't be dialled from here is shown, to be dialled by hand. */
  callBack = async (row: Missed): Promise<void> => {
    if (!isMine(row, this.store.get()) && !(await this.claim(row))) return;
    this.say(row, { busy: true });
    const reply = await this.door.ask("dial", { number: row.from });
    const notice = reply.ok ? "dialling" : DIALLING[reply.error] || "dialFailed";
    this.say(row, { notice, byHand: !reply.ok });
  };

  copy = (row: Missed): void => this.say(row, { notice: copied(row.from) ? "copied" : "copyFailed", byHand: true });

  /** A verb about one row, and what it changes in the list before the server says so to everybody. */
  private async asked(verb: string, row: Missed, change: Partial<Missed>): Promise<boolean> {
    this.say(row, { busy: true });
    const reply = await this.door.ask(verb, { id: row.id });
    this.say(row, reply.ok ? {} : this.refused(reply));
    const changed = (other: Missed) => (other.id === row.id ? { ...other, ...change } : other);
    if (reply.ok) this.store.set({ missed: this.store.get().missed.map(changed) });
    return reply.ok;
  }

  private refused({ error, by = "" }: Refusal): Partial<Callback> {
    return { notice: LOST[error] || "noAnswer", by, byHand: error === "offline" };
  }

  private say({ id }: Missed, change: Partial<Callback>): void {
    this.store.set({ callback: { id, busy: false, notice: null, by: "", byHand: false, ...change } });
  }

  /** At the end of a shift: one notification, when something stays open. */
  async farewell(): Promise<void> {
    const { user, words } = this.store.get();
    if (!user) return;
    const reply = await this.door.ask<Answer>("sheet", { name: "handover", press: "", values: {} });
    const text = (reply.ok && reply.brief) || "";
    const again = text === this.told.text && Date.now() - this.told.at < TOLD;
    if (!reply.ok || !text || again) return;
    this.told = { id: 0, text, at: Date.now(), sheet: reply.sheet };
    this.told.id = (await this.register.notify(say(words, "staysOpen"), text, user.id)) || 0;
  }

  /** The notification that was clicked is the farewell: all of it, as it was told to whoever has gone by now. */
  reopened(id: number): boolean {
    if (!id || id !== this.told.id) return false;
    this.sheets.show(this.told.sheet, {});
    this.store.set({ menu: true, page: "handover" });
    return true;
  }
}
