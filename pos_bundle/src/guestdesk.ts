import type { Door } from "./door";
import type { Register } from "./register";
import type { Store } from "./state";

/** What a cashier does about a guest: flags, addresses, other numbers. */
export class GuestDesk {
  constructor(
    protected register: Register,
    protected door: Pick<Door, "ask">,
    protected store: Store,
  ) {}
}
