import type { Slot } from "../calls";
import type { Word } from "../i18n";
import { duration } from "../text";
import type { View } from "./view";

const WORDS: { [kind: string]: Word } = {
  ringing: "incoming",
  answered: "talking",
  held: "held",
  missed: "missed",
  over: "over",
};

/** What a call is doing, for colours and for words. */
export function kindOf({ call, kept }: Slot): string {
  if (call.state !== "ended" && !kept) return call.state === "answered" && call.held ? "held" : call.state;
  return call.outcome && call.outcome !== "answered" ? "missed" : "over";
}

export const headlineOf = (slot: Slot): Word =>
  slot.kept && slot.call.answered_by ? "answered" : (WORDS[kindOf(slot)] as Word);

/** How long they have been talking. */
export function talked(slot: Slot, { state }: View): string {
  const { answered } = slot.call;
  const talks = kindOf(slot) === "answered" || kindOf(slot) === "held";
  return talks && answered ? duration(state.now + state.calls.ahead - answered) : "";
}

export const stateOf = (slot: Slot, view: View) =>
  [talked(slot, view), view.say(headlineOf(slot))].filter(Boolean).join(" · ");
