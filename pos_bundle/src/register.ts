import type { Group, GuestCard } from "./messages";

/** What a Poster register can do for us, in our words. `pos.ts` does it; everybody else knows only these types. */

export interface Settings {
  account: string;
  lang: string;
}

export interface User {
  id: number;
  name: string;
  line: string;
}

/** A dish as the register takes it; `modification` is that of a product with variants, else empty. */
export interface Line {
  id: number;
  modification: string;
}

export interface OpenOrder {
  id: number;
  client: number;
  products: number;
  lines: (Line & { count: number })[];
  comment: string;
  /** Currency units. */
  sum: string;
  /** The call that brought it. */
  call: string;
}

/** A dish of the menu. Registers tell less of it than the server: what is missing in `name` and `variants` is unknown. */
export interface Product {
  id: number;
  name: string;
  /** Currency units. */
  price: number;
  hidden: boolean;
  deleted: boolean;
  variants: { id: number; name: string; price: number }[];
  modifiers: boolean;
}

/** A guest of the register's own list; `hidden` means deleted there. */
export interface LocalGuest extends GuestCard {
  hidden: boolean;
}

export interface NewGuest {
  name: string;
  group: number;
  phone: string;
  address: string;
  comment: string;
}

/** `hung`: no answer in time, so nobody knows whether it was done. `failed`: it was not. */
export type Answer<T> = { ok: true; value: T } | { ok: false; why: "failed" | "hung" };

export interface Reply {
  /** HTTP status; 0 when nothing came back. */
  code: number;
  body: unknown;
}

export type EventName =
  | "userLogin"
  | "userLogout"
  | "shiftClose"
  | "afterPopupClosed"
  | "applicationIconClicked"
  | "notificationClick"
  | "orderOpen"
  | "afterOrderClose";

export interface Register {
  settings(): Settings | null;
  on(event: EventName, handler: (data: unknown) => void): boolean;
  icon(label: string): boolean;
  popup(size: { width: number; height: number; title: string }): boolean;
  closePopup(): void;
  /** Resolves to the notification's id, `null` when it has none. */
  notify(title: string, message: string, employee: number | null): Promise<number | null>;
  /** `null`: nobody is logged in. */
  user(): Promise<Answer<User | null>>;
  /** `null`: the cashier is not on the order or payment screen. */
  order(): Promise<Answer<OpenOrder | null>>;
  find(search: string): Promise<Answer<LocalGuest[]>>;
  groups(): Promise<Answer<Group[]>>;
  createGuest(guest: NewGuest, countryCode: number | null): Promise<Answer<LocalGuest>>;
  /** The order's id, or 0 when the register made one without naming it. */
  createOrder(): Promise<Answer<number>>;
  setGuest(order: number, guest: number): Promise<Answer<boolean>>;
  /** One piece more. */
  addProduct(order: number, line: Line): Promise<Answer<boolean>>;
  changeCount(order: number, line: Line, count: number): Promise<Answer<boolean>>;
  /** Over the comment that was there. */
  setComment(order: number, text: string): Promise<Answer<boolean>>;
  setExtra(order: number, key: string, value: string): Promise<Answer<boolean>>;
  products(ids: readonly number[]): Promise<Answer<Product[]>>;
  guest(id: number): Promise<Answer<LocalGuest>>;
  /** A request through Poster, signed by it. Never rejects. */
  request(url: string, data: object, timeout: number): Promise<Reply>;
}
