import { dismissed } from "./calls";
import { say, type Word } from "./i18n";
import type { GuestCard } from "./messages";
import type { OpenOrder, Register } from "./register";
import { type Store, workOf } from "./state";

/** A guest made elsewhere reaches the register a little later. */
const TRIES = 11;
const PAUSE = 2000;

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** From a card to an order with its guest. */
export class Orders {
  constructor(
    private register: Pick<Register, "createOrder" | "setGuest" | "notify">,
    private store: Store,
    private look: () => Promise<OpenOrder | null | undefined>,
  ) {}

  async open(call: string, guest: GuestCard | null): Promise<void> {
    this.store.work(call, { busy: true, notice: null, replacing: false });
    const order = await this.created();
    if (!order) return this.fail(call, "orderFailed");
    if (guest) return this.attach(call, order, guest);
    this.done(call);
  }

  /** An order that was made without telling its id, or too late, is the empty one on the screen. */
  private async created(): Promise<number> {
    const answer = await this.register.createOrder();
    if (answer.ok && answer.value) return answer.value;
    const order = await this.look();
    const unclear = answer.ok || answer.why === "hung";
    return unclear && order && !order.client && !order.products ? order.id : 0;
  }

  async add(call: string, guest: GuestCard): Promise<void> {
    this.store.work(call, { busy: true, notice: null });
    const order = await this.look();
    if (!order) return this.fail(call, "attachFailed");
    const { replacing } = workOf(this.store.get(), call);
    if (order.client && order.client !== guest.id && !replacing)
      return this.store.work(call, { busy: false, replacing: true, notice: "replaceAsk" });
    await this.attach(call, order.id, guest);
  }

  private async attach(call: string, order: number, guest: GuestCard): Promise<void> {
    for (let tries = 0; tries < TRIES; tries++) {
      const answer = await this.register.setGuest(order, guest.id);
      if (answer.ok && answer.value) return this.done(call);
      this.store.work(call, { notice: "attaching" });
      if (tries < TRIES - 1) await wait(PAUSE);
    }
    this.fail(call, "attachFailed");
  }

  private done(call: string): void {
    this.store.work(call, { busy: false, notice: null, replacing: false });
    this.store.set({ calls: dismissed(this.store.get().calls, call) });
  }

  /** A sentence on the card, or beside the order when the card is closed by now. */
  private fail(call: string, word: Word): void {
    this.store.work(call, { busy: false, replacing: false, notice: word });
    const { open, words, user } = this.store.get();
    if (!open) this.register.notify("Dzvinok", say(words, word), user && user.id);
  }
}
