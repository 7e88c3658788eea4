import { typed } from "./calls";
import type { Door } from "./door";
import { say, type Word } from "./i18n";
import type { Place, Row } from "./messages";
import type { Card, Store } from "./state";

/** Forms and lists that are needed now and then: the server draws them, here they are shown and filled in. */

/** `[what is pressed or chosen, its label]` */
type Choice = readonly [string, string];

/** Some text, a line with something to press, a field, or a choice; see docs/messages.md. */
export interface SheetRow {
  text?: string;
  look?: string;
  more?: string;
  side?: string;
  taps?: readonly Choice[];
  field?: string;
  type?: string;
  /** The server helps while one types. */
  live?: boolean;
  value?: string;
  picks?: readonly Choice[];
  /** The caller whose card a tap opens. */
  opens?: Row;
}

export interface Sheet {
  title: string;
  rows: readonly SheetRow[];
  /** Label of the main button. */
  save?: string;
}

export type Answer = { sheet: Sheet | null; notice?: string; brief?: string; place?: Place };

/** What was said about the last tap can be read this long. */
const READ = 5000;
/** Letters that come within this time are one question. */
const REST = 150;

/** Callers who stand here keep their places and whoever is new comes after them, so that nothing moves under the finger. */
function seated(rows: readonly SheetRow[], before: readonly SheetRow[]): SheetRow[] {
  const callers = before.map(({ opens }) => opens && opens.from);
  let seat = 0;
  const placed = rows.map((row, place) => {
    if (row.opens) seat = callers.indexOf(row.opens.from) + 1 || 1000;
    return { row, rank: 1000 * seat + place };
  });
  return placed.sort((one, other) => one.rank - other.rank).map(({ row }) => row);
}

export class Sheets {
  private subject: { call?: string } = {};
  private asked = 0;
  private pressedAt = 0;
  private fresh: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private door: Pick<Door, "ask">,
    private store: Store,
  ) {}

  /** About a call, whose card it covers; or about nothing but who stands here. */
  open = (name: string, about: object): Promise<Answer | null> => {
    this.show(null, { name, ...about });
    this.tell({ panel: "sheet" });
    return this.press("");
  };

  /** There is one at a time: another card's goes, so that nobody fills in a sheet about somebody else. */
  show(sheet: Sheet | null, subject: object): void {
    this.tell({ panel: null, busy: false });
    this.typing(false);
    this.subject = subject;
    this.asked++;
    this.store.set({ sheet, values: {} });
  }

  /** About this call and its guest. */
  about = (name: string, { slot: { call }, guest }: Card): void => {
    this.open(name, { call: call.id, number: call.from, guest: guest ? guest.id : 0 });
  };

  type = (field: string, value: string, live?: boolean): void => {
    this.store.set({ values: { ...this.store.get().values, [field]: value } });
    this.typing(true);
    clearTimeout(this.fresh);
    if (live) this.fresh = setTimeout(this.press, REST, "typed");
  };

  /** What a page shows has changed at the server; also while a card stands before it. */
  refresh(): void {
    if (this.subject.call) return;
    clearTimeout(this.fresh);
    this.fresh = setTimeout(this.press, Math.max(0, this.pressedAt + READ - Date.now()), "");
  }

  press = async (press: string): Promise<Answer | null> => {
    const asked = ++this.asked;
    if (press) this.pressedAt = Date.now();
    this.tell({ busy: press !== "typed", notice: null });
    const { values } = this.store.get();
    const reply = await this.door.ask<Answer>("sheet", { ...this.subject, press, values: this.filled() });
    if (asked !== this.asked) return null;
    this.tell({ busy: false, notice: ((reply.ok ? reply.notice : "noAnswer") as Word) || null });
    if (!reply.ok) {
      const { words, sheet } = this.store.get();
      const rows = this.subject.call ? [] : [{ text: say(words, "noAnswer") }];
      this.store.set({ sheet: sheet || { title: "…", rows } });
      return null;
    }
    const { sheet } = reply;
    const before = this.store.get();
    const rows = before.sheet ? before.sheet.rows : [];
    // What was typed while the answer was on its way is newer than the answer.
    const later = before.values === values ? {} : before.values;
    this.store.set({ sheet: sheet && { ...sheet, rows: seated(sheet.rows, rows) }, values: later });
    this.typing(press === "typed");
    if (!sheet) this.tell({ panel: null });
    if (reply.place) this.tell({ place: reply.place });
    return reply;
  };

  /** Every field as it stands: what nobody typed in has what the server put there. */
  private filled(): { [field: string]: string } {
    const { sheet, values } = this.store.get();
    const filled: { [field: string]: string } = {};
    for (const { field, value = "" } of sheet ? sheet.rows : []) if (field) filled[field] = value;
    return { ...filled, ...values };
  }

  private tell(change: object): void {
    if (this.subject.call) this.store.work(this.subject.call, change);
  }

  private typing(typing: boolean): void {
    const { calls } = this.store.get();
    if (this.subject.call) this.store.set({ calls: typed(calls, this.subject.call, typing, Date.now() / 1000) });
  }
}
