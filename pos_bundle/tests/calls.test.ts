import { describe, expect, it, test } from "vitest";
import * as calls from "../src/calls";
import type { Call, Row } from "../src/messages";
import { golden, guest, ringing, snapshot } from "./golden";

const NOW = 1000;
const heard = (...all: Call[]) => all.reduce((state, call) => calls.heardCall(state, call, NOW), calls.noCalls);
const ids = (state: calls.Calls) => calls.strip(state).map((slot) => slot.call.id);
const only = (state: calls.Calls) => calls.slotOf(state, "k3V9aQx2");

describe("versions", () => {
  test("a ringing call gets a card in front", () => {
    expect(heard(ringing()).front).toBe("k3V9aQx2");
  });
  test("a repeat changes nothing", () => {
    const state = heard(ringing());
    expect(calls.heardCall(state, ringing(), NOW)).toBe(state);
  });
  test("a late message of a lower version changes nothing", () => {
    const state = heard(ringing({ version: 5, state: "answered" }));
    expect(calls.heardCall(state, ringing({ version: 4 }), NOW)).toBe(state);
  });
  test("a higher version wins", () => {
    expect(only(heard(ringing(), golden("call_answered_here").call))?.call.state).toBe("answered");
  });
  test("a late ring does not revive a call that was folded here", () => {
    const state = heard(ringing(), golden("call_answered_elsewhere").call);
    expect(state.slots).toEqual([]);
    expect(calls.heardCall(state, ringing(), NOW)).toBe(state);
  });
  test("a call that comes back to this line gets its card again", () => {
    const state = heard(ringing(), golden("call_moved").call, ringing({ version: 5 }));
    expect(ids(state)).toEqual(["k3V9aQx2"]);
  });
  test("the end of a call that was never here brings no card", () => {
    expect(heard(golden("call_missed").call).slots).toEqual([]);
  });
});

describe("guests", () => {
  test("an answer about a guest lands on its own call only", () => {
    const state = heard(ringing(), ringing({ id: "second" }));
    const next = calls.heardGuest(state, "second", guest("guest_complete"));
    expect(only(next)?.guest).toBeNull();
    expect(calls.slotOf(next, "second")?.guest?.stage).toBe("complete");
  });
  test("an older answer about a guest changes nothing", () => {
    const state = calls.heardGuest(heard(ringing()), "k3V9aQx2", guest("guest_complete"));
    expect(calls.heardGuest(state, "k3V9aQx2", guest("guest_found"))).toBe(state);
  });
  test("an answer for a call that is gone changes nothing", () => {
    expect(calls.heardGuest(calls.noCalls, "k3V9aQx2", guest("guest_found"))).toBe(calls.noCalls);
  });
});

describe("snapshot", () => {
  test("what it does not name is over here", () => {
    expect(calls.heardSnapshot(heard(ringing()), snapshot(), NOW).slots).toEqual([]);
  });
  test("a call that a lost connection hid is on the register again", () => {
    const state = calls.heardSnapshot(calls.noCalls, golden("snapshot_ringing"), NOW);
    expect(ids(state)).toEqual(["k3V9aQx2", "second01"]);
    expect(only(state)?.guest?.stage).toBe("found");
    expect(state.recent).toHaveLength(2);
  });
  test("it keeps the newer version that the register has already", () => {
    const state = heard(ringing({ version: 9, state: "answered" }));
    expect(only(calls.heardSnapshot(state, snapshot([ringing()]), NOW))?.call.version).toBe(9);
  });
  test("one that is older than the last is ignored", () => {
    const state = calls.heardSnapshot(calls.noCalls, snapshot([ringing()], { at: 50 }), NOW);
    expect(calls.heardSnapshot(state, snapshot([], { at: 49 }), NOW)).toBe(state);
  });
  test("a server whose clock was set back is believed", () => {
    const state = calls.heardSnapshot(calls.noCalls, snapshot([ringing()], { at: 5000 }), NOW);
    expect(calls.heardSnapshot(state, snapshot([], { at: 1000 }), NOW).slots).toEqual([]);
  });
  test("a card with something typed in it is kept", () => {
    const state = calls.typed(heard(ringing()), "k3V9aQx2", true, NOW);
    expect(only(calls.heardSnapshot(state, snapshot(), NOW))?.kept).toBe(true);
  });
  test("a card that was folded for one employee comes back for the next, same version or not", () => {
    const folded = calls.heardSnapshot(heard(ringing()), snapshot([], { at: 1 }), NOW);
    expect(ids(calls.heardSnapshot(folded, snapshot([ringing()], { at: 2 }), NOW))).toEqual(["k3V9aQx2"]);
  });
  test("an ended call that the register never showed stays unshown", () => {
    expect(calls.heardSnapshot(calls.noCalls, snapshot([golden("call_missed").call]), NOW).slots).toEqual([]);
  });
  test("the rest of the grace is counted from the server's clock", () => {
    const missed = golden("call_missed").call;
    const state = calls.heardSnapshot(heard(ringing()), snapshot([missed], { at: missed.ended + 15 }), NOW);
    expect(only(state)?.over).toBe(NOW + 5);
  });
});

describe("fold and end", () => {
  test("answered elsewhere takes the card away", () => {
    expect(heard(ringing(), golden("call_answered_elsewhere").call).front).toBeNull();
  });
  test("a card that somebody types in stays when the call is answered elsewhere", () => {
    const typing = calls.typed(heard(ringing()), "k3V9aQx2", true, NOW);
    const state = calls.heardCall(typing, golden("call_answered_elsewhere").call, NOW);
    expect(only(state)?.kept).toBe(true);
    expect(calls.expired(state, NOW + 1e6)).toBe(state);
    expect(calls.dismissed(state, "k3V9aQx2").slots).toEqual([]);
  });
  test("the card of an ended call stays for the grace and then goes", () => {
    const state = heard(ringing(), golden("call_missed").call);
    expect(calls.expired(state, NOW + 19)).toBe(state);
    expect(calls.expired(state, NOW + 20).slots).toEqual([]);
  });
  test("an ended call waits for the one who is typing, then has its grace", () => {
    const typing = calls.typed(heard(ringing()), "k3V9aQx2", true, NOW);
    const ended = calls.heardCall(typing, golden("call_missed").call, NOW);
    expect(calls.expired(ended, NOW + 500)).toBe(ended);
    const saved = calls.typed(ended, "k3V9aQx2", false, NOW + 500);
    expect(calls.expired(saved, NOW + 519)).toBe(saved);
    expect(calls.expired(saved, NOW + 520).slots).toEqual([]);
  });
  test("a card closed by hand does not come up again by itself", () => {
    const state = calls.dismissed(heard(ringing()), "k3V9aQx2");
    expect(state.front).toBeNull();
    expect(calls.heardCall(state, golden("call_answered_here").call, NOW).front).toBeNull();
    expect(calls.picked(state, "k3V9aQx2").front).toBe("k3V9aQx2");
  });
});

describe("what is in front", () => {
  const second = ringing({ id: "second", started: 2 });
  test("a newer call does not push away the one that rings already", () => {
    expect(heard(ringing(), second).front).toBe("k3V9aQx2");
  });
  test("the one that is answered here comes to the front", () => {
    expect(heard(ringing(), second, { ...second, version: 3, state: "answered" }).front).toBe("second");
  });
  test("nothing pushes away what is being typed", () => {
    const typing = calls.typed(heard(ringing(), second), "k3V9aQx2", true, NOW);
    expect(calls.heardCall(typing, { ...second, version: 3, state: "answered" }, NOW).front).toBe("k3V9aQx2");
  });
  test("a missed call gives way to one that rings", () => {
    expect(heard(ringing(), second, golden("call_missed").call).front).toBe("second");
  });
  test("a call that was talked over keeps the front while another rings", () => {
    expect(heard(ringing(), golden("call_ended").call, second).front).not.toBe("second");
    expect(heard(ringing(), golden("call_answered_here").call, second, golden("call_ended").call).front).toBe(
      "k3V9aQx2",
    );
  });
  test("the card that the cashier picked stays while others change", () => {
    const state = calls.picked(heard(ringing(), golden("call_answered_here").call, second), "second");
    expect(calls.heardGuest(state, "k3V9aQx2", guest("guest_complete")).front).toBe("second");
  });
  test("a new call comes before a card that was opened from the list", () => {
    const row: Row = golden("recent").row;
    const browsing = calls.pickedRow(calls.noCalls, { ...row, call: "old" }, NOW);
    expect(browsing.front).toBe("old");
    expect(calls.heardCall(browsing, ringing(), NOW).front).toBe("k3V9aQx2");
  });
});

describe("the list of the last callers", () => {
  const row: Row = golden("recent").row;
  it("holds twenty, newest first, each call once", () => {
    let state = calls.noCalls;
    for (let number = 0; number < 25; number++) state = calls.heardRow(state, { ...row, call: `call${number}` });
    state = calls.heardRow(state, { ...row, call: "call24", outcome: "answered" });
    expect(state.recent).toHaveLength(20);
    expect(state.recent[0]).toMatchObject({ call: "call24", outcome: "answered" });
  });
  it("opens a call that is still here as its own card", () => {
    const state = calls.pickedRow(heard(ringing()), row, NOW);
    expect(only(state)?.byHand).toBe(false);
  });
  it("keeps an opened card until it is closed by hand", () => {
    const state = calls.pickedRow(calls.noCalls, row, NOW);
    const later = calls.heardSnapshot(calls.expired(state, NOW + 1e6), snapshot(), NOW);
    expect(later.front).toBe(row.call);
    expect(calls.dismissed(later, row.call).slots).toEqual([]);
  });
});
