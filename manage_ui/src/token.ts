/**
 * The page's token. It stands in the address behind `#`, which no server and no referrer ever sees, so that
 * reloading the frame finds it again after Poster's code has been taken out of the address.
 */
let current = "";

export const token = (): string => current;

/** The address of this page as the server knows it, without the token. */
export const address = (): string => location.pathname + location.search;

export function remember(fresh: string, page: string): void {
  current = fresh;
  history.replaceState(null, "", fresh ? `${page}#t=${fresh}` : page);
}

/** The token that a reload brings back, or "". */
export function restored(): string {
  current = /^#t=([\w.-]+)$/.exec(location.hash)?.[1] ?? "";
  return current;
}

// While the page is fetched with it, the way in for strangers is not shown: see manage.css.
if (restored()) document.documentElement.classList.add("returning");
