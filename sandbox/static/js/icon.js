// Line icons, 24 by 24, drawn here: emoji look different on every system and are missing on some.
const PATHS = {
  back: "M15 5l-7 7 7 7",
  bag: "M6 8h12l1 12H5zM9 8V6a3 3 0 0 1 6 0v2",
  bell: "M6 17h12c-1.5-1.7-2-3-2-6a4 4 0 0 0-8 0c0 3-.5 4.3-2 6zM10 20h4M12 7V5",
  bike: "M6 17.5a2.5 2.5 0 1 0 0-.01M18 17.5a2.5 2.5 0 1 0 0-.01M8.5 17.5h7l-2-9h-3M15.5 17.5l1-4",
  bolt: "M13 3L5 14h6l-1 7 8-11h-6z",
  bulb: "M9 18h6M10 21h4M8.5 14.5a5.5 5.5 0 1 1 7 0c-.7.6-1 1.5-1 2.5h-5c0-1-.3-1.9-1-2.5z",
  card: "M3 6h18v12H3zM3 10h18M6 15h4",
  cash: "M3 7h18v10H3zM12 14.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5M6.5 12h.01M17.5 12h.01",
  close: "M6 6l12 12M18 6L6 18",
  copy: "M9 8h11v12H9zM16 8V4H5v12h4",
  erase: "M9 6h11v12H9l-6-6zM12 10l5 4M17 10l-5 4",
  gear: "M12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6M12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.6l2.1 2.1M16.3 16.3l2.1 2.1M18.4 5.6l-2.1 2.1M7.7 16.3l-2.1 2.1",
  globe: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M3 12h18M12 3c-5 5-5 13 0 18M12 3c5 5 5 13 0 18",
  guest: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8M4.5 20c1-4 4-5.5 7.5-5.5s6.5 1.5 7.5 5.5",
  guests:
    "M9 12a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M2.5 19c.8-3.5 3.3-5 6.5-5s5.7 1.5 6.5 5M15.5 5.3a3.5 3.5 0 0 1 0 6.4M18 14.5c1.8.7 3 2.2 3.5 4.5",
  hidden: "M4 4l16 16M10 6.3A9 9 0 0 1 21 12a12 12 0 0 1-2.5 3.2M6 8a12 12 0 0 0-3 4c2 4 5.5 6 9 6 1.2 0 2.3-.2 3.4-.7",
  keys: "M4 5h16v14H4zM8 9h.01M12 9h.01M16 9h.01M8 12.5h.01M12 12.5h.01M16 12.5h.01M9 16h6",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  menu: "M4 7h16M4 12h16M4 17h16",
  note: "M5 4h14v16l-3-2-2 2-2-2-2 2-2-2-3 2zM9 9h6M9 13h4",
  open: "M9 5H5v14h14v-4M13 4h7v7M20 4l-9 9",
  phone:
    "M6 3.5h3.5l1.5 5-2.3 1.7a12 12 0 0 0 5.1 5.1l1.7-2.3 5 1.5V18a2.5 2.5 0 0 1-2.7 2.5C10.5 20 4 13.5 3.5 6.2A2.5 2.5 0 0 1 6 3.5z",
  play: "M8 5l11 7-11 7z",
  question: "M9 9a3 3 0 1 1 4.5 2.6c-1 .6-1.5 1.2-1.5 2.4M12 17.5h.01",
  table: "M3 9h18M6 9v10M18 9v10M5 5h14l2 4H3z",
  warning: "M12 4l9 16H3zM12 10v4M12 17h.01",
};

const SVG = "http://www.w3.org/2000/svg";

/** A decoration: whoever uses it names the control in words. */
export function icon(name, size = 22) {
  const svg = document.createElementNS(SVG, "svg");
  const facts = {
    viewBox: "0 0 24 24",
    width: size,
    height: size,
    fill: "none",
    stroke: "currentColor",
    "stroke-width": 1.8,
    "stroke-linecap": "round",
    "stroke-linejoin": "round",
    "aria-hidden": "true",
    class: "icon",
  };
  for (const [key, value] of Object.entries(facts)) svg.setAttribute(key, value);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
