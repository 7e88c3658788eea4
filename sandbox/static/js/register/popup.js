// The application's window: the container's frame made visible, cut to the size that was asked for. No scrollbar, ever.
import { h } from "../dom.js";
import { t } from "../i18n.js";
import { icon } from "../icon.js";

const TITLE_HEIGHT = 44;
const MARGIN = 8;

function pixels(size, room, fallback) {
  const text = String(size ?? "");
  const asked = text.endsWith("%") ? (room * Number.parseFloat(text)) / 100 : Number.parseFloat(text);
  return Math.max(160, Math.min(Number.isFinite(asked) ? asked : fallback, room));
}

function place(box, { width, height }) {
  const roomX = window.innerWidth - 2 * MARGIN;
  const roomY = window.innerHeight - TITLE_HEIGHT - 2 * MARGIN;
  box.style.setProperty("--width", `${pixels(width, roomX, 500)}px`);
  box.style.setProperty("--height", `${pixels(height, roomY, 500)}px`);
}

/** @param shade the element around the frame; hidden, with the frame alive in it, until the application asks */
export function popupWindow(world, shade, onClosed) {
  const box = shade.querySelector(".popup");
  const title = shade.querySelector(".popup-title");
  const frame = shade.querySelector("iframe");
  let before = null;

  function open(options) {
    before ??= document.activeElement;
    place(box, options);
    title.textContent = options.title ?? "";
    frame.title = options.title ?? "";
    shade.hidden = false;
    world.change({ popup: { ...options } });
    // Two registers stand side by side on the first page: only the one being used may take the keyboard.
    if (document.hasFocus()) frame.focus();
  }

  function close() {
    if (!world.facts.popup) return;
    // A hidden frame would keep the keyboard.
    if (document.activeElement === frame) frame.blur();
    shade.hidden = true;
    world.change({ popup: null });
    before?.focus?.();
    before = null;
    onClosed();
  }

  const button = h(
    "button.icon-button",
    { type: "button", onclick: close, "aria-label": t("close"), "data-test": "popup-close" },
    icon("close"),
  );
  shade.querySelector(".popup-bar").append(button);
  window.addEventListener("resize", () => world.facts.popup && place(box, world.facts.popup));
  window.addEventListener("keydown", (event) => event.key === "Escape" && close());
  return { open, close };
}
