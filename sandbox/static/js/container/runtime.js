// The object `Poster` as an application sees it. Every method is a request to the register page.
import { eventTable } from "./events.js";

const METHODS = {
  users: ["getActiveUser", "get"],
  clients: ["find", "get", "create"],
  orders: [
    "create",
    "getActive",
    "setOrderClient",
    "setOrderComment",
    "setExtras",
    "setPrintText",
    "addProduct",
    "changeProductCount",
    "closeOrder",
  ],
  products: ["get", "getFullName"],
  categories: ["get", "getAll"],
  interface: [
    "popup",
    "closePopup",
    "showNotification",
    "showApplicationIconAt",
    "showManageRightsModal",
    "scanBarcode",
  ],
};

function group(line, name) {
  const methods = METHODS[name].map((method) => [
    method,
    (...args) => line.call(`${name}.${method}`, ...args.map(plain)),
  ]);
  return Object.fromEntries(methods);
}

/** What can't be sent (an event object handed over by mistake, a function) becomes `null`, as it would in JSON. */
function plain(value) {
  if (typeof value === "function" || value instanceof Event) return null;
  return value;
}

/** A register too old for popups has no such method at all. */
function hideable(part, method, isHidden) {
  const original = part[method];
  Object.defineProperty(part, method, { enumerable: true, get: () => (isHidden() ? undefined : original) });
}

/** Answers by callback only, as the register does: no promise, and a callback that may never come. */
function byCallback(line, method) {
  return (target, options, callback) => {
    line
      .call(method, target, JSON.parse(JSON.stringify(options ?? {})))
      .then(callback, (error) => console.error(error));
  };
}

/** @param facts what the register page sent: settings, environment, faults, ... */
export function buildRuntime(line, facts) {
  const events = eventTable(line);
  const runtime = {
    settings: facts.settings,
    environment: facts.environment,
    makeRequest: byCallback(line, "makeRequest"),
    makeApiRequest: byCallback(line, "makeApiRequest"),
    on: events.on,
  };
  for (const name of Object.keys(METHODS)) runtime[name] = group(line, name);
  hideable(runtime.interface, "popup", () => facts.faults.popup === "missing");
  hideable(runtime.products, "get", () => facts.faults.products_get === "missing");
  return runtime;
}
