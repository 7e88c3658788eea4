import type { Door } from "./door";
import type { Register } from "./register";
import type { Store } from "./state";

/** What a cashier does about orders: repeat, promise, park, book a table. */
export class OrderDesk {
  constructor(
    protected register: Register,
    protected door: Pick<Door, "ask">,
    protected store: Store,
  ) {}
}
