import type { Call, Guest, Prefs, Row, Snapshot } from "./messages";

/** One call's card on this register. Times are seconds of the register's own clock. */
export interface Slot {
  readonly call: Call;
  readonly guest: Guest | null;
  readonly heard: number;
  /** The cashier has typed something here that is not saved yet. */
  readonly typing: boolean;
  /** The card belongs elsewhere now and stays only because of what was typed: until closed by hand. */
  readonly kept: boolean;
  /** Closed by hand, or one that nobody wants to see by itself: does not come up. */
  readonly dismissed: boolean;
  /** Opened from the list of the last callers. */
  readonly byHand: boolean;
  /** When the card of an ended call goes. */
  readonly over: number | null;
}

export interface Calls {
  readonly slots: readonly Slot[];
  readonly front: string | null;
  /** The cashier chose the card in front. */
  readonly picked: boolean;
  readonly recent: readonly Row[];
  /** Last version of each call that has left this register. */
  readonly gone: readonly (readonly [string, number])[];
  readonly grace: number;
  /** In which state a call brings its card up; "" in none. */
  readonly rises: "ringing" | "answered" | "";
  /** Server's clock minus ours. */
  readonly ahead: number;
  readonly at: number;
}

export const noCalls: Calls = {
  slots: [],
  front: null,
  picked: false,
  recent: [],
  gone: [],
  grace: 20,
  rises: "ringing",
  ahead: 0,
  at: 0,
};

const GONE_KEPT = 60;
const ROWS_KEPT = 20;
/** Seconds that an answer may need through Poster. */
const OVERTAKEN = 60;

/** What the owner and the employee chose. */
export const tuned = (calls: Calls, { grace, quiet, pop }: Prefs): Calls => ({
  ...calls,
  grace,
  rises: quiet ? "" : pop === "answer" ? "answered" : "ringing",
});

const rises = (calls: Calls, { pop, state }: Call) =>
  pop !== false && (calls.rises === "ringing" || calls.rises === state);

export const slotOf = (calls: Calls, id: string | null) => calls.slots.find((slot) => slot.call.id === id);

export const isLive = (slot: Slot) => slot.call.state !== "ended" && !slot.kept && !slot.byHand;

/** Place in the queue for the screen; a card gives way only to a smaller number. */
function urgency(slot: Slot): number {
  if (slot.typing) return 0;
  if (slot.byHand || slot.kept) return 4;
  if (slot.call.state === "answered" && !slot.call.held) return 1;
  return slot.call.state !== "ended" || slot.call.outcome === "answered" ? 2 : 3;
}

/** The cards in the strip, oldest first: nothing moves when a newer call comes. */
export const strip = (calls: Calls) => calls.slots.filter((slot) => !slot.dismissed);

function settled(calls: Calls): Calls {
  const cards = strip(calls);
  const now = cards.find((slot) => slot.call.id === calls.front);
  if (now && calls.picked) return calls;
  let best = now;
  for (const slot of cards.slice().reverse()) if (!best || urgency(slot) < urgency(best)) best = slot;
  const front = best ? best.call.id : null;
  return front === calls.front ? calls : { ...calls, front, picked: false };
}

const withSlots = (calls: Calls, slots: readonly Slot[]): Calls => settled({ ...calls, slots });

function patched(calls: Calls, id: string, change: Partial<Slot>): Calls {
  return withSlots(
    calls,
    calls.slots.map((slot) => (slot.call.id === id ? { ...slot, ...change } : slot)),
  );
}

function without(calls: Calls, slot: Slot, version = slot.call.version): Calls {
  const id = slot.call.id;
  const gone = calls.gone.filter((entry) => entry[0] !== id).slice(1 - GONE_KEPT);
  return withSlots(
    { ...calls, gone: gone.concat([[id, Math.max(version, versionGone(calls, id))]]) },
    calls.slots.filter((other) => other !== slot),
  );
}

function added(calls: Calls, call: Call, more: Partial<Slot>): Calls {
  const slot = { call, guest: null, heard: 0, typing: false, kept: false, byHand: false, over: null };
  const dismissed = !rises(calls, call);
  const front = slotOf(calls, calls.front);
  const picked = calls.picked && !!front && (isLive(front) || front.typing);
  return withSlots({ ...calls, picked }, calls.slots.concat({ ...slot, dismissed, ...more }));
}

/** The card of a call that went elsewhere: away, or kept for what was typed. */
function folded(calls: Calls, slot: Slot, call: Call): Calls {
  if (slot.byHand) return calls;
  return slot.typing || slot.kept
    ? patched(calls, call.id, { call: unveiled(call, slot.call), kept: true, over: null })
    : without(calls, slot, call.version);
}

/** What was seen once is not hidden again. */
const unveiled = (call: Call, { from, shown, name }: Call): Call =>
  call.veiled && from ? { ...call, from, shown, name, veiled: false } : call;

function renewed(calls: Calls, slot: Slot, fresh: Call, now: number, age: number): Calls {
  const call = unveiled(fresh, slot.call);
  const over = call.state === "ended" ? now + Math.max(0, calls.grace - age) : null;
  const pickedUp = call.state === "answered" && slot.call.state === "ringing";
  const dismissed = slot.dismissed && !(pickedUp && calls.rises === "answered" && rises(calls, call));
  const next = patched(calls, call.id, { call, over, dismissed, kept: false, byHand: false });
  return pickedUp && !dismissed ? settled({ ...next, picked: false }) : next;
}

/** The veil lifted by hand: the server's answer to one who looked. */
export function revealed(calls: Calls, call: Call, guest: Guest | null): Calls {
  const slot = slotOf(calls, call.id);
  if (!slot) return calls;
  const next = patched(calls, call.id, { call: unveiled({ ...slot.call, veiled: true }, call) });
  return guest ? heardGuest(next, call.id, guest) : next;
}

/** A change of one call. A higher version wins; a repeat, or one that comes late, changes nothing. */
export function heardCall(calls: Calls, call: Call, now: number): Calls {
  const slot = slotOf(calls, call.id);
  const known = slot && !slot.byHand ? slot.call.version : versionGone(calls, call.id);
  if (call.version <= known || isPast(slot, call)) return calls;
  if (slot) return call.mine ? renewed(calls, slot, call, now, 0) : folded(calls, slot, call);
  return call.mine && call.state !== "ended" ? added(calls, call, { heard: now }) : calls;
}

/** An ended call says nothing to a card that was opened from the list. */
const isPast = (slot: Slot | undefined, call: Call) => !!slot && slot.byHand && call.state === "ended";

const versionGone = (calls: Calls, id: string) => (calls.gone.find((entry) => entry[0] === id) || [id, -1])[1];

/** An answer about a guest lands on its own call only, and only when it is newer. */
export function heardGuest(calls: Calls, id: string, guest: Guest): Calls {
  const slot = slotOf(calls, id);
  return slot && (!slot.guest || guest.version > slot.guest.version) ? patched(calls, id, { guest }) : calls;
}

/**
 * The whole truth about this register: what it does not name is over here. One that was overtaken on its way is ignored;
 * one that is much older means that the server's clock was set back.
 */
export function heardSnapshot(calls: Calls, snapshot: Snapshot, now: number): Calls {
  if (snapshot.at < calls.at && snapshot.at > calls.at - OVERTAKEN) return calls;
  const { at, recent } = snapshot;
  let next: Calls = { ...tuned(calls, snapshot.settings), at, recent, ahead: at - now };
  for (const slot of calls.slots)
    if (!snapshot.calls.some(({ call }) => call.id === slot.call.id)) next = folded(next, slot, slot.call);
  for (const { call, guest } of snapshot.calls) {
    next = reconciled(next, call, now, at);
    if (guest) next = heardGuest(next, call.id, guest);
  }
  return next;
}

function reconciled(calls: Calls, call: Call, now: number, at: number): Calls {
  const slot = slotOf(calls, call.id);
  const live = call.state !== "ended";
  if (!slot)
    return call.mine && live && call.version >= versionGone(calls, call.id)
      ? added(calls, call, { heard: now })
      : calls;
  if ((call.version < slot.call.version && !slot.byHand) || isPast(slot, call)) return calls;
  if (!call.mine) return folded(calls, slot, call);
  const same = call.version === slot.call.version && !slot.kept && !slot.byHand;
  return same ? calls : renewed(calls, slot, call, now, at - (call.ended || at));
}

export function heardRow(calls: Calls, row: Row): Calls {
  const others = calls.recent.filter((other) => other.call !== row.call);
  return { ...calls, recent: [row].concat(others).slice(0, ROWS_KEPT) };
}

/** Something typed here, or saved: while it is typed the card stays, then an ended call has its grace again. */
export function typed(calls: Calls, id: string, typing: boolean, now: number): Calls {
  const slot = slotOf(calls, id);
  if (!slot || slot.typing === typing) return calls;
  return patched(calls, id, { typing, over: slot.over === null ? null : now + calls.grace });
}

/** The cashier wants this card in front. */
export function picked(calls: Calls, id: string): Calls {
  return slotOf(calls, id) ? { ...patched(calls, id, { dismissed: false }), front: id, picked: true } : calls;
}

/** A row of the list becomes a card; a call that is still here keeps its own. */
export function pickedRow(calls: Calls, row: Row, now: number): Calls {
  if (slotOf(calls, row.call)) return picked(calls, row.call);
  const { from, shown, name, line, outcome, test } = row;
  const answered_by = row.by ? { line: line || "", employee: null, name: row.by } : null;
  const times = { started: row.at, answered: null, ended: row.at };
  const call = { id: row.call, version: 0, state: "ended" as const, mine: true, masked: "", did: null, answered_by };
  const whole = { ...call, ...times, from, shown, name, line, outcome, test } as unknown as Call;
  return picked(added(calls, whole, { heard: now, byHand: true }), row.call);
}

/** Closed by hand. What was typed is somebody else's to remember; only a call in progress leaves a trace here. */
export function dismissed(calls: Calls, id: string): Calls {
  const slot = slotOf(calls, id);
  if (!slot) return calls;
  return isLive(slot) ? patched(calls, id, { dismissed: true, typing: false }) : without(calls, slot);
}

/** Cards whose grace is over go, except one with unsaved text in it; one that is worked on has its grace again. */
export function expired(calls: Calls, now: number, atWork = (_: string) => false): Calls {
  const ripe = calls.slots.filter((slot) => slot.over !== null && slot.over <= now && !slot.typing);
  const turn = (next: Calls, slot: Slot) =>
    atWork(slot.call.id) ? patched(next, slot.call.id, { over: now + calls.grace }) : without(next, slot);
  return ripe.reduce(turn, calls);
}
