// @vitest-environment happy-dom
import { afterEach, describe, expect, test, vi } from "vitest";
import type { Missed } from "../src/messages";
import { ringing } from "./golden";
import { openTill, type Till } from "./till";

/** Who called in vain and waits, as the cashier sees it. */

const now = 1795436402.5;

const waits = (more: Partial<Missed> = {}): Missed => ({
  id: 12,
  call: "lost12",
  from: "+380671112233",
  shown: "067 111 2233",
  masked: "+380…33",
  name: "Kovalenko Olena",
  guest: 318,
  flags: [],
  open: false,
  paid: "0.00",
  calls: 1,
  first: now - 300,
  at: now - 300,
  line: "101",
  claimed: null,
  late: false,
  ...more,
});
const olena = { employee: 5, name: "Olena", at: now };
const taras = { employee: 7, name: "Taras", at: now };
const bondar = waits({ id: 13, call: "lost13", from: "+380501234567", shown: "050 123 4567", name: "Bondar" });

/** A till whose cashier has opened the list. */
async function list(rows: Missed[], door: Till["door"] = {}): Promise<Till> {
  const till = await openTill((_, made) => void Object.assign(made.door, door));
  await till.say({ type: "missed", list: rows });
  till.fire("applicationIconClicked");
  await till.wait();
  await till.tap("Waiting for a call");
  return till;
}

const labels = (till: Till) => till.done.filter(([name]) => name === "icon").map((entry) => entry[1].functions);
const heads = () => Array.from(document.querySelectorAll("section .row b"), (one) => one.textContent);
const bodies = (till: Till) => {
  const all: { [verb: string]: unknown }[] = [];
  const request = till.poster.makeRequest;
  till.poster.makeRequest = vi.fn((url: string, options: { data: { p: string } }, done: unknown) => {
    const { nonce, protocol, bundle, employee, lang, ...rest } = JSON.parse(
      Buffer.from(options.data.p, "base64url").toString("utf8"),
    );
    all.push({ [url.split("/").pop() as string]: rest });
    request(url, options, done);
  });
  return all;
};

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  sessionStorage.clear();
});

describe("how many wait", () => {
  test("stands in Poster's menu and changes with the list", async () => {
    const till = await openTill();
    await till.say({ type: "missed", list: [waits(), bondar] });
    await till.say({ type: "missed", list: [waits({ claimed: taras }), bondar] });
    await till.say({ type: "missed", list: [] });
    expect(labels(till)).toEqual(["Dzvinok", "Dzvinok (2)", "Dzvinok (1)", "Dzvinok"]);
  });
  test("is told once, however often the same list comes", async () => {
    const till = await openTill();
    await till.say({ type: "missed", list: [waits()] });
    await till.say({ type: "missed", list: [waits({ calls: 2 })] });
    expect(labels(till)).toEqual(["Dzvinok", "Dzvinok (1)"]);
  });
  test("brings neither a popup nor a notification", async () => {
    const till = await openTill();
    await till.say({ type: "missed", list: [waits()] });
    expect([till.popups(), till.notes()]).toEqual([0, []]);
  });
});

describe("a row", () => {
  test("says who, what is known of them, how often and how long ago", async () => {
    const till = await list([waits({ flags: ["vip"], open: true, calls: 3, at: now - 4000 })]);
    for (const fact of ["flag_vip", "Kovalenko Olena", "067 111 2233", "open order", "calls: 3", "1 h ago"])
      expect(till.text().replace("VIP", "flag_vip")).toContain(fact);
  });
  test.each([
    [5, "5 min ago", "good"],
    [20, "20 min ago", "good"],
    [45, "45 min ago", "fair"],
    [61, "1 h ago", "poor"],
    [3000, "2 d ago", "poor"],
  ])("of %i minutes ago says %s and is %s", async (minutes, text, colour) => {
    await list([waits({ at: now - 60 * minutes })]);
    const age = document.querySelector(".age") as HTMLElement;
    expect([age.textContent, age.className]).toEqual([text, `age ${colour}`]);
  });
  test("opens the caller's card, and closing that comes back to the list", async () => {
    const till = await list([waits()]);
    await till.tap("Kovalenko Olena");
    expect(document.querySelector("h1")?.textContent).toBe("067 111 2233");
    await till.tap("Close");
    expect(till.isOpen()).toBe(true);
    expect(heads()).toEqual(["Kovalenko Olena"]);
  });
  test("with a hostile name stays text", async () => {
    const till = await list([waits({ name: "<img src=x>\u202E" })]);
    expect(document.querySelector("img")).toBeNull();
    expect(till.text()).toContain("<img src=x>");
  });
});

describe("the list under the finger", () => {
  test("keeps its order while it is open; whoever is new comes last", async () => {
    const till = await list([waits(), bondar]);
    await till.say({ type: "missed", list: [waits({ id: 14, name: "New" }), bondar, waits()] });
    expect(heads()).toEqual(["Kovalenko Olena", "Bondar", "New"]);
  });
  test("has the server's order when it is opened again", async () => {
    const till = await list([waits(), bondar]);
    await till.say({ type: "missed", list: [bondar, waits()] });
    await till.tap("Back");
    await till.tap("Waiting for a call");
    expect(heads()).toEqual(["Bondar", "Kovalenko Olena"]);
  });
  test("stays when a call rings, which stands in the head", async () => {
    const till = await list([waits()]);
    await till.ring(ringing({ from: "+380501234567", shown: "050 123 4567" }));
    expect(heads()).toEqual(["Kovalenko Olena"]);
    await till.tap("050 123 4567");
    expect(document.querySelector("h1")?.textContent).toBe("050 123 4567");
  });
});

describe("calling back", () => {
  test("takes the caller, then rings the cashier's line and says so", async () => {
    const till = await list([waits()], { claim: () => ({ ok: true }), dial: () => ({ ok: true }) });
    const asked = bodies(till);
    await till.tap("Call back");
    expect(asked).toEqual([{ claim: { id: 12 } }, { dial: { number: "+380671112233" } }]);
    expect(till.text()).toContain("Your phone rings first");
    expect(till.text()).toContain("You are calling back");
  });
  test("whoever is mine already is not taken again", async () => {
    const till = await list([waits({ claimed: olena })], { dial: () => ({ ok: true }) });
    const asked = bodies(till);
    await till.tap("Call back");
    expect(asked).toEqual([{ dial: { number: "+380671112233" } }]);
  });
  test.each([
    ["line", "You have no line of your own."],
    ["dial_impossible", "Calls can't be started from here."],
    ["unreachable", "The call did not start."],
  ])("that cannot be done here (%s) shows the number, and stays mine", async (error, sentence) => {
    const till = await list([waits()], { claim: () => ({ ok: true }), dial: () => ({ ok: false, error }) });
    await till.tap("Call back");
    expect(till.text()).toContain(sentence);
    expect(document.querySelector(".box .number")?.textContent).toBe("067 111 2233");
    expect(till.button("Give back")).toBeDefined();
  });
  test("one whom a colleague took a moment ago rings nobody", async () => {
    const till = await list([waits()], { claim: () => ({ ok: false, error: "claimed", by: "Taras" }) });
    await till.tap("Call back");
    expect(till.text()).toContain("Taras is calling back already.");
    expect(till.asked).not.toContain("dial");
  });
  test("without a server still shows the number", async () => {
    const till = await list([waits()]);
    await till.tap("Call back");
    expect(till.text()).toContain("The server did not answer.");
    expect(document.querySelector(".box .number")?.textContent).toBe("067 111 2233");
  });
  test("the number is copied whole, or the cashier is told to do it", async () => {
    const till = await list([waits({ claimed: olena })], { dial: () => ({ ok: false, error: "line" }) });
    await till.tap("Call back");
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
});

describe("among colleagues", () => {
  test("whoever is taken has no buttons, and says by whom", async () => {
    const till = await list([waits({ claimed: taras })]);
    expect(till.text()).toContain("Taras is calling back");
    expect(till.button("Call back")).toBeUndefined();
  });
  test("one is taken, given back, and closed", async () => {
    const yes = () => ({ ok: true });
    const till = await list([waits()], { claim: yes, release: yes, done: yes });
    await till.tap("I'll call");
    expect(till.text()).toContain("You are calling back");
    await till.tap("Give back");
    expect(till.text()).not.toContain("You are calling back");
    await till.tap("Done");
    expect(till.text()).toContain("Nobody is waiting for a call.");
    expect(till.asked.slice(-3)).toEqual(["claim", "release", "done"]);
  });
  test("one that is closed already says so", async () => {
    const till = await list([waits()], { done: () => ({ ok: false, error: "gone" }) });
    await till.tap("Done");
    expect(till.text()).toContain("This one is closed already.");
  });
});

describe("the end of a shift", () => {
  const page = { title: "Stays open", rows: [{ text: "Kovalenko Olena", more: "067 111 2233" }, { text: "Bondar" }] };
  const left = { ok: true, sheet: page, brief: "Call-backs: 1 · Promised orders: 1" };
  const nothing = { ok: true, sheet: { title: "Stays open", rows: [{ text: "Everything is closed." }] }, brief: "" };
  const note = { title: "Stays open", message: "Call-backs: 1 · Promised orders: 1", waiter: 5 };
  const opened = (reply: object) => openTill((_, made) => void Object.assign(made.door, { sheet: () => reply }));

  test.each(["userLogout", "shiftClose"])("%s lets Poster go on at once and says what stays open", async (event) => {
    const till = await opened(left);
    const next = vi.fn();
    till.fire(event, {}, next);
    expect(next).toHaveBeenCalledTimes(1);
    await till.wait();
    expect([till.notes(), till.popups()]).toEqual([[note], 0]);
  });
  test("is asked in the name of whoever goes", async () => {
    const till = await opened(left);
    let employee: number | null = null;
    till.door.sheet = (body) => {
      employee = body.employee;
      return left;
    };
    till.fire("userLogout");
    await till.wait();
    expect(employee).toBe(5);
  });
  test("the notification opens one page with all of it", async () => {
    const till = await opened(left);
    till.fire("userLogout");
    await till.wait();
    till.fire("notificationClick", { id: 1 });
    await till.wait();
    for (const fact of ["Stays open", "Kovalenko Olena", "067 111 2233", "Bondar"]) expect(till.text()).toContain(fact);
  });
  test("a notification leaves alone what is being filled in on a card", async () => {
    const till = await opened(left);
    await till.ring(ringing());
    till.door.sheet = () => ({
      ok: true,
      sheet: { title: "What was it about?", rows: [{ field: "text", text: "Words" }] },
    });
    await till.wait(11_000);
    await till.tap("Note");
    await till.fill("Words", "cold soup");
    till.door.sheet = () => left;
    till.fire("shiftClose");
    await till.wait();
    expect(till.notes()).toEqual([note]);
    expect((document.querySelector("input") as HTMLInputElement).value).toBe("cold soup");
  });
  test("the close of a shift and the logout after it are told once", async () => {
    const till = await opened(left);
    till.fire("shiftClose");
    await till.wait();
    till.fire("userLogout");
    await till.wait();
    expect(till.notes()).toHaveLength(1);
  });
  test.each([
    ["nothing is open", nothing],
    ["nobody answers", { ok: false, error: "unavailable" }],
  ])("says nothing when %s", async (_, reply) => {
    const till = await opened(reply);
    till.fire("userLogout");
    await till.wait();
    expect(till.notes()).toEqual([]);
  });
  test("is a page of the menu too, whatever the server says", async () => {
    const till = await opened(nothing);
    till.fire("applicationIconClicked");
    await till.wait();
    await till.tap("End of the shift");
    expect(till.text()).toContain("Everything is closed.");
    await till.tap("Back");
    till.door.sheet = () => undefined;
    await till.tap("End of the shift");
    expect(till.text()).toContain("The server did not answer.");
  });
});
