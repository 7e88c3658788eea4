// @vitest-environment happy-dom
import { afterEach, describe, expect, test, vi } from "vitest";
import * as calls from "../src/calls";
import type { Call } from "../src/messages";
import { golden, guest, ringing } from "./golden";
import { openTill, type Till } from "./till";

/** Several calls and several people: chips, timers, hold, who else talks, notes. */

const number = (index: number) =>
  ringing({ id: `c${index}`, from: `+3805012300${10 + index}`, shown: `050 123 00${10 + index}` });
const talks = (more: Partial<Call> = {}) =>
  ringing({ version: 5, state: "answered", answered: Date.now() / 1000 - 65, answered_by: null, ...more });
const chips = () => Array.from(document.querySelectorAll("nav .chip"), (chip) => chip.textContent);
const front = () => document.querySelector("h1")?.textContent;

async function many(count: number): Promise<Till> {
  const till = await openTill();
  for (let index = 0; index < count; index++) await till.ring(number(index));
  return till;
}

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  sessionStorage.clear();
});

describe("chips", () => {
  test("say who and what: rings, talks since, holds, missed", async () => {
    const till = await many(4);
    await till.say({
      type: "call",
      call: talks({ ...number(1), version: 5, state: "answered", answered: Date.now() / 1000 - 65 }),
    });
    await till.say({
      type: "call",
      call: { ...number(2), version: 5, state: "answered", answered: Date.now() / 1000 - 5, held: true },
    });
    await till.say({ type: "call", call: { ...number(3), version: 5, state: "ended", outcome: "missed", ended: 1 } });
    await till.wait(1000);
    expect(chips()).toEqual([
      "050 123 0010Incoming call",
      "050 123 00111:05 · On the line",
      "050 123 00120:05 · On hold",
      "050 123 0013Missed call",
    ]);
  });
  test("stay where they are when a newer call comes", async () => {
    const till = await many(3);
    const before = chips();
    await till.ring(number(3));
    expect(chips().slice(0, 3)).toEqual(before);
  });
  test("of thirty calls are counted, and all stand in one list", async () => {
    const till = await many(30);
    await till.tap("+27");
    const rows = Array.from(document.querySelectorAll("main .row"));
    expect(rows).toHaveLength(30);
    (rows[29] as HTMLElement).click();
    await till.wait();
    expect(front()).toBe("050 123 0039");
  });
  test("the list of all leads back to the card", async () => {
    const till = await many(5);
    await till.tap("+2");
    await till.tap("Back");
    expect([till.isOpen(), front()]).toEqual([true, "050 123 0010"]);
  });
  test("a call on hold gives way to the one that is answered next", async () => {
    const till = await many(2);
    const first = { ...number(0), version: 5, state: "answered" as const, answered: 1 };
    await till.say({ type: "call", call: first });
    await till.say({ type: "call", call: { ...first, version: 6, held: true } });
    await till.say({ type: "call", call: { ...number(1), version: 5, state: "answered", answered: 1 } });
    expect(front()).toBe("050 123 0011");
  });
});

describe("who else talks", () => {
  test("stands on the card and in the menu, masked", async () => {
    const till = await openTill();
    await till.say(golden("talking"));
    await till.ring(ringing());
    expect(till.text()).toContain("Taras is talking with +380…12");
    await till.tap("Close");
    till.fire("applicationIconClicked");
    await till.wait();
    expect(till.text()).toContain("line 103 is talking with …");
  });
  test("gives its place to what the cashier must know", async () => {
    const till = await openTill((_, made) => void Object.assign(made.door, { sheet: () => undefined }));
    await till.say(golden("talking"));
    await till.ring(ringing(), guest("guest_complete"));
    await till.tap("Note");
    expect(till.text()).toContain("The server did not answer.");
    expect(till.text()).not.toContain("Taras is talking");
  });
  test("a name that looks like a gap fills none", async () => {
    const till = await openTill();
    await till.say({ type: "talking", list: [{ ...golden("talking").list[0], name: "$& {1}" }] });
    await till.ring(ringing());
    expect(till.text()).toContain("is talking with");
  });
});

describe("a note", () => {
  const pressed: object[] = [];
  const taps = [
    ["question", "Question"],
    ["complaint", "Complaint"],
  ];
  const drawn = { title: "What was it about?", save: "Save", rows: [{ taps }, { field: "text", text: "Words" }] };
  const open = async (more: { [verb: string]: () => unknown } = {}) => {
    pressed.length = 0;
    const till = await openTill((_, made) => {
      made.door.sheet = ({ name, call, press, values }) => {
        if (press) pressed.push({ name, call, press, values });
        return { ok: true, sheet: press ? null : drawn, notice: press ? "Saved." : "" };
      };
      Object.assign(made.door, more);
    });
    await till.ring(ringing(), guest("guest_unknown"));
    await till.tap("Note");
    return till;
  };
  const about = { name: "note", call: "k3V9aQx2" };

  test("is one tap, and back on the card that says so", async () => {
    const till = await open();
    await till.tap("Question");
    expect(pressed).toEqual([{ ...about, press: "question", values: { text: "" } }]);
    expect([front(), document.querySelector(".notice")?.textContent]).toEqual(["067 111 2233", "Saved."]);
  });
  test("in own words is saved by Enter", async () => {
    const till = await open();
    await till.fill("Words", "cold soup");
    document.querySelector("form")?.dispatchEvent(new Event("submit", { cancelable: true }));
    await till.wait();
    expect(pressed).toEqual([{ ...about, press: "save", values: { text: "cold soup" } }]);
  });
  test("takes what was typed along with the tap", async () => {
    const till = await open();
    await till.fill("Words", "cold soup");
    await till.tap("Complaint");
    expect(pressed).toEqual([{ ...about, press: "complaint", values: { text: "cold soup" } }]);
  });
  test("can be made after the call, and the card waits for it", async () => {
    const till = await open();
    await till.say(golden("call_ended"));
    await till.wait(60_000);
    expect(front()).toBe("What was it about?");
    await till.tap("Question");
    expect(pressed).toHaveLength(1);
    await till.wait(22_000);
    expect(till.isOpen()).toBe(false);
  });
  test("for one call is not filled in on another's card", async () => {
    const till = await open();
    await till.ring(number(1), guest("guest_unknown"));
    await till.tap("050 123 0011");
    await till.tap("Note");
    await till.tap("067 111 2233");
    expect(front()).toBe("067 111 2233");
    await till.tap("050 123 0011");
    await till.tap("Question");
    expect(pressed).toEqual([{ ...about, call: "c1", press: "question", values: { text: "" } }]);
  });
  test("is never asked for", async () => {
    const till = await openTill();
    await till.ring(ringing());
    await till.say(golden("call_ended"));
    await till.wait(22_000);
    expect([till.isOpen(), till.asked.includes("sheet")]).toEqual([false, false]);
  });
});

test("the number is copied whole, or the cashier is told to do it", async () => {
  const till = await openTill();
  await till.ring(ringing(), guest("guest_unknown"));
  const copied: string[] = [];
  document.execCommand = () => !!copied.push((document.querySelector("textarea") as HTMLTextAreaElement).value);
  await till.tap("Copy the number");
  expect(copied).toEqual(["+380671112233"]);
  expect(till.text()).toContain("The number is copied.");
  document.execCommand = () => false;
  await till.tap("Copy the number");
  expect(till.text()).toContain("Select the number yourself.");
  expect(document.querySelector("textarea")).toBeNull();
});

describe("the keyboard", () => {
  const press = (key: string) =>
    (document.activeElement || document.body).dispatchEvent(
      new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }),
    );
  test("goes from button to button with the arrows, never out of a field", async () => {
    const till = await openTill();
    await till.ring(ringing(), guest("guest_complete"));
    const buttons = Array.from(document.querySelectorAll<HTMLElement>("#app-container button"));
    (buttons[0] as HTMLElement).focus();
    press("ArrowDown");
    expect(document.activeElement).toBe(buttons[1]);
    press("ArrowUp");
    expect(document.activeElement).toBe(buttons[0]);
    await till.ring(number(1), guest("guest_unknown"));
    await till.tap("050 123 0011");
    const field = document.querySelector("input") as HTMLInputElement;
    field.focus();
    press("ArrowDown");
    expect(document.activeElement).toBe(field);
  });
  test("finds the focus on the card when the button that had it is gone", async () => {
    vi.spyOn(document, "hasFocus").mockReturnValue(true);
    const till = await openTill();
    await till.ring(ringing(), guest("guest_complete"));
    till.button("Note")?.focus();
    await till.tap("Note");
    expect(document.activeElement?.className).toBe("card");
    vi.restoreAllMocks();
  });
});

describe("facts", () => {
  test("a card that is worked on has its grace again", () => {
    const state = calls.heardCall(calls.heardCall(calls.noCalls, ringing(), 0), golden("call_missed").call, 0);
    const worked = calls.expired(state, 99, () => true);
    expect(worked.slots).toHaveLength(1);
    expect(calls.expired(worked, 118).slots).toHaveLength(1);
    expect(calls.expired(worked, 119).slots).toEqual([]);
  });
  test("a held call is less urgent than a talk, and than typing", () => {
    const held = talks({ id: "a", held: true });
    const state = [held, talks({ id: "b" })].reduce((all, call) => calls.heardCall(all, call, 0), calls.noCalls);
    expect(state.front).toBe("b");
  });
});

test("the number that was called stands beside the line, where the restaurant has several", async () => {
  const till = await openTill();
  await till.ring(ringing({ brand: "044 123 4567" }), guest("guest_unknown"));
  expect(document.querySelector("header .side")?.textContent).toBe("044 123 4567 · line 101");
});

test("a card whose call is over goes with the menu that was closed over it", async () => {
  const till = await openTill();
  await till.ring(ringing(), guest("guest_complete"));
  await till.fire("applicationIconClicked", { place: "functions" });
  await till.say(golden("call_answered_here"));
  await till.say(golden("call_ended"));
  await till.fire("afterPopupClosed");
  await till.wait();
  await till.ring(number(1), guest("guest_unknown"));
  await till.say({ type: "call", call: { ...number(1), version: 9, mine: false } });
  await till.wait();
  expect(till.text()).not.toContain("Kovalenko");
});
