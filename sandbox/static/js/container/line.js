// The private line between the container and the register page: a MessagePort that only the register page's origin
// may hand over. Requests are numbered; answers come in any order or never.

function waitForPort(origin) {
  return new Promise((resolve) => {
    const listen = (event) => {
      const expected = event.origin === origin && event.source === window.parent;
      if (!expected || event.data?.sandbox !== "start" || !event.ports[0]) return;
      window.removeEventListener("message", listen);
      resolve({ port: event.ports[0], facts: event.data.facts });
    };
    window.addEventListener("message", listen);
    window.parent.postMessage({ sandbox: "ready" }, origin);
  });
}

class Line {
  #port;
  #next = 1;
  #waiting = new Map();
  #listeners = new Map();

  constructor(port) {
    this.#port = port;
    port.onmessage = (event) => this.#take(event.data);
  }

  /** Resolves or rejects when the register page answers; stays pending for good when it never does. */
  call(method, ...args) {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#port.postMessage({ type: "call", id, method, args: structuredClone(args) });
    });
  }

  tell(type, more = {}) {
    this.#port.postMessage({ type, ...more });
  }

  on(type, listener) {
    this.#listeners.set(type, listener);
  }

  #take(message) {
    if (message.type !== "answer") {
      this.#listeners.get(message.type)?.(message.data ?? message);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if ("error" in message) waiting?.reject(new Error(message.error));
    else waiting?.resolve(message.value);
  }
}

export async function openLine(origin) {
  const { port, facts } = await waitForPort(origin);
  return { line: new Line(port), facts };
}
