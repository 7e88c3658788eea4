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
const taras = { employee: 7, name: "Taras", at: now };
const bondar = waits({ id: 13, call: "lost13", from: "+380501234567", shown: "050 123 4567", name: "Bondar" });

/** As the server draws them. */
const drawn = (...rows: Missed[]) => ({
  ok: true,
  sheet: {
    title: "Waiting for a call",
    rows: rows.map(({ id, name, call, from, shown, at, line }) => ({
      text: name,
      look: "waits soon",
      more: shown,
      side: "5 min ago",
      taps: [
        [`call:${id}`, "Call back"],
        [`done:${id}`, "Done"],
      ],
      opens: { call, from, shown, name, at, line, outcome: "missed", by: "", test: false },
    })),
  },
});

/** A till whose cashier has opened the list. `rows` may be changed later: the server draws what is in it then. */
async function list(rows: Missed[], more: Partial<Till["door"]> = {}): Promise<Till> {
  const till = await openTill((_, made) => void Object.assign(made.door, { sheet: () => drawn(...rows) }, more));
  await till.say({ type: "missed", list: rows });
  till.fire("applicationIconClicked");
  await till.wait();
  await till.tap("Waiting for a call");
  return till;
}
/** The server says that the list is another one now. */
async function change(till: Till, ...rows: Missed[]): Promise<void> {
  till.door.sheet = () => drawn(...rows);
  await till.say({ type: "missed", list: rows });
  await till.wait(6000);
}

const labels = (till: Till) => till.done.filter(([name]) => name === "icon").map((entry) => entry[1].functions);
const heads = () => Array.from(document.querySelectorAll("main .row .caller > :first-child"), (one) => one.textContent);

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

describe("the list", () => {
  test("is drawn by the server, and a tap goes to it with the row that it stands in", async () => {
    const pressed: string[] = [];
    const sheet = ({ name, press }: { name: string; press: string }) => {
      pressed.push(`${name} ${press}`);
      return drawn(waits(), bondar);
    };
    const till = await list([waits(), bondar], { sheet });
    await till.tap("Done");
    expect(pressed).toEqual(["missed ", "missed done:12"]);
  });
  test("a row opens the caller's card, and closing that comes back to the list", async () => {
    const till = await list([waits()]);
    await till.tap("Kovalenko Olena");
    expect(document.querySelector("h1")?.textContent).toBe("067 111 2233");
    await till.tap("Close");
    expect([till.isOpen(), heads()]).toEqual([true, ["Kovalenko Olena"]]);
  });
  test("comes back as it is now, also after another sheet on that card", async () => {
    const till = await list([waits()]);
    await till.tap("Kovalenko Olena");
    till.door.sheet = () => ({ ok: true, sheet: { title: "A note", rows: [] } });
    await till.tap("Note");
    await till.tap("Back");
    till.door.sheet = () => drawn(bondar);
    await till.tap("Close");
    expect(heads()).toEqual(["Bondar"]);
  });
  test("with a hostile name stays text", async () => {
    const till = await list([waits({ name: "<img src=x>" })]);
    expect(document.querySelector("img")).toBeNull();
    expect(till.text()).toContain("<img src=x>");
  });
  test("says so when the server does not answer", async () => {
    const till = await list([], { sheet: () => undefined });
    expect(till.text()).toContain("The server did not answer.");
  });
});

describe("the list under the finger", () => {
  const fresh = waits({ id: 14, call: "lost14", from: "+380931234567", name: "New" });

  test("keeps its order while it is open; whoever is new comes last", async () => {
    const till = await list([waits(), bondar]);
    await change(till, fresh, bondar, waits());
    expect(heads()).toEqual(["Kovalenko Olena", "Bondar", "New"]);
  });
  test("whoever calls once more keeps the place", async () => {
    const till = await list([waits(), bondar]);
    await change(till, bondar, waits({ call: "lost99" }));
    expect(heads()).toEqual(["Kovalenko Olena", "Bondar"]);
  });
  test("whoever got through is gone", async () => {
    const till = await list([waits(), bondar]);
    await change(till, bondar);
    expect(heads()).toEqual(["Bondar"]);
  });
  test("has the server's order when it is opened again", async () => {
    const till = await list([waits(), bondar]);
    await change(till, bondar, waits());
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
