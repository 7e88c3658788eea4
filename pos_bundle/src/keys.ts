/** A card that comes up while somebody types must not be answered by those keys. */

const DEAF = 500;
const GUARDED = ["Enter", " ", "Escape", "Esc"];

export class Keys {
  private place = "";
  private since = 0;

  constructor(private close: () => void) {
    document.addEventListener("keydown", this.pressed, true);
    document.addEventListener("keyup", this.guard, true);
  }

  /** Where the cashier is now; another place is deaf for a moment. */
  at(place: string): void {
    if (place === this.place) return;
    this.place = place;
    this.since = Date.now();
  }

  private guard = (event: KeyboardEvent): boolean => {
    const typing = event.key === " " && event.target instanceof HTMLInputElement;
    const deaf = Date.now() - this.since < DEAF && GUARDED.indexOf(event.key) >= 0 && !typing;
    if (deaf) {
      event.preventDefault();
      event.stopPropagation();
    }
    return deaf;
  };

  private pressed = (event: KeyboardEvent): void => {
    if (!this.guard(event) && event.key.startsWith("Esc")) this.close();
  };
}
