import { heardGuest, slotOf } from "./calls";
import type { Door } from "./door";
import { sameNumber, searchable, spellings } from "./guests";
import type { Call, Guest } from "./messages";
import type { LocalGuest, Register } from "./register";
import type { Store } from "./state";

/** The server gives up after 8 s; what has not come by then will not come. */
const OVERDUE = 10000;

/** Asks the register itself who has a number, and the server when nobody else does. */
export class Lookup {
  constructor(
    private register: Pick<Register, "find" | "groups">,
    private door: Pick<Door, "find" | "groups">,
    private store: Store,
  ) {}

  /** Each answer is laid on the desk of the call that it was asked for. */
  start(call: Call): void {
    this.groups();
    if (!searchable(call.from)) return;
    this.local(call.from, call.shown).then((found) => this.store.work(call.id, { found }));
    setTimeout(() => this.store.work(call.id, { late: true }), OVERDUE);
  }

  /** A caller of the past: nobody but us asks the server. */
  async again(call: Call): Promise<void> {
    this.start(call);
    if (!searchable(call.from)) return;
    const reply = await this.door.find(call.from);
    const { calls } = this.store.get();
    const slot = slotOf(calls, call.id);
    if (!slot) return;
    const guest = reply.ok ? (reply.guest as Guest) : { ...FAILED, number: call.from };
    this.store.set({ calls: heardGuest(calls, call.id, guest) });
  }

  /** Poster's own answer, else the server's; asked again only while there is none. */
  async groups(): Promise<void> {
    if (this.store.get().groups) return;
    const own = await this.register.groups();
    const reply = own.ok ? own : await this.door.groups();
    if (reply.ok) this.store.set({ groups: "value" in reply ? reply.value : reply.groups });
  }

  /** Everybody with this number on the register, deleted ones too: their ids must not be shown from elsewhere. */
  async local(number: string, shown = ""): Promise<LocalGuest[]> {
    const { account } = this.store.get();
    const code = account && account.code;
    const answers = await Promise.all(spellings(number, shown, code).map((text) => this.register.find(text)));
    const all = answers.reduce((list: LocalGuest[], answer) => (answer.ok ? list.concat(answer.value) : list), []);
    return all.filter((guest) => sameNumber(number, guest.phone, code));
  }
}

const FAILED: Guest = { stage: "failed", version: 0, number: null, hidden: [], guests: [] };
