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
    if (this.guard(event)) return;
    if (event.key.startsWith("Esc")) this.close();
    else if (/^Arrow/.test(event.key)) this.step(event);
  };

  /** Arrows go from button to button, as Tab does. */
  private step(event: KeyboardEvent): void {
    if (!(event.target instanceof HTMLButtonElement)) return;
    const all = Array.from(document.querySelectorAll<HTMLElement>("#app-container button, #app-container input"));
    const next = all[all.indexOf(event.target) + (/Up|Left/.test(event.key) ? -1 : 1)];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }

  /** When what had the focus is gone, the card has it: the next Tab begins there. Nobody else is robbed of it. */
  found(root: Element): void {
    const { activeElement: now, body } = document;
    if (!document.hasFocus() || (now && now !== body)) return;
    const card = root.querySelector<HTMLElement>(".card");
    if (card) card.focus();
  }
}
