// What reaches a register from outside while it works: guests made elsewhere, orders of the neighbour, fault switches.
import { get } from "../api.js";

const EVERY = 2000;
const byNewest = (list, changed) => [
  ...changed,
  ...list.filter((one) => !changed.some((other) => other.id === one.id)),
];

function takeOrders(world, changed) {
  const known = (id) => world.facts.orders.some((order) => order.id === id);
  const online = (order) => order.incomingOrderId > 0 && !known(order.id);
  const foreign = changed.filter((order) => order.tabletId !== world.facts.tabletId || online(order));
  const orders = byNewest(world.facts.orders, foreign).filter((order) => order.status === 1);
  if (foreign.length) world.change({ orders });
}

/** What waits to be accepted; the application hears of each new one. */
export function takeIncoming(world, host, incoming) {
  const { incoming: before = [] } = world.facts;
  if (JSON.stringify(incoming) === JSON.stringify(before)) return;
  world.change({ incoming });
  const fresh = incoming.filter((one) => !before.some((other) => other.id === one.id));
  for (const incomingOrder of fresh) host.emit("incomingOrderCreated", { incomingOrder });
}

/** The employee who is logged in keeps their place; what they are called may have changed. */
function takeEmployees(world, employees) {
  if (JSON.stringify(employees) === JSON.stringify(world.facts.employees)) return;
  const user = employees.find((one) => one.id === world.facts.user?.id) ?? world.facts.user;
  world.change({ employees, user });
}

export function takeFaults(world, host, faults) {
  if (JSON.stringify(faults) === JSON.stringify(world.facts.faults)) return;
  world.change({ faults });
  host.tellFaults(faults);
}

function takeConnection(world, host, connected) {
  if (connected === world.facts.connected) return;
  world.change({ connected });
  if (connected) host.start();
  else host.stop();
}

function take(world, host, changes) {
  if (changes.clients.length) world.change({ clients: byNewest(world.facts.clients, changes.clients) });
  takeOrders(world, changes.orders);
  takeIncoming(world, host, changes.incoming);
  if (changes.products) world.change({ products: changes.products });
  takeEmployees(world, changes.employees);
  world.change({
    rev: changes.rev,
    groups: changes.groups,
    nextSettings: changes.settings,
    bundle: changes.bundle,
    online: true,
  });
  takeFaults(world, host, changes.faults);
  takeConnection(world, host, changes.connected);
}

async function ask(world, host) {
  const { accountName: account, tabletId: tablet, rev } = world.facts;
  try {
    take(world, host, await get("changes", { account, tablet, since: rev }));
  } catch {
    world.change({ online: false });
  }
}

/** @returns a function that asks at once, for those who can't wait for the next round */
export function keepInSync(world, host) {
  const now = () => ask(world, host);
  const round = async () => {
    await now();
    setTimeout(round, EVERY);
  };
  setTimeout(round, EVERY);
  const channel = new BroadcastChannel("sandbox");
  channel.onmessage = now;
  return now;
}
