import type { Door } from "./door";
import type { Register } from "./register";
import type { Store } from "./state";

/** What a cashier does about calls: call back, note, never pop up, look behind the veil. */
export class CallDesk {
  constructor(
    protected register: Register,
    protected door: Pick<Door, "ask">,
    protected store: Store,
  ) {}
}
