// Events of the register, delivered to the application's handlers. An interrupting event carries `next`:
// the register goes on when every handler has called it, or when its watchdog loses patience.

function once(action) {
  let done = false;
  return () => {
    if (!done) action();
    done = true;
  };
}

function run(handler, ...args) {
  try {
    handler(...args);
  } catch (error) {
    console.error("The application's handler threw:", error);
  }
}

export function eventTable(line) {
  const handlers = new Map();

  function on(name, handler) {
    if (typeof handler !== "function") return;
    handlers.set(name, [...(handlers.get(name) ?? []), handler]);
    line.tell("subscribed", { name });
  }

  function interrupt(list, data, finished) {
    let left = list.length;
    const next = () => {
      left -= 1;
      if (left === 0) finished();
    };
    for (const handler of list) run(handler, data, once(next));
  }

  function deliver({ id, name, data, interrupting }) {
    const list = handlers.get(name) ?? [];
    const finished = () => line.tell("next", { id });
    if (name === "orderProductChange" && data) data.saveCallback = () => {};
    if (!interrupting) for (const handler of list) run(handler, data);
    else if (list.length === 0) finished();
    else interrupt(list, data, finished);
  }

  line.on("event", deliver);
  return { on };
}
