// `window.sandbox`: what a browser test (or a curious person in the console) drives a register with.
import { activeOrder, addProduct, createOrder, decide, leaveOrder, openOrder, setClient, show } from "./orders.js";
import { click } from "./icons.js";
import { login, logout, toggleShift } from "./session.js";

function orderHooks(world, bus) {
  return {
    openOrder: (id) => (id ? openOrder(world, bus, id) : createOrder(world, bus)),
    leaveOrder: () => leaveOrder(world),
    addProduct: (id, modification) => addProduct(world, bus, world.facts.orderId, { id, modification }),
    setClient: (id) => setClient(world, bus, world.facts.orderId, id),
    decide: (id, accept) => decide(world, bus, id, accept),
    pay: () => show(world, world.facts.orderId, "payment"),
    activeOrder: () => activeOrder(world) ?? null,
  };
}

/** What a test may read: copies, so that nothing is changed by looking. */
function reading(world, frame) {
  const copy = (value) => JSON.parse(JSON.stringify(value ?? null));
  return {
    state() {
      const { dialog, trace, clients, products, ...rest } = world.facts;
      return copy({ ...rest, dialog: Boolean(dialog), clients: clients.length, products: products.length });
    },
    popupOpen: () => Boolean(world.facts.popup),
    popup: () => copy(world.facts.popup),
    notifications: () => copy(world.facts.notifications),
    trace: () => copy(world.facts.trace),
    watchdogs: () => copy(world.facts.watchdogs ?? []),
    client: (id) => copy(world.facts.clients.find((client) => client.id === id)),
    container: () => frame,
  };
}

export function exposeHooks({ world, host, popup, syncNow }) {
  window.sandbox = {
    login: (pin) => login(world, host, pin),
    logout: () => logout(world, host),
    toggleShift: () => toggleShift(world, host),
    clickIcon: (place = "functions") => click(world, host, place),
    closePopup: () => popup.close(),
    emit: (name, data) => host.emit(name, data),
    interrupt: (name, data) => host.interrupt(name, data),
    restartApp: () => host.start(),
    sync: syncNow,
    ...orderHooks(world, host),
    ...reading(world, document.getElementById("container")),
  };
  document.documentElement.dataset.ready = "true";
}
