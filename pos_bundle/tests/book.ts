import { vi } from "vitest";
import { golden, ringing } from "./golden";
import { openTill, type Till } from "./till";

/** A register that keeps orders: what was asked of it can be read from them. */

// biome-ignore lint/suspicious/noExplicitAny: Poster answers in every shape there is.
type Any = any;

export const NEW = 1795436500000;

export interface Order {
  id: number;
  clientId: number;
  comment: string;
  total: number;
  extras: { [key: string]: string };
  products: { id: number; modification?: number; count: number }[];
}

export interface Book {
  till: Till;
  orders: Order[];
  /** On the screen. */
  active: number;
  /** What stands in the newest order: `12/3 × 2`. */
  lines(id?: number): string[];
  order(id?: number): Order | undefined;
  asked: { [verb: string]: Any[] };
}

/** As Poster documents them: without names and sizes. */
const MENU = [
  { id: 12, delete: 0, hidden: 0, price: 0, extras: {} },
  { id: 40, delete: 0, hidden: 0, price: 60 },
];
const SERVER_MENU = [
  {
    id: 12,
    name: "Margherita",
    price: "150.00",
    hidden: false,
    deleted: false,
    variants: [{ id: 3, name: "30 cm", price: "150.00" }],
    modifiers: false,
  },
  { id: 40, name: "Uzvar", price: "60.00", hidden: false, deleted: false, variants: [], modifiers: false },
];

export const blank = (more: Partial<Order> = {}): Order => ({
  id: NEW,
  clientId: 0,
  comment: "",
  total: 0,
  extras: {},
  products: [],
  ...more,
});

const same = (line: Any, { id, modification }: Any) => line.id === id && line.modification === modification;

function keeping(book: Book): Any {
  const find = (id: number) => {
    const order = book.orders.find((one) => one.id === id);
    if (!order) throw new Error("no such order");
    return order;
  };
  return {
    create: () => {
      const order = blank({ id: NEW + book.orders.length });
      book.orders.push(order);
      book.active = order.id;
      return { success: true, order };
    },
    getActive: () => {
      const order = book.orders.find((one) => one.id === book.active);
      return order ? { order: { ...order, products: { ...order.products } } } : {};
    },
    setOrderClient: (id: number, client: number) => {
      find(id).clientId = client;
      return { success: true };
    },
    setOrderComment: (id: number, text: string) => {
      find(id).comment = text;
    },
    setExtras: (id: number, key: string, value: string) => {
      find(id).extras[key] = value;
      return { success: true };
    },
    addProduct: (id: number, wanted: Any) => {
      const order = find(id);
      const line = order.products.find((one) => same(one, wanted));
      if (line) line.count++;
      else order.products.push({ ...wanted, count: 1 });
      return { order };
    },
    changeProductCount: (id: number, wanted: Any) => {
      const line = find(id).products.find((one) => same(one, wanted));
      if (!line) throw new Error("no such line");
      line.count = wanted.count;
      return { order: find(id) };
    },
  };
}

/** With a call of the guest whom the server knows everything about. */
export async function openBook(change: (poster: Any, book: Book) => void = () => {}, guest = {}): Promise<Book> {
  const book = { orders: [], active: 0, asked: {} } as unknown as Book;
  book.till = await openTill((poster, till) => {
    const orders = keeping(book);
    for (const name of Object.keys(orders)) poster.orders[name] = vi.fn(async (...given) => orders[name](...given));
    poster.products = { get: vi.fn(async (ids: number[]) => MENU.filter(({ id }) => ids.includes(id))) };
    poster.clients.get = vi.fn(async (id: number) => ({ id, lastname: "Shevchuk", firstname: "Iryna" }));
    const hear = (verb: string, reply: unknown) => {
      till.door[verb] = (body) => {
        book.asked[verb] = (book.asked[verb] || []).concat(body);
        return reply;
      };
    };
    hear("menu", { ok: true, products: SERVER_MENU });
    for (const verb of ["ordered", "closed"]) hear(verb, { ok: true });
    hear("online", { ok: true, id: 77, order: null, plain: false });
    change(poster, book);
  });
  book.order = (id) => (id ? book.orders.find((one) => one.id === id) : book.orders[book.orders.length - 1]);
  book.lines = (id) =>
    (book.order(id)?.products || []).map(
      (line) => `${[line.id, line.modification].filter(Boolean).join("/")} × ${line.count}`,
    );
  const message = golden("guest_everything");
  Object.assign(message.guest.guests[0], guest);
  await book.till.ring(ringing());
  await book.till.say(message);
  await book.till.wait(600);
  return book;
}
