// A register and a server that say what a scene tells them to: `Poster` and `WebSocket` for a page with nothing but our
// bundle. The clock stands still until `register.passes` moves it.
(() => {
  const told = window.SCRIPT;
  const clock = { now: 1000 * told.now, next: 1, timers: new Map() };
  const channel = new MessageChannel();
  /** What waits for a promise goes on. */
  const breathe = () => new Promise((resolve) => {
    channel.port1.onmessage = resolve;
    channel.port2.postMessage(0);
  });
  const RealDate = Date;
  window.Date = class extends RealDate {
    constructor(...given) {
      super(...(given.length ? given : [clock.now]));
    }
    static now() {
      return clock.now;
    }
  };
  const timer = (every) => (run, ms = 0, ...args) => {
    clock.timers.set(clock.next, { at: clock.now + ms, run, args, every: every && Math.max(1, ms) });
    return clock.next++;
  };
  window.setTimeout = timer(false);
  window.setInterval = timer(true);
  window.clearTimeout = window.clearInterval = (id) => void clock.timers.delete(id);

  async function passes(ms) {
    const end = clock.now + ms;
    await breathe();
    for (;;) {
      const due = [...clock.timers].filter((entry) => entry[1].at <= end).sort((a, b) => a[1].at - b[1].at)[0];
      if (!due) break;
      const [id, one] = due;
      clock.now = Math.max(clock.now, one.at);
      if (one.every) one.at += one.every;
      else clock.timers.delete(id);
      one.run(...one.args);
      await breathe();
    }
    clock.now = end;
  }

  const copy = (value) => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));
  const handlers = {};
  const sockets = [];
  const done = [];
  let notes = 0;

  const made = {
    "clients.create": ({ client }) => ({ client: { id: 900, firstname: client.client_name, phone: client.phone } }),
    "interface.showNotification": () => ({ id: ++notes }),
    "products.get": (ids) =>
      Array.isArray(ids) ? ids.map((id) => told.products[id]).filter(Boolean) : told.products[ids] || false,
    "orders.create": () => {
      told.order = { id: 1795436500000, clientId: 0, comment: "", total: 0, products: [], extras: {} };
      return { success: true, order: copy(told.order) };
    },
    "orders.getActive": () => (told.order ? { order: copy(told.order) } : {}),
    "orders.setOrderClient": (_id, client) => {
      told.order.clientId = client;
      return { success: true };
    },
    "orders.setOrderComment": (_id, comment) => {
      told.order.comment = comment;
      return { success: true };
    },
    "orders.setExtras": () => ({ success: true }),
    "orders.addProduct": (_id, product) => {
      if (told.unsold.includes(product.id)) return { success: false };
      told.order.products.push({ ...product, count: 1 });
      return { order: copy(told.order) };
    },
    "orders.changeProductCount": (_id, product) => {
      told.order.products.find(({ id }) => id === product.id).count = product.count;
      return { order: copy(told.order) };
    },
  };

  /** "hang" never answers, "fail" throws; anything else is the answer. */
  function answer(path, args) {
    done.push([path, ...copy(args)]);
    const given = path in told.answers ? told.answers[path] : made[path];
    if (given === "hang") return new Promise(() => {});
    if (given === "fail") return Promise.reject(new Error("scripted"));
    return Promise.resolve(typeof given === "function" ? given(...args) : copy(given));
  }

  const METHODS = {
    users: ["getActiveUser", "get"],
    clients: ["find", "get", "create"],
    orders: ["create", "getActive", "setOrderClient", "setOrderComment", "setExtras", "addProduct", "changeProductCount"],
    products: ["get", "getFullName"],
    interface: ["popup", "closePopup", "showNotification", "showApplicationIconAt"],
  };

  const open = (text) => JSON.parse(decodeURIComponent(escape(atob(text.replace(/-/g, "+").replace(/_/g, "/")))));

  const Poster = {
    settings: { accountUrl: "acme", lang: told.lang, extras: [] },
    on: (event, handler) => {
      handlers[event] = (handlers[event] || []).concat(handler);
    },
    makeApiRequest: (_method, _options, callback) => callback(copy(told.groups)),
    makeRequest(url, options, callback) {
      const verb = url.split("/").pop();
      const reply = told.door[verb];
      done.push([verb, open(options.data.p)]);
      if (reply === "hang") return;
      callback(reply ? { result: JSON.stringify(reply), code: 200 } : { result: false, code: 0 });
    },
  };
  for (const group of Object.keys(METHODS)) {
    Poster[group] = {};
    for (const name of METHODS[group]) Poster[group][name] = (...args) => answer(`${group}.${name}`, args);
  }

  window.Poster = Poster;
  window.WebSocket = class {
    constructor() {
      sockets.push(this);
      if (told.socket) setTimeout(() => this.onopen && this.onopen(), 0);
    }
    send() {}
    close() {}
  };
  const last = () => sockets[sockets.length - 1];
  localStorage.clear();
  sessionStorage.clear();
  window.register = {
    told,
    done,
    passes,
    fire: (event, data) => (handlers[event] || []).forEach((handler) => handler(data, () => {})),
    say: (message) => last().onmessage({ data: JSON.stringify(message) }),
    drop: (code) => last().onclose && last().onclose({ code }),
  };
})();
