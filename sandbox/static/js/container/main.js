// The container: one page on the platform's origin that runs the application for as long as the register page lives.
// It owns no state. It asks the register page for everything over a private port, then publishes `Poster`
// and loads the bundle, which uses `Poster` while it is being evaluated.
import { openLine } from "./line.js";
import { buildRuntime } from "./runtime.js";
import { guardNetwork } from "./network.js";

const boot = JSON.parse(document.getElementById("boot").textContent);

function addScript(src, extra = {}) {
  return new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement("script"), { src, async: false }, extra);
    script.onload = resolve;
    script.onerror = () => reject(new Error(`${src} did not load`));
    document.head.append(script);
  });
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** `bare` is how a real register does it: a name that is in scope but not on `window`. */
function publish(runtime, how) {
  const file = how === "window" ? "poster-window.js" : "poster-bare.js";
  return addScript(new URL(file, import.meta.url).href, { runtime });
}

async function start({ line, facts }) {
  const network = guardNetwork(facts.faults);
  const runtime = buildRuntime(line, facts);
  line.on("faults", (faults) => {
    Object.assign(facts.faults, faults);
    network.apply(faults);
  });
  const late = facts.globalDelay;
  if (!late) await publish(runtime, facts.global);
  await addScript(facts.bundle).catch((error) => line.tell("trouble", { text: String(error.message) }));
  line.tell("loaded");
  if (late) {
    await pause(late);
    await publish(runtime, facts.global);
  }
}

window.addEventListener("error", (event) => parentLine?.tell("trouble", { text: String(event.message) }));
window.addEventListener("unhandledrejection", (event) => {
  parentLine?.tell("trouble", { text: `Unhandled: ${event.reason?.message ?? event.reason}` });
});

let parentLine = null;
openLine(boot.poster_origin).then(({ line, facts }) => {
  parentLine = line;
  return start({ line, facts });
});
