import type { Door } from "./door";
import { say } from "./i18n";
import type { Missed } from "./messages";
import type { Register } from "./register";
import type { Answer, Sheet, Sheets } from "./sheets";
import type { State, Store } from "./state";

/** The end of a shift and the logout after it are told once. */
const TOLD = 600000;

const isMine = ({ claimed }: Missed, { user }: State) => !!claimed && !!user && claimed.employee === user.id;

/** How many wait for whoever stands here: what a colleague took is hers. */
export const waitingHere = (state: State) => state.missed.filter((row) => !row.claimed || isMine(row, state)).length;

/** What a shift leaves behind: told once, at its end. */
export class Waiting {
  private told: { id: number; text: string; at: number; sheet: Sheet | null } = { id: 0, text: "", at: 0, sheet: null };

  constructor(
    private register: Pick<Register, "notify">,
    private door: Pick<Door, "ask">,
    private store: Store,
    private sheets: Pick<Sheets, "show">,
  ) {}

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
