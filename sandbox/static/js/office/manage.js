// The back office around our iframe. The preloader goes away when the application says so, never by itself.
import { bootFacts, find } from "../dom.js";
import { translate } from "../i18n.js";
import { drawLanguages } from "../languages.js";

const frame = find("#application");

window.addEventListener("message", (event) => {
  const ours = event.source === frame.contentWindow;
  if (ours && event.data?.hideSpinner === true) find("#spinner").hidden = true;
});

find("#account").addEventListener("change", (event) => {
  const url = new URL(location.href);
  url.pathname = "/manage/applications/dzvinok";
  url.searchParams.set("account", event.target.value);
  location.href = url.href;
});

translate();
drawLanguages(find("#languages"));
// Only now, so that the application's first message finds somebody listening.
frame.src = bootFacts().iframe;
