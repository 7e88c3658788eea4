import { typed } from "./calls";
import type { Door } from "./door";
import { digitsOf } from "./guests";
import type { Word } from "./i18n";
import type { Lookup } from "./lookup";
import type { Call, GuestCard } from "./messages";
import type { NewGuest, Register } from "./register";
import { emptyDraft, type Store, workOf } from "./state";
import { clean } from "./text";

/** `guest` is to be used at once, `offered` only when the cashier says so. */
type Saved = { guest: GuestCard } | { offered: readonly GuestCard[] } | { word: Word };

/** Saves a new guest once, wherever it works, and never twice without being asked. */
export class Creating {
  constructor(
    private register: Pick<Register, "createGuest">,
    private door: Pick<Door, "create" | "find">,
    private store: Store,
    private lookup: Pick<Lookup, "local" | "groups">,
  ) {}

  /** The new guest, or `null` with the reason on the card. */
  async create(call: Call): Promise<GuestCard | null> {
    const unclear = this.unclear(call.id);
    this.store.work(call.id, { busy: true, notice: null });
    await this.lookup.groups();
    const guest = this.filled(call);
    const saved = guest && (await this.save(guest, unclear));
    this.store.work(call.id, { busy: false });
    if (!saved) return null;
    if ("guest" in saved) return this.taken(call.id, saved.guest);
    if ("offered" in saved) this.store.work(call.id, { offered: saved.offered });
    else this.store.work(call.id, { notice: saved.word });
    return null;
  }

  private unclear(call: string): boolean {
    return workOf(this.store.get(), call).notice === "createUnclear";
  }

  private filled(call: Call): NewGuest | null {
    const state = this.store.get();
    const draft = workOf(state, call.id).draft || emptyDraft;
    const first = state.groups && state.groups[0];
    const group = draft.group || (first ? first.id : 0);
    const name = clean(draft.name);
    const word: Word | null = name ? (group ? null : "needGroup") : "needName";
    if (word) this.store.work(call.id, { notice: word });
    const { address, comment } = draft;
    return word
      ? null
      : { name, group, phone: call.from || "", address: clean(address, 200), comment: clean(comment, 500) };
  }

  private async save(guest: NewGuest, unclear: boolean): Promise<Saved> {
    const earlier = unclear ? await this.search(guest) : [];
    if (earlier[0]) return { guest: earlier[0] };
    const answer = await this.register.createGuest(guest, this.countryCode(guest.phone));
    if (answer.ok) return { guest: this.card(guest, answer.value.id) };
    if (answer.why === "hung") return this.found(guest);
    return this.saveThere(guest);
  }

  /** The register would not: the server may. */
  private async saveThere(guest: NewGuest): Promise<Saved> {
    const reply = await this.door.create(guest);
    if (reply.ok) return { guest: this.card(guest, reply.id) };
    if (reply.guest && reply.error === "duplicate") return { offered: reply.guest.guests };
    const owners = await this.search(guest);
    if (owners.length) return { offered: owners };
    return { word: reply.error === "refused" || reply.error === "duplicate" ? "createFailed" : "createUnclear" };
  }

  /** After an answer that never came: whoever has the number now is the new guest. */
  private async found(guest: NewGuest): Promise<Saved> {
    const [owner] = await this.search(guest);
    return owner ? { guest: owner } : { word: "createUnclear" };
  }

  private async search({ phone }: NewGuest): Promise<readonly GuestCard[]> {
    if (!phone) return [];
    const local = (await this.lookup.local(phone)).filter((guest) => !guest.hidden);
    if (local.length) return local;
    const reply = await this.door.find(phone);
    return reply.ok ? reply.guest.guests.filter((guest) => reply.guest.hidden.indexOf(guest.id) < 0) : [];
  }

  private countryCode(phone: string): number | null {
    const { account } = this.store.get();
    return account && account.code && digitsOf(phone).startsWith(String(account.code)) ? account.code : null;
  }

  private card({ name, group, phone, address, comment }: NewGuest, id: number): GuestCard {
    const named = (this.store.get().groups || []).find((other) => other.id === group);
    const none = { bonus: null, discount: null, last_order: null, loyalty: "none" as const };
    return {
      id,
      name,
      phone,
      group: named ? named.name : "",
      group_id: group,
      ...none,
      comment,
      address,
      last_address: address,
    };
  }

  private taken(call: string, guest: GuestCard): GuestCard {
    this.store.work(call, { offered: [guest], chosen: guest.id, draft: null, notice: "saved" });
    this.store.set({ calls: typed(this.store.get().calls, call, false, Date.now() / 1000) });
    return guest;
  }
}
