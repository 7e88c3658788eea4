/** Has the pictures of a page drawn; their script is large, so it comes only when a page has one. */

let wanted = false;

export function pictures(): void {
  const place = document.querySelector<HTMLElement>("[data-chart]");
  if (place && !wanted) {
    wanted = true;
    const script = document.createElement("script");
    script.src = place.dataset.script ?? "";
    script.onerror = () => {
      wanted = false; // the next page tries again; the tables say the same
    };
    document.head.append(script);
  }
  document.dispatchEvent(new Event("drawn"));
}
