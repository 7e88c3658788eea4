// @vitest-environment happy-dom
import { afterEach, describe, expect, test, vi } from "vitest";
import * as calls from "../src/calls";
import type { Call } from "../src/messages";
import { golden, guest, ringing } from "./golden";
import { openTill, type Till } from "./till";

/** Private mode: number and name are hidden until somebody answers, or looks. */

const veiled = (more: Partial<Call> = {}): Call => ({ ...golden("call_veiled").call, ...more });
const shown = golden("door_reveal_reply");
const open = (state: Partial<Call> = {}) => ringing({ version: 3, state: "answered", answered: 1795436402, ...state });

const reveals = (answer: () => unknown = () => shown) =>
  openTill((_, made) => void Object.assign(made.door, { reveal: answer }));
const searches = (till: Till) => till.done.filter(([name]) => name === "find").length;

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  sessionStorage.clear();
});

describe("a veiled call", () => {
  test("shows what the veil leaves of the number, and is no withheld one", async () => {
    const till = await openTill();
    await till.ring(veiled());
    expect(document.querySelector("h1")?.textContent).toBe("+380…33");
    expect(till.text()).not.toContain("Hidden number");
    expect(till.button("New order")).toBeUndefined();
  });
  test("asks nobody whose number it is", async () => {
    const till = await openTill();
    await till.ring(veiled());
    expect(searches(till)).toBe(0);
    expect(till.asked).not.toContain("find");
  });
  test("over an order is a notification with what the veil leaves", async () => {
    const till = await openTill((poster) => {
      poster.orders.getActive = async () => ({ order: { id: 7, clientId: 3, products: {} } });
    });
    await till.ring(veiled());
    expect(till.notes()).toEqual([{ title: "Incoming call", message: "+380…33", waiter: 5 }]);
  });
});

describe("the veil", () => {
  test("is lifted by a tap that says that it is counted", async () => {
    const till = await reveals();
    await till.ring(veiled());
    expect(till.text()).toContain("Each look is counted.");
    await till.tap("Show the number");
    expect(till.text()).toContain("Kovalenko Olena");
    expect(till.text()).toContain("067 111 2233");
    expect(till.asked.filter((verb) => verb === "reveal")).toHaveLength(1);
  });
  test("once lifted does not fall again", async () => {
    const till = await reveals();
    await till.ring(veiled());
    await till.tap("Show the number");
    await till.say({ type: "call", call: veiled({ version: 9, line: "102" }) });
    expect(till.text()).toContain("Kovalenko Olena");
  });
  test("lifted here has the register searched too", async () => {
    const till = await reveals();
    await till.ring(veiled());
    await till.tap("Show the number");
    expect(searches(till)).toBeGreaterThan(0);
  });
  test("stays when the server does not answer, with a sentence", async () => {
    const till = await reveals(() => undefined);
    await till.ring(veiled());
    await till.tap("Show the number");
    expect(document.querySelector("h1")?.textContent).toBe("+380…33");
    expect(till.text()).toContain("The server did not answer.");
  });
  test("goes by itself when the call is answered, and the guest is looked for", async () => {
    const till = await openTill();
    await till.ring(veiled());
    await till.ring(open(), guest("guest_complete"));
    expect(searches(till)).toBeGreaterThan(0);
    expect(till.text()).toContain("Kovalenko Olena");
  });
});

describe("facts", () => {
  const one = (call: Call) => calls.heardCall(calls.noCalls, call, 1000);

  test("what was seen is kept over a later veiled message", () => {
    const state = calls.heardCall(one(open()), veiled({ version: 4 }), 1000);
    expect(calls.slotOf(state, "k3V9aQx2")?.call).toMatchObject({ from: "+380671112233", veiled: false, version: 4 });
  });
  test("a look at a call that is gone changes nothing", () => {
    expect(calls.revealed(calls.noCalls, shown.call, shown.guest)).toBe(calls.noCalls);
  });
  test("a look keeps the state that the call has here", () => {
    const state = calls.revealed(one(veiled({ version: 7, held: true, state: "answered" })), shown.call, null);
    expect(calls.slotOf(state, "k3V9aQx2")?.call).toMatchObject({ version: 7, held: true, state: "answered" });
  });
});
