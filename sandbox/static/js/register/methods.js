// What each method of the runtime object does on this register. Shapes and types are Poster's own, so are the gaps:
// ids must be numbers, `false` where nothing was found, no order away from the order screens.
import { post } from "../api.js";
import { fullName, product } from "./catalogue.js";
import { faultyClients, faultyOrders, faultyUsers } from "./faulty.js";
import { clientById, createClient, search } from "./guests.js";
import { networkMethods } from "./network.js";
import {
  activeOrder,
  addProduct,
  byId,
  changeCount,
  closeOrder,
  createOrder,
  hasLine,
  setClient,
  update,
} from "./orders.js";

const isNumber = (value) => typeof value === "number" && Number.isFinite(value);
const isText = (value) => typeof value === "string";
const YES = { success: true };
const NO = { success: false };

const userOf = (world, id) => world.facts.employees.find((employee) => employee.id === id)?.user ?? false;

function users(world) {
  return {
    "users.getActiveUser": () => (world.facts.user ? userOf(world, world.facts.user.id) : false),
    "users.get": (id) => userOf(world, id),
  };
}

function checkedClient(world, client) {
  if (!client || !isText(client.client_name) || !client.client_name.trim()) throw new Error("client_name is empty");
  if (!isNumber(client.client_groups_id_client)) throw new Error("client_groups_id_client must be a number");
  return createClient(world, client);
}

function clients(world) {
  return {
    "clients.find": (query) => search(world, query?.searchVal),
    "clients.get": (id) => clientById(world, id) ?? false,
    "clients.create": (query) => checkedClient(world, query?.client),
  };
}

const mayOpen = (world) => Boolean(world.facts.user && world.facts.shift);

function orders(world, bus) {
  const known = (id) => isNumber(id) && byId(world, id);
  const knownClient = (id) => isNumber(id) && (id === 0 || clientById(world, id));
  return {
    "orders.create": () => (mayOpen(world) ? { success: true, order: createOrder(world, bus) } : NO),
    "orders.getActive": () => (activeOrder(world) ? { order: activeOrder(world) } : {}),
    "orders.setOrderClient": (id, clientId) => {
      if (!known(id) || !knownClient(clientId)) return NO;
      setClient(world, bus, id, clientId);
      return YES;
    },
    "orders.setOrderComment": (id, text) =>
      known(id) && isText(text) && update(world, id, { comment: text }) ? YES : NO,
    "orders.setPrintText": (id, text) =>
      known(id) && isText(text) && update(world, id, { printText: text }) ? YES : NO,
    "orders.setExtras": (id, key, value) => setExtras(world, id, key, value),
    "orders.closeOrder": async (id, options) =>
      known(id) ? { result: await closeOrder(world, bus, id, options?.payment ?? {}) } : { error: "No such order" },
    ...orderLines(world, bus, known),
  };
}

/** Deleted and hidden dishes can't be added; a variant is a number, modifiers are a JSON text. */
function sellable(world, { id, modification }) {
  const item = isNumber(id) && product(world, id);
  if (!item || item.deleted || item.hidden) return false;
  if (item.modifications.length) return item.modifications.some((one) => one.id === modification);
  const own = item.groups.flatMap((group) => group.modifications.map((one) => one.id));
  const chosen = modification ? parsed(modification) : [];
  return Array.isArray(chosen) && chosen.every(({ m }) => own.includes(Number(m)));
}

function parsed(text) {
  try {
    return isText(text) ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}

function orderLines(world, bus, known) {
  return {
    "orders.addProduct": (id, line) => {
      if (!known(id) || !line || !sellable(world, line)) throw new Error("No such order or product");
      return { order: addProduct(world, bus, id, line) };
    },
    "orders.changeProductCount": (id, line) => {
      if (!known(id) || !line || !hasLine(byId(world, id), line)) throw new Error("No such order or line");
      return { order: changeCount(world, bus, id, line) };
    },
  };
}

function setExtras(world, id, key, value) {
  const order = isNumber(id) && byId(world, id);
  if (!order || !isText(key) || !isText(value)) return NO;
  update(world, id, { extras: { ...order.extras, [key]: value } });
  post("extras", { account: world.facts.accountName, type: "order", id, key, value }).catch(() => {});
  return YES;
}

function menu(world) {
  const one = (id) => product(world, id) ?? false;
  const category = (id) => world.facts.categories.find((item) => item.id === Number(id));
  return {
    "products.get": (ids) => (Array.isArray(ids) ? ids.map(one).filter(Boolean) : one(ids)),
    "products.getFullName": (lines) =>
      Array.isArray(lines) ? lines.map((line) => fullName(world, line)) : fullName(world, lines),
    "categories.get": (id) => (category(id) ? { success: true, category: category(id) } : NO),
    "categories.getAll": () => ({ success: true, categories: world.facts.categories }),
  };
}

/** @param screen what the page draws for the application: popup, closePopup, notify, icons, askRights */
function onScreen(screen) {
  return {
    "interface.popup": (options) => screen.popup(options ?? {}),
    "interface.closePopup": () => screen.closePopup(),
    "interface.showNotification": (options) => screen.notify(options ?? {}),
    "interface.showApplicationIconAt": (places) => screen.icons(places ?? {}),
    "interface.showManageRightsModal": () => screen.askRights(),
    "interface.scanBarcode": () => ({ barcode: "" }),
  };
}

export function buildMethods(world, bus, screen) {
  return {
    ...faultyUsers(world, users(world)),
    ...faultyClients(world, clients(world)),
    ...faultyOrders(world, orders(world, bus)),
    ...menu(world),
    ...onScreen(screen),
    ...networkMethods(world),
  };
}
