/** Whether the text is in the clipboard now. The old way, because a frame of another origin is refused the new one. */
export function copied(text: string): boolean {
  const focused = document.activeElement;
  const field = document.body.appendChild(document.createElement("textarea"));
  field.value = text;
  field.readOnly = true;
  field.focus();
  field.select();
  let done = false;
  try {
    done = document.execCommand("copy");
  } catch (_) {
    // Then it is copied by hand.
  }
  field.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return done;
}
