/** Leaves of a list what one looks for, while it is typed; Enter asks the server, which also knows other alphabets. */

export function find(field: HTMLInputElement): void {
  const list = document.getElementById(field.dataset.finds ?? "");
  const wanted = plain(field.value).split(" ").filter(Boolean);
  if (!list) return;
  let found = 0;
  for (const one of Array.from(list.querySelectorAll<HTMLElement>("[data-find]"))) {
    const names = ` ${plain(one.dataset.find ?? "")}`;
    one.hidden = !wanted.every((word) => names.includes(` ${word}`));
    if (!one.hidden) found += 1;
  }
  const none = list.querySelector<HTMLElement>("[data-found-none]");
  if (none) none.hidden = found > 0;
}

const plain = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
