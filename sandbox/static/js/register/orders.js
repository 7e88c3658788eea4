// Orders of this register: opening, filling, closing, and keeping the sandbox's server informed.
// Money is in currency units; `products` is an object keyed "0".."n" as in the register's runtime.
import { post } from "../api.js";
import { lineName, linePrice } from "./catalogue.js";
import { note } from "./world.js";

const ORDER_SCREENS = ["order", "payment"];
const cents = (amount) => Math.round(amount * 100) / 100;

export const byId = (world, id) => world.facts.orders.find((order) => order.id === id);
export const lines = (order) => Object.values(order.products);
export const isEmpty = (order) => lines(order).length === 0 && order.clientId === 0 && !order.comment;

/** The order in front of the cashier, or `undefined` away from the order and payment screens. */
export function activeOrder(world) {
  return ORDER_SCREENS.includes(world.facts.screen) ? byId(world, world.facts.orderId) : undefined;
}

function blank(world) {
  const now = Math.max(Date.now(), ...world.facts.orders.map((order) => order.id + 1));
  const { user, tabletId, tablet } = world.facts;
  return {
    id: now,
    orderName: "",
    incomingOrderId: 0,
    clientId: 0,
    userId: user.id,
    tableId: 0,
    spotId: tablet.spot,
    tabletId,
    status: 1,
    products: {},
    subtotal: 0,
    total: 0,
    discount: 0,
    comment: "",
    extras: {},
    serviceMode: 1,
    deliveryAddress: "",
    dateStart: now,
    dateClose: 0,
  };
}

function upsert(world, order) {
  const others = world.facts.orders.filter((other) => other.id !== order.id);
  world.change({ orders: [...others, order] });
}

const saving = new Map();

/** Sends the newest state of the order, one request at a time for each order. */
async function save(world, id) {
  if (saving.has(id)) return saving.set(id, "again");
  saving.set(id, "now");
  const { accountName: account, tabletId: tablet } = world.facts;
  try {
    const { order } = await post("orders", { account, tablet, order: byId(world, id) });
    const mine = byId(world, id);
    if (mine && mine.orderName !== order.orderName) upsert(world, { ...mine, orderName: order.orderName });
  } catch (error) {
    note(world, "trouble", "orders", error.message);
  }
  const again = saving.get(id) === "again";
  saving.delete(id);
  if (again && byId(world, id)) save(world, id);
}

/** The one way to change an order. */
export function update(world, id, patch) {
  const order = { ...byId(world, id), ...patch };
  order.subtotal = cents(lines(order).reduce((sum, line) => sum + line.price * line.count, 0));
  order.total = cents(order.subtotal * (1 - order.discount / 100));
  upsert(world, order);
  save(world, id);
  return order;
}

export function show(world, id, screen = "order") {
  world.change({ orderId: id, screen });
}

export function createOrder(world, bus) {
  const order = blank(world);
  upsert(world, order);
  show(world, order.id);
  save(world, order.id);
  bus.emit("orderOpen", { order });
  return order;
}

export function openOrder(world, bus, id) {
  show(world, id);
  bus.emit("orderOpen", { order: byId(world, id) });
}

/** Back to the list; an order with nothing in it is thrown away, as registers do. */
export function leaveOrder(world) {
  const order = byId(world, world.facts.orderId);
  world.change({ screen: "orders", orderId: null });
  if (order && isEmpty(order)) remove(world, order.id);
}

function remove(world, id) {
  world.change({ orders: world.facts.orders.filter((order) => order.id !== id) });
  const { accountName: account, tabletId: tablet } = world.facts;
  post("orders/remove", { account, tablet, id }).catch((error) =>
    note(world, "trouble", "orders/remove", error.message),
  );
}

const same = (line, { id, modification }) =>
  line.id === id && String(line.modification ?? "") === String(modification ?? "");
const keyed = (list) => Object.fromEntries(list.map((line, index) => [String(index), line]));

function newLine(world, wanted) {
  const line = { id: wanted.id, count: 1, price: linePrice(world, wanted), name: lineName(world, wanted) };
  return wanted.modification === undefined || wanted.modification === ""
    ? line
    : { ...line, modification: wanted.modification };
}

export function addProduct(world, bus, orderId, wanted) {
  const list = lines(byId(world, orderId));
  const found = list.find((line) => same(line, wanted));
  const next = found
    ? list.map((line) => (line === found ? { ...line, count: line.count + 1 } : line))
    : [...list, newLine(world, wanted)];
  return changed(world, bus, orderId, next, { ...wanted, count: found ? found.count + 1 : 1 });
}

export function changeCount(world, bus, orderId, { id, modification, count }) {
  const next = lines(byId(world, orderId))
    .map((line) => (same(line, { id, modification }) ? { ...line, count } : line))
    .filter((line) => line.count > 0);
  return changed(world, bus, orderId, next, { id, modification, count });
}

function changed(world, bus, orderId, list, product) {
  const order = update(world, orderId, { products: keyed(list) });
  bus.emit("orderProductChange", { order, product });
  return order;
}

export const hasLine = (order, wanted) => lines(order).some((line) => same(line, wanted));

export function setClient(world, bus, orderId, clientId) {
  const client = world.facts.clients.find((one) => one.id === clientId);
  const discount = client?.loyaltyType === 2 ? Number(client.discount) || 0 : 0;
  const order = update(world, orderId, { clientId, discount });
  bus.emit("orderClientChange", { clientId: String(clientId), orderId });
  return order;
}

/** Somebody here accepts an online order, and it becomes an order like any other; or declines it. */
export async function decide(world, bus, id, accept) {
  const { accountName: account, tabletId: tablet, user } = world.facts;
  const { incomingOrder, order } = await post("incoming", { account, tablet, id, accept, user: user?.id });
  world.change({ incoming: world.facts.incoming.filter((one) => one.id !== id) });
  if (order) upsert(world, order);
  bus.emit(accept ? "incomingOrderAccepted" : "incomingOrderDeclined", { incomingOrder, ...(order && { order }) });
  return order;
}

export async function closeOrder(world, bus, orderId, payment) {
  await bus.interrupt("beforeOrderClose", { order: byId(world, orderId) });
  const { accountName: account, tabletId: tablet } = world.facts;
  const { order } = await post("orders/close", { account, tablet, id: orderId, payment });
  const closed = [order, ...(world.facts.closed ?? [])].slice(0, 50);
  world.change({ orders: world.facts.orders.filter((one) => one.id !== orderId), closed });
  if (world.facts.orderId === orderId) world.change({ screen: "orders", orderId: null });
  bus.emit("afterOrderClose", { order });
  return order;
}
