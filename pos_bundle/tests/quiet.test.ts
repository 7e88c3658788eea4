// @vitest-environment happy-dom
import { afterEach, describe, expect, test, vi } from "vitest";
import type { Call, Prefs } from "../src/messages";
import { golden, guest, ringing } from "./golden";
import { hello, openTill, type Till } from "./till";

/** Calls that open no card by themselves: of a courier, for one who wants quiet, before the answer. */

const settings = (more: Partial<Prefs>): Prefs => ({ grace: 20, pop: "ring", quiet: false, ...more });

async function withPrefs(more: Partial<Prefs>): Promise<Till> {
  const till = await openTill();
  await till.say({ ...hello().message, settings: settings(more), at: Date.now() / 1000 });
  return till;
}
const calm = (till: Till) => [till.popups(), till.notes()];
const menu = async (till: Till) => {
  till.fire("applicationIconClicked");
  await till.wait();
};
const answered = (more: Partial<Call> = {}) =>
  ringing({ version: 5, state: "answered", answered: 1795436402, answered_by: null, ...more });
const second = ringing({ id: "second", from: "+380501234567", shown: "050 123 4567" });

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  sessionStorage.clear();
});

describe("quiet", () => {
  test("brings neither a popup nor a notification, and the menu has the call", async () => {
    const till = await withPrefs({ quiet: true });
    await till.ring(ringing(), guest("guest_complete"));
    await till.say({ type: "call", call: answered() });
    expect(calm(till)).toEqual([0, []]);
    await menu(till);
    await till.tap("Kovalenko Olena");
    expect(document.querySelector("h1")?.textContent).toBe("Kovalenko Olena");
  });
  test("says nothing either when somebody else answers", async () => {
    const till = await withPrefs({ quiet: true });
    await till.ring(ringing());
    await till.say(golden("call_answered_elsewhere"));
    expect(calm(till)).toEqual([0, []]);
  });
  test("leaves the menu where it is", async () => {
    const till = await withPrefs({ quiet: true });
    await menu(till);
    await till.ring(ringing());
    expect(till.text()).toContain("Quiet mode");
    expect(till.text()).toContain("067 111 2233");
  });
  test("is switched in the menu, and holds before the server's next word", async () => {
    const till = await openTill((_, made) => void Object.assign(made.door, { quiet: () => ({ ok: true }) }));
    await menu(till);
    await till.tap("Quiet mode");
    const knob = document.querySelector("[role=switch]");
    expect(knob?.getAttribute("aria-checked")).toBe("true");
    await till.tap("Close");
    await till.ring(ringing());
    expect(till.popups()).toBe(1);
  });
  test("stays off when the server does not take it", async () => {
    const till = await openTill();
    await menu(till);
    await till.tap("Quiet mode");
    expect(document.querySelector("[role=switch]")?.getAttribute("aria-checked")).toBe("false");
  });
  test("ends without bringing up what rang meanwhile", async () => {
    const till = await withPrefs({ quiet: true });
    await till.ring(ringing());
    const calls = [{ call: ringing(), guest: null }];
    await till.say({ ...hello().message, calls, settings: settings({}), at: Date.now() / 1000 });
    expect(calm(till)).toEqual([0, []]);
    await till.ring(second);
    expect(till.popups()).toBe(1);
  });
});

describe("a card on answer", () => {
  test("comes when the call is answered here, not when it rings", async () => {
    const till = await withPrefs({ pop: "answer" });
    await till.ring(ringing(), guest("guest_complete"));
    expect(calm(till)).toEqual([0, []]);
    await till.say({ type: "call", call: answered() });
    expect(till.popups()).toBe(1);
    expect(till.text()).toContain("Kovalenko Olena");
  });
  test("does not come when the call is answered elsewhere", async () => {
    const till = await withPrefs({ pop: "answer" });
    await till.ring(ringing());
    await till.say(golden("call_answered_elsewhere"));
    expect(calm(till)).toEqual([0, []]);
  });
  test("comes also when another card was closed while it rang", async () => {
    const till = await withPrefs({ pop: "answer" });
    await till.ring(answered());
    await till.ring(second);
    till.fire("afterPopupClosed");
    await till.say({ type: "call", call: { ...second, version: 5, state: "answered", answered: 1795436402 } });
    expect(till.popups()).toBe(2);
    expect(document.querySelector("h1")?.textContent).toBe("050 123 4567");
  });
  test("over an order is a notification", async () => {
    const till = await withPrefs({ pop: "answer" });
    till.poster.orders.getActive = async () => ({ order: { id: 7, clientId: 3, products: {} } });
    await till.ring(ringing());
    await till.say({ type: "call", call: answered() });
    expect([till.popups(), till.notes().length]).toEqual([0, 1]);
  });
});

describe("a number that never pops", () => {
  test("opens nothing and is in the menu", async () => {
    const till = await openTill();
    await till.say(golden("call_never_pops"));
    expect(calm(till)).toEqual([0, []]);
    await menu(till);
    await till.tap("067 111 2233");
    expect(document.querySelector("h1")?.textContent).toBe("067 111 2233");
  });
  test("does not come into the strip of others", async () => {
    const till = await openTill();
    await till.ring(second);
    await till.say(golden("call_never_pops"));
    expect(document.querySelector("nav")).toBeNull();
  });
  test("is taught on the card: the server draws it and hears the kind", async () => {
    const asked: object[] = [];
    const drawn = (text: string, taps: string[][]) => ({
      ok: true,
      sheet: { title: "Never pop up", rows: [{ text, taps }] },
    });
    const till = await openTill((_, made) => {
      made.door.sheet = ({ name, number, press }) => {
        asked.push({ name, number, press });
        return press === "courier"
          ? drawn("Won't pop up", [["pops", "Undo"]])
          : drawn("Whose?", [["courier", "Courier"]]);
      };
    });
    await till.ring(ringing(), guest("guest_unknown"));
    await till.tap("Never pop up");
    await till.tap("Courier");
    expect(till.text()).toContain("Won't pop up");
    await till.tap("Undo");
    const about = { name: "never", number: "+380671112233" };
    expect(asked).toEqual(["", "courier", "pops"].map((press) => ({ ...about, press })));
  });
});
