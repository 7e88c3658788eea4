import type { Register } from "./register";
import type { Store } from "./state";

/** Our container is shown and hidden by Poster; this remembers which it is. */

const WIDTH = 480;
const HEIGHT = 600;
/** Poster draws its own title bar and a margin around the popup. */
const FRAME = 72;
/** `afterPopupClosed` comes for our own closing too, and late. */
const ECHO = 1000;

/** As large as the card is designed, smaller on a small screen. */
export function popupSize(width: number, height: number): { width: number; height: number } {
  return {
    width: Math.min(WIDTH, width || WIDTH),
    height: Math.min(HEIGHT, Math.max(320, (height || HEIGHT + FRAME) - FRAME)),
  };
}

export class Popup {
  private closedAt = 0;

  constructor(
    private register: Pick<Register, "popup" | "closePopup">,
    private store: Store,
  ) {}

  /** `false` when the register has no popup to give. */
  open(): boolean {
    if (this.store.get().open) return true;
    const size = popupSize(screen.width, screen.height);
    const open = this.register.popup({ ...size, title: "Dzvinok" });
    if (open) this.store.set({ open, height: size.height, now: Date.now() / 1000 });
    return open;
  }

  close(): void {
    if (!this.store.get().open) return;
    this.closedAt = Date.now();
    this.store.set({ open: false, menu: false });
    this.register.closePopup();
  }

  /** Nothing left to show: nothing is shown. */
  tend(): void {
    const { open, menu, calls } = this.store.get();
    if (open && !menu && !calls.front) this.close();
  }

  /** Poster says that it is closed. `true` when the cashier did it. */
  wasClosed(): boolean {
    if (!this.store.get().open || Date.now() - this.closedAt < ECHO) return false;
    this.store.set({ open: false, menu: false });
    return true;
  }
}
