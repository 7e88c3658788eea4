import type { Talk } from "../messages";
import { clean } from "../text";
import type { View } from "./view";

/** "Olena is talking with +380…12". */
export const talkOf = ({ name, line, masked }: Talk, say: View["say"]) =>
  say("talksWith", clean(name, 40) || say("line", clean(line, 20))).replace("{1}", () => clean(masked, 20) || "…");
