// Elements without a framework: h("button.primary", { onclick: go }, "Go").

function setProp(element, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
  else if (name === "vars") for (const [key, text] of Object.entries(value)) element.style.setProperty(key, text);
  else if (name === "value") element.value = value;
  else element.setAttribute(name, value === true ? "" : value);
}

/** Text children are always text: a caller's name with tags in it stays a name. */
export function h(spec, props, ...children) {
  const [tag, ...classes] = spec.split(".");
  const element = document.createElement(tag || "div");
  if (classes.length) element.className = classes.join(" ");
  for (const [name, value] of Object.entries(props ?? {})) if (name !== "value") setProp(element, name, value);
  element.append(...children.flat(2).filter((child) => child !== null && child !== undefined && child !== false));
  if (props && "value" in props) setProp(element, "value", props.value);
  return element;
}

export const find = (selector, root = document) => root.querySelector(selector);

/** Redraws without losing the place: the focused control gets the focus back, scrolled lists stay where they were. */
export function redraw(root, ...children) {
  const focused = root.contains(document.activeElement) ? document.activeElement.dataset.test : null;
  const scrolled = [...root.querySelectorAll("[data-keep-scroll]")].map((el) => [
    el.dataset.keepScroll,
    el.scrollTop,
    el.scrollLeft,
  ]);
  root.replaceChildren(...children.flat().filter(Boolean));
  for (const [name, top, left] of scrolled) {
    const list = find(`[data-keep-scroll="${name}"]`, root);
    if (list) Object.assign(list, { scrollTop: top, scrollLeft: left });
  }
  if (focused) find(`[data-test="${CSS.escape(focused)}"]`, root)?.focus({ preventScroll: true });
}

export const bootFacts = () => JSON.parse(document.getElementById("boot").textContent);

/** Currency symbols come as HTML (`&#8372;`). */
export function plainText(html) {
  return new DOMParser().parseFromString(String(html ?? ""), "text/html").body.textContent;
}
