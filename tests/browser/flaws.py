"""What a popup may not have, whatever stands in it: found by looking at the page."""

from __future__ import annotations

LOOK = """() => {
  const shown = (one) => one.getClientRects().length > 0;
  const name = (one) => one.tagName + "." + one.className + " " + (one.textContent || one.value || "").slice(0, 40);
  const all = [...document.querySelectorAll("#app-container *")].filter(shown);
  const targets = all.filter((one) => one.matches("button, input, select, textarea, a"));
  const texts = all.filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()));
  const box = (one) => one.getBoundingClientRect();
  const across = ({ left, right }) => left >= -0.5 && right <= innerWidth + 0.5;
  const down = ({ top, bottom }) => top >= -0.5 && bottom <= innerHeight + 0.5;
  const spills = (one) => one.scrollHeight > innerHeight || one.scrollWidth > innerWidth;
  const inside = (place) => across(place) && down(place);
  const slides = (one) => one.closest("nav, .more, .facts .chips, .ellipsis") !== null;
  const ends = (one) => getComputedStyle(one).textOverflow === "ellipsis";
  const wide = (one) => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0;
  const held = (one) => one.matches("button, label, b, h1, h2, p, span, dt, dd, li, .note, .notice");
  const main = document.querySelector("main");
"""

WHAT = {
    "scrollbars": "[document.documentElement, document.body].filter(spills).map(name)",
    "wider": "main.scrollWidth > main.clientWidth ? [name(main)] : []",
    "small": "targets.filter((one) => box(one).width < 44 || box(one).height < 44).map(name)",
    "tiny": "texts.filter((one) => parseFloat(getComputedStyle(one).fontSize) < 14).map(name)",
    "cut": """[...document.querySelectorAll("header, footer, footer button")]
        .filter((one) => !slides(one) && !inside(box(one))).map(name)""",
    "spilt": """all.filter((one) => held(one) && getComputedStyle(one).display !== "inline" && wide(one))
        .filter((one) => !ends(one)).map(name)""",
    "beside": "texts.filter((one) => !slides(one) && !across(box(one))).map(name)",
    "slid": "[...document.querySelectorAll('.more')].filter(wide).map(name)",
    "squeezed": "main.clientHeight < 80 ? [`${main.clientHeight} px`] : []",
}
"""Each a list of offenders; an empty one is well."""

FLAWS = LOOK + "return {" + ", ".join(f"{name}: {code}" for name, code in WHAT.items()) + "}; }"
