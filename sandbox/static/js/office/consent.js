import { find } from "../dom.js";
import { translate } from "../i18n.js";
import { drawLanguages } from "../languages.js";

translate();
drawLanguages(find("#languages"));
