import { type Group, isObject, type Loyalty, parsed } from "./messages";
import type { LocalGuest, OpenOrder, Product, Reply, User } from "./register";

/** Poster's answers come in several shapes; each of these reads all of them. */

type Loose = { [key: string]: unknown };

/** Poster writes absent text as "", "0", null or nothing. */
export const textOf = (value: unknown): string =>
  value === null || value === undefined || value === "0" || value === 0 || isObject(value) ? "" : String(value).trim();

/** A number, or 0. */
export const numberOf = (value: unknown): number => Number(isObject(value) ? 0 : value) || 0;

export const listOf = (value: unknown): unknown[] => {
  if (Array.isArray(value)) return value;
  return isObject(value) ? Object.keys(value).map((key) => value[key]) : [];
};

/** The thing itself, whether it comes bare or under its name. */
function unwrapped(value: unknown, name: string): Loose {
  if (!isObject(value)) return {};
  const inner = value[name];
  return isObject(inner) ? inner : value;
}

/** Somebody with an id. The PIN that Poster puts into the same object is never touched. */
export function userOf(value: unknown): User | null {
  const user = unwrapped(value, "user");
  const id = numberOf(user.id);
  if (!id) return null;
  const extras = isObject(user.extras) ? user.extras : {};
  return { id, name: textOf(user.name), line: textOf(extras.line) };
}

export function guestOf(value: unknown): LocalGuest | null {
  const client = unwrapped(value, "client");
  const id = numberOf(client.id);
  if (!id) return null;
  const name = [client.lastname, client.firstname, client.patronymic].map(textOf).filter(Boolean).join(" ");
  const loyalty: Loyalty = numberOf(client.loyaltyType) === 2 ? "discount" : "bonus";
  const address = textOf(client.address);
  return {
    id,
    name: name || textOf(client.name),
    phone: textOf(client.phone),
    group: "",
    group_id: numberOf(client.groupId) || null,
    loyalty,
    bonus: numberOf(client.bonus) ? numberOf(client.bonus).toFixed(2) : null,
    discount: numberOf(client.discount) ? String(numberOf(client.discount)) : null,
    comment: textOf(client.comment),
    address,
    last_address: address,
    last_order: null,
    hidden: !!numberOf(client.hidden),
  };
}

export function guestsOf(value: unknown): LocalGuest[] {
  const found: Loose = isObject(value) ? value : {};
  const lists = Array.isArray(value) ? value : listOf(found.foundClients).concat(listOf(found.foundByCard));
  return lists.map(guestOf).filter((guest): guest is LocalGuest => !!guest);
}

/** The key under which an order remembers the call that brought it. */
export const CALL = "dzvinok_call";

/** The order on the screen; `null` when there is none, `undefined` when the answer is none. */
export function orderOf(value: unknown): OpenOrder | null | undefined {
  if (!isObject(value)) return undefined;
  const order = value.order;
  if (!isObject(order)) return null;
  const rows = listOf(order.products).filter(isObject);
  const lines = rows.map((row) => ({
    id: numberOf(row.id),
    modification: textOf(row.modification),
    count: numberOf(row.count),
  }));
  return {
    id: numberOf(order.id),
    client: numberOf(order.clientId),
    products: rows.length,
    lines,
    comment: textOf(order.comment),
    sum: numberOf(order.total).toFixed(2),
    call: isObject(order.extras) ? textOf(order.extras[CALL]) : "",
  };
}

/** The order of an event. */
export const eventOrder = (event: unknown) => orderOf({ order: unwrapped(event, "order") });

const VARIANTS = ["variants", "modifications"];
const GROUPS = ["modifiers", "groups", "group_modifications"];

/** A dish as the server tells it, or as the register does: there without a name, with prices as numbers. */
function productOf(row: Loose): Product {
  const variants = listOf(first(row, VARIANTS)).filter(isObject);
  const groups = first(row, GROUPS);
  return {
    id: numberOf(row.id),
    name: textOf(row.name),
    price: numberOf(row.price),
    hidden: !!numberOf(row.hidden),
    deleted: !!numberOf(row.deleted || row.delete),
    variants: variants.map(({ id, name, price }) => ({ id: numberOf(id), name: textOf(name), price: numberOf(price) })),
    modifiers: groups === true || listOf(groups).length > 0,
  };
}

/** `null` when this is not an answer. */
export function productsOf(value: unknown): Product[] | null {
  if (!isObject(value) || value.error) return null;
  const list = numberOf(value.id) ? [value] : listOf(value.products || value);
  return list.filter(isObject).map(productOf);
}

/** Id of a created order; 0 when it was created and not named, `null` when Poster refused. */
export function createdOrder(value: unknown): number | null {
  if (!isObject(value) || value.success === false || value.error) return null;
  return numberOf(unwrapped(value, "order").id);
}

const GROUP_ID = ["client_groups_id", "id"];
const GROUP_NAME = ["client_groups_name", "name"];
const first = (row: Loose, keys: string[]) => keys.map((key) => row[key]).find((value) => value !== undefined);

/** Groups that are not deleted, or `null` when this is not an answer. */
export function groupsOf(answer: unknown): Group[] | null {
  const value = parsed(answer);
  if (isObject(value) && value.error) return null;
  const list = isObject(value) && !Array.isArray(value) ? value.response || value.result : value;
  if (!Array.isArray(list)) return null;
  return list
    .filter((row) => isObject(row) && !numberOf(row.delete))
    .map((row) => ({ id: numberOf(first(row, GROUP_ID)), name: textOf(first(row, GROUP_NAME)) }))
    .filter((group) => group.id);
}

/** Id of a clicked notification; 0 when the event does not tell. */
export const notificationOf = (event: unknown) => numberOf(unwrapped(event, "notification").id);

/** The status stands in `code` or in `status`; the body is text or a ready object. Without either it counts as 200. */
export function replyOf(answer: unknown): Reply {
  if (!isObject(answer)) return { code: 0, body: null };
  const status = answer.code === undefined ? answer.status : answer.code;
  const body = parsed(answer.result);
  return { code: status === undefined ? 200 : Number(status) || 0, body: body === false ? null : body };
}
