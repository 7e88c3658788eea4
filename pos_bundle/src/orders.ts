import { placeOf } from "./address";
import { dismissed } from "./calls";
import { say, type Word } from "./i18n";
import type { Ledger } from "./ledger";
import type { GuestCard } from "./messages";
import type { OpenOrder, Register } from "./register";
import { CALL } from "./shapes";
import { type Store, workOf } from "./state";
import { clean, clock } from "./text";

/** A guest made elsewhere reaches the register a little later. */
const TRIES = 11;
const PAUSE = 2000;

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

type Till = Pick<Register, "createOrder" | "setGuest" | "setComment" | "setExtra" | "notify" | "guest">;

/** An order of a card; `joined`: the guest is in it, `into`: it was there before, `unwritten`: what its comment lacks. */
export interface Begun {
  readonly id: number;
  readonly into: boolean;
  readonly joined: boolean;
  readonly unwritten: string;
}

export const isUnfinished = (order: OpenOrder | null): order is OpenOrder =>
  !!order && (order.products > 0 || order.client !== 0);

/** From a card to an order with its guest. */
export class Orders {
  constructor(
    private register: Till,
    private store: Store,
    private ledger: Pick<Ledger, "ordered">,
    readonly look: () => Promise<OpenOrder | null | undefined>,
  ) {}

  async open(call: string, guest: GuestCard | null): Promise<void> {
    const order = await this.begin(call, guest);
    if (order) await this.finish(call, guest, order);
  }

  async add(call: string, guest: GuestCard): Promise<void> {
    this.store.work(call, { busy: true, notice: null });
    const order = await this.look();
    if (!order) {
      this.fail(call, "attachFailed");
      return;
    }
    const { replacing } = workOf(this.store.get(), call);
    if (order.client && order.client !== guest.id && !replacing)
      return this.store.work(call, { busy: false, replacing: true, notice: "replaceAsk" });
    const begun = await this.begin(call, guest, order.id);
    if (begun) await this.finish(call, guest, begun);
  }

  /** A new order for this call, or `into` that one, with all that belongs to it; `null` with the reason on the card. */
  async begin(call: string, guest: GuestCard | null, into = 0): Promise<Begun | null> {
    const { order } = this.store.get();
    this.store.work(call, { busy: true, notice: null, replacing: false });
    const id = into || (await this.created());
    if (!id) return this.fail(call, "orderFailed");
    if (!into && isUnfinished(order)) this.park(order);
    const begun = { id, into: !!into, joined: await this.attached(id, guest), unwritten: "" };
    begun.unwritten = await this.dress(call, guest, begun);
    return begun;
  }

  /** Until the guest is in it; then the card goes. */
  async finish(call: string, guest: GuestCard | null, { id, joined, unwritten }: Begun): Promise<void> {
    let there = joined;
    for (let tries = 1; !there && tries < TRIES; tries++) {
      this.store.work(call, { notice: "attaching" });
      await wait(PAUSE);
      there = await this.attached(id, guest);
    }
    if (!there) this.fail(call, "attachFailed");
    else if (unwritten) this.fail(call, "commentFailed", unwritten);
    else this.done(call);
  }

  /** The order learns which call brought it, the server that it did, the kitchen where it goes and when. */
  dress(call: string, guest: GuestCard | null, order: Pick<Begun, "id" | "into">): Promise<string> {
    const { due, minutes } = workOf(this.store.get(), call);
    this.ledger.ordered(call, order.id, guest ? guest.id : 0, due ? this.minutes(minutes) : 0);
    this.register.setExtra(order.id, CALL, call);
    return this.commented(call, guest, order);
  }

  /** An order that was made without telling its id, or too late, is the empty one on the screen. */
  private async created(): Promise<number> {
    const answer = await this.register.createOrder();
    if (answer.ok && answer.value) return answer.value;
    const order = await this.look();
    const unclear = answer.ok || answer.why === "hung";
    return unclear && order && !order.client && !order.products ? order.id : 0;
  }

  private async attached(order: number, guest: GuestCard | null): Promise<boolean> {
    const answer = guest && (await this.register.setGuest(order, guest.id));
    return !answer || (answer.ok && answer.value);
  }

  /** What the cashier promises, else what is said to everybody. */
  minutes(changed: number | null): number {
    const { load } = this.store.get();
    return changed !== null ? changed : load ? load.minutes : 0;
  }

  /** Address and promise behind the comment that is there, in place of what we wrote before. What could not be written, else `""`. */
  private async commented(
    call: string,
    guest: GuestCard | null,
    { id, into }: Pick<Begun, "id" | "into">,
  ): Promise<string> {
    const parts = this.comment(call, guest);
    const { written } = workOf(this.store.get(), call);
    if (!parts.length && !written) return "";
    const order = await this.look();
    const there = order && order.id === id ? order.comment : into ? null : "";
    const kept = (there || "").replace(written, "").replace(/[;\s]+$/, "");
    const rest = parts.filter((part) => !kept.includes(part)).join("; ");
    const text = [kept, rest].filter(Boolean).join("; ");
    if (text === there) return "";
    const answer = there !== null && (await this.register.setComment(id, text));
    if (!answer || !answer.ok || !answer.value) return rest;
    this.store.work(call, { written: rest });
    return "";
  }

  private comment(call: string, guest: GuestCard | null): string[] {
    const state = this.store.get();
    const work = workOf(state, call);
    const tell = (word: Word, what?: string) => say(state.words, word, what);
    const last = guest && ((guest.orders || []).find(({ open }) => !open) || guest.last_order);
    const goes = state.prefs.delivery !== "online" && (work.place || (last && last.delivery));
    const place = goes && placeOf({ work }, guest);
    return [place ? clean(place.text, 300) : "", work.due ? tell("by", clock(work.due, state.lang)) : ""].filter(
      Boolean,
    );
  }

  /** The order that a new one was opened over, and whose it is. */
  private async park(parked: OpenOrder): Promise<void> {
    this.store.set({ parked: { ...parked, name: "" } });
    const answer = parked.client && (await this.register.guest(parked.client));
    const now = this.store.get().parked;
    if (answer && answer.ok && now && now.id === parked.id)
      this.store.set({ parked: { ...now, name: answer.value.name } });
  }

  done(call: string): void {
    this.store.work(call, { busy: false, notice: null, replacing: false, panel: null, repeat: null });
    this.store.set({ calls: dismissed(this.store.get().calls, call) });
  }

  /** A sentence on the card, or beside the order when the card is closed by now. */
  fail(call: string, word: Word, what = ""): null {
    this.store.work(call, { busy: false, replacing: false, notice: word, what });
    const { open, words } = this.store.get();
    if (!open) this.tell(say(words, word, what));
    return null;
  }

  /** Beside the order. */
  tell(sentence: string): void {
    const { user } = this.store.get();
    this.register.notify("Dzvinok", sentence, user && user.id);
  }
}
