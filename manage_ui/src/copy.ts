/** Copies what stands in a field or a box; says so on the button. */

const SAID = 2000; // ms that the button says so

export async function copy(button: HTMLElement): Promise<void> {
  const place = document.getElementById(button.dataset.copy ?? "");
  if (!place || button.dataset.word) return;
  const text = select(place);
  // Poster's frame may not be allowed to use the clipboard interface; the old command needs no permission.
  const copied = commanded(text) || (await navigator.clipboard?.writeText(text).then(Boolean, () => false));
  button.dataset.word = button.textContent ?? "";
  button.textContent = (copied === false ? button.dataset.failed : button.dataset.copied) ?? "";
  window.setTimeout(() => {
    button.textContent = button.dataset.word ?? "";
    delete button.dataset.word;
  }, SAID);
}

/** What stands there; selected, so that Ctrl+C still works where copying is not allowed to us. */
function select(place: HTMLElement): string {
  if (place instanceof HTMLInputElement) {
    place.select();
    return place.value;
  }
  const range = document.createRange();
  range.selectNodeContents(place);
  const chosen = window.getSelection();
  chosen?.removeAllRanges();
  chosen?.addRange(range);
  return place instanceof HTMLPreElement ? (place.textContent ?? "") : String(chosen ?? "");
}

/** The exact text, not what a browser makes of a selected box. */
function commanded(text: string): boolean {
  const fill = (event: ClipboardEvent) => {
    event.clipboardData?.setData("text/plain", text);
    event.preventDefault();
  };
  document.addEventListener("copy", fill);
  const done = document.execCommand("copy");
  document.removeEventListener("copy", fill);
  return done;
}
