// Networks of restaurants: sockets that a firewall drops, and no internet at all. Both can change while the page lives.

const open = new Set();
let cut = () => false;

function failed() {
  const socket = new EventTarget();
  const fire = (event) => {
    socket[`on${event.type}`]?.(event);
    socket.dispatchEvent(event);
  };
  Object.assign(socket, { readyState: 0, bufferedAmount: 0, protocol: "", extensions: "", binaryType: "blob" });
  socket.send = () => {
    throw new DOMException("Still in CONNECTING state", "InvalidStateError");
  };
  socket.close = () => {};
  setTimeout(() => {
    socket.readyState = 3;
    fire(new Event("error"));
    fire(new CloseEvent("close", { code: 1006, wasClean: false }));
  }, 50);
  return socket;
}

function guardedSocket(Native) {
  return new Proxy(Native, {
    construct(target, args) {
      if (cut()) return failed();
      const socket = new target(...args);
      open.add(socket);
      socket.addEventListener("close", () => open.delete(socket));
      return socket;
    },
  });
}

function guardedFetch(native, isOffline) {
  return (...args) => (isOffline() ? Promise.reject(new TypeError("Failed to fetch")) : native(...args));
}

/** @param faults the switches at the start; `apply` takes later changes. */
export function guardNetwork(faults) {
  let now = { ...faults };
  const offline = () => now.offline_start === "yes";
  cut = () => now.sockets === "blocked" || offline();
  window.WebSocket = guardedSocket(window.WebSocket);
  window.fetch = guardedFetch(window.fetch.bind(window), offline);
  return {
    apply(changed) {
      now = { ...now, ...changed };
      if (cut()) for (const socket of open) socket.close();
    },
  };
}
