import type { OrderItem } from "./messages";
import type { Begun } from "./orders";
import type { Answer, Line, OpenOrder, Product, Register } from "./register";

/** Ordering once more: what is still to be had and for how much, and putting it into an order without doubling anything. */

/** Why a dish can't be ordered any more: taken off the menu, hidden, or its size is. */
export type Bar = "" | "offMenu" | "hiddenDish" | "noSize";

export interface Dish {
  /** As it was. */
  readonly item: OrderItem;
  readonly bar: Bar;
  /** Currency units today, `null` while nobody knows. */
  readonly price: number | null;
  /** It had modifiers, which can't be carried over. */
  readonly plain: boolean;
  readonly chosen: boolean;
  /** Pieces of it in the order before us, and of ours. */
  readonly had: number;
  readonly got: number;
  readonly tries: number;
  /** The register did not say whether it took the last piece. */
  readonly unclear: boolean;
}

export interface Repeat {
  /** What was asked for, one by one. */
  readonly items: readonly OrderItem[];
  readonly dishes: readonly Dish[];
  /** The order that is being filled. */
  readonly begun: Begun | null;
}

export const countOf = ({ item }: Dish) => Number(item.count) || 1;

export const wanted = ({ dishes }: Repeat) => dishes.filter(({ chosen, bar }) => chosen && !bar);

export const left = (repeat: Repeat) => wanted(repeat).filter((dish) => dish.got < countOf(dish));

const fresh = { bar: "" as Bar, price: null, plain: false, chosen: true, had: 0, got: 0, tries: 0, unclear: false };

const lineOf = ({ item: { product, modification_id: id }, plain }: Dish): Line => ({
  id: product,
  modification: plain || !id ? "" : String(id),
});

export const repeatOf = (items: readonly OrderItem[]): Repeat => ({
  items,
  dishes: items.map((item) => ({ ...fresh, item })),
  begun: null,
});

/** Registers tell prices, but seldom the sizes of a dish. */
export const isVague = (products: readonly Product[], { product: id, modification_id: size }: OrderItem) =>
  !!size && products.some((one) => one.id === id && !one.variants.length && !one.modifiers);

/** A dish with the truth of today. The register knows best what is there, the server which sizes it has. */
export function checked(dish: Dish, own: readonly Product[], server: readonly Product[]): Dish {
  const { item } = dish;
  const mine = ({ id }: Product) => id === item.product;
  const there = server.find((product) => mine(product) && !product.deleted);
  const product = own.find(mine) || server.find(mine);
  if (!product) return { ...dish, bar: "offMenu" };
  const { variants, modifiers } = there || product;
  const size = variants.find(({ id }) => id === item.modification_id);
  const bar = product.deleted ? "offMenu" : product.hidden ? "hiddenDish" : variants.length && !size ? "noSize" : "";
  const plain = !variants.length && modifiers && !!(item.modification_id || item.modification);
  const price = size ? size.price : isVague([there || product], item) ? 0 : product.price;
  return { ...dish, bar, plain, price: price || null };
}

type Till = Pick<Register, "order" | "addProduct" | "changeCount">;

/** Pieces of a line; what a register says without its variant may be ours. */
const pieces = ({ lines }: OpenOrder, { id, modification }: Line) =>
  lines
    .filter((line) => line.id === id && (!line.modification || line.modification === modification))
    .reduce((sum, { count }) => sum + count, 0);

async function seen(till: Till, id: number): Promise<OpenOrder | null> {
  const answer = await till.order();
  return answer.ok && answer.value && answer.value.id === id ? answer.value : null;
}

/** Brings one dish to its number. What may be there already is counted first: nothing is added twice. */
async function put(till: Till, { id, into }: Begun, dish: Dish): Promise<Dish> {
  const line = lineOf(dish);
  const count = countOf(dish);
  const now = await seen(till, id);
  if (!now && (dish.unclear || into)) return { ...dish, unclear: true };
  const had = now && !dish.tries ? pieces(now, line) : dish.had;
  let got = now ? pieces(now, line) - had : dish.got;
  let answer: Answer<boolean> | null = null;
  if (got <= 0) {
    answer = await till.addProduct(id, line);
    const after = !isDone(answer) && (await seen(till, id));
    got = after ? pieces(after, line) - had : isDone(answer) ? 1 : 0;
  }
  if (got > 0 && got !== count) {
    answer = await till.changeCount(id, line, had + count);
    if (isDone(answer)) got = count;
  }
  const unclear = got < count && !!answer && !answer.ok && answer.why === "hung";
  return { ...dish, had, got: Math.max(0, got), tries: dish.tries + 1, unclear };
}

const isDone = (answer: Answer<boolean>) => answer.ok && answer.value;

/** Fills the order dish by dish. Stops at the first that will not go in; one that was refused twice is left out. */
export async function fill(till: Till, repeat: Repeat, begun: Begun): Promise<{ repeat: Repeat; stopped?: Dish }> {
  let { dishes } = repeat;
  const write = (before: Dish, after: Dish) => {
    dishes = dishes.map((dish) => (dish === before ? after : dish));
  };
  for (const dish of left(repeat)) {
    const stopped = await put(till, begun, dish);
    write(dish, stopped);
    if (stopped.got < countOf(stopped) && (stopped.unclear || stopped.tries < 2))
      return { repeat: { ...repeat, begun, dishes }, stopped };
  }
  const now = await seen(till, begun.id);
  for (const dish of now ? dishes : []) {
    const got = Math.max(0, pieces(now as OpenOrder, lineOf(dish)) - dish.had);
    if (got < dish.got) write(dish, { ...dish, got });
  }
  return { repeat: { ...repeat, begun, dishes } };
}
