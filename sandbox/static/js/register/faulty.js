// The fault switches that live on the register: the same methods, misbehaving as real registers were seen to.

const never = () => new Promise(() => {});
const refuse = (text) => Promise.reject(new Error(text));
const SYNC_DELAY = 6000;

export function faultyUsers(world, methods) {
  const real = methods["users.getActiveUser"];
  const ways = { false: () => false, hang: never };
  return { ...methods, "users.getActiveUser": () => (ways[world.fault("active_user")] ?? real)() };
}

async function createdButSilent(create, query) {
  await create(query);
  return never();
}

/** `wrapped` is what the documentation says, `raw` what Poster's own sample expects. */
function createWays(real) {
  return {
    wrapped: async (query) => ({ client: await real(query) }),
    raw: real,
    rejected: () => refuse("Client was not created"),
    hang: (query) => createdButSilent(real, query),
    object_without_id: async () => ({ client: { firstname: "", phone: "" } }),
  };
}

function findWays(real) {
  return {
    both: real,
    missing_arrays: (query) => {
      const { foundClients, foundByCard } = real(query);
      return { ...(foundClients.length && { foundClients }), ...(foundByCard.length && { foundByCard }) };
    },
    fail: () => refuse("Search failed"),
    empty: () => ({ foundClients: [], foundByCard: [] }),
    hang: never,
  };
}

export function faultyClients(world, methods) {
  const create = createWays(methods["clients.create"]);
  const find = findWays(methods["clients.find"]);
  return {
    ...methods,
    "clients.create": (query) => (create[world.fault("create_client")] ?? create.wrapped)(query),
    "clients.find": (query) => (find[world.fault("clients_find")] ?? find.both)(query),
  };
}

/** A guest made elsewhere reaches the register some seconds later: the first tries to attach them fail. */
function lateClient(real) {
  const firstTries = new Map();
  return (orderId, clientId) => {
    const first = firstTries.get(clientId) ?? Date.now();
    firstTries.set(clientId, first);
    return Date.now() - first < SYNC_DELAY ? { success: false } : real(orderId, clientId);
  };
}

/** Each order's second dish is the one that goes wrong, once: whoever tries again gets through. */
function secondDish(real, goWrong) {
  const added = new Map();
  return (orderId, line) => {
    const count = (added.get(orderId) ?? 0) + 1;
    added.set(orderId, count);
    return count === 2 ? goWrong() : real(orderId, line);
  };
}

export function faultyOrders(world, methods) {
  const { "orders.getActive": active, "orders.create": create, "orders.setOrderClient": attach } = methods;
  const add = methods["orders.addProduct"];
  const noDish = () => refuse("The product was not added");
  const ways = {
    get_active: { fail: () => refuse("No active order"), hang: never },
    orders_create: { refused: () => ({ success: false }), hang: never },
    add_product: { fail_2: secondDish(add, noDish), fail_all: noDish, hang_2: secondDish(add, never) },
    set_client: { refused: () => ({ success: false }), late: lateClient(attach) },
  };
  const pick =
    (name, real) =>
    (...args) =>
      (ways[name][world.fault(name)] ?? real)(...args);
  return {
    ...methods,
    "orders.getActive": pick("get_active", active),
    "orders.create": pick("orders_create", create),
    "orders.setOrderClient": pick("set_client", attach),
    "orders.addProduct": pick("add_product", add),
  };
}
