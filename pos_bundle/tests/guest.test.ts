// @vitest-environment happy-dom
import { afterEach, describe, expect, test, vi } from "vitest";
import { allGuests } from "../src/guests";
import type { Flag, Guest, GuestCard, Place } from "../src/messages";
import { golden, guest, ringing } from "./golden";
import { openTill, type Till } from "./till";

/** The card of a guest: what stands on it, what comes late, and what a cashier does about the guest. */

const NOW = 1795436402;

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  sessionStorage.clear();
});

const flag = (kind: string, more: object = {}) =>
  ({ id: 7, kind, text: "", by: "Olena", at: NOW - 86400, ...more }) as Flag;

const HOME: Place = {
  text: "Sadova 5/7, flat 12, code 12",
  door: "Sadova 5/7, flat 12",
  way: "entrance 2, floor 3, code 12",
};
const WORK: Place = { text: "Lesi Ukrainky 24", door: "Lesi Ukrainky 24", way: "" };

/** Somebody of whom this is known besides. */
const person = (more: Partial<GuestCard> = {}, whole: Partial<Guest> = {}): Guest => {
  const card = guest("guest_complete");
  return { ...card, again: null, at: NOW, ...whole, guests: [{ ...(card.guests[0] as GuestCard), ...more }] };
};

async function shows(more: Partial<GuestCard> = {}, whole: Partial<Guest> = {}): Promise<Till> {
  const till = await openTill();
  await till.ring(ringing(), person(more, whole));
  return till;
}

const all = (selector: string) => Array.from(document.querySelectorAll<HTMLElement>(selector));
const texts = (selector: string) => all(selector).map((one) => one.textContent);

describe("flags", () => {
  test("stand before the name, the first two in words and the rest counted", async () => {
    const till = await shows({
      flags: [flag("refuse", { text: "insults" }), flag("prepay"), flag("vip"), flag("note")],
    });
    expect(texts(".flags .pill")).toEqual(["Do not serve", "Prepay only"]);
    expect(till.text().indexOf("insults Olena")).toBeGreaterThan(-1);
    expect(till.text().indexOf("insults")).toBeLessThan(till.text().indexOf("Kovalenko"));
    expect(texts(".flags")[0]).toContain("+2");
  });
  test("one by the owner's rule says so", async () => {
    await shows({ flags: [flag("vip", { id: null, by: "" })] });
    expect(texts(".flags")[0]).toBe("VIP owner's rule");
  });
  test("of everybody who may be calling are in the choice", async () => {
    const till = await openTill();
    const several = guest("guest_several");
    const guests = several.guests.map((one, at) => ({ ...one, flags: at ? [flag("allergy")] : [] }));
    await till.ring(ringing(), { ...several, guests });
    expect(till.button("Petrenko Taras")?.textContent).toContain("Allergy");
    expect(till.button("Kovalenko Olena")?.textContent).not.toContain("Allergy");
  });
  test("are text, whatever stands in them", async () => {
    await shows({ flags: [flag('x" onclick="y', { text: "<b>bold</b>\u202e", by: "<i>me</i>" })] });
    expect(all(".flags i, .flags b b, [onclick]")).toEqual([]);
    expect(texts(".flags")[0]).toContain("<b>bold</b> <i>me</i>");
  });
});

describe("what the call is likely about", () => {
  const again = {
    count: 2,
    minutes: 6,
    last: {
      call: "x",
      at: NOW - 360,
      outcome: "answered" as const,
      by: "Taras",
      note: "complaint" as const,
      text: "cold",
      order: { id: 50012, sum: "345.00" },
    },
  };
  const going = {
    kind: "order" as const,
    id: 50031,
    order: 1795436500000,
    at: NOW - 1500,
    sum: "455.00",
    address: "Sadova 5/7",
    spot: 1,
    status: "cooking" as const,
  };

  test("a second call says when the first was, with whom, and what came of it", async () => {
    await shows({}, { again });
    expect(texts(".again")[0]).toMatch(/^Call no. 2 · .*Answered by Taras · order #50012 345 ₴ · Complaint · «cold»$/);
  });
  test("a call that nobody answered is told as one", async () => {
    const last = { ...again.last, outcome: "missed" as const, by: "", note: "" as const, text: "", order: null };
    await shows({}, { again: { ...again, last } });
    expect(texts(".again")[0]).toMatch(/nobody answered$/);
  });
  test("an open order stands before the rest and is the decision", async () => {
    const till = await shows({ open: [going] });
    expect(texts(".going")[0]).toContain("Cooking · 25 min455 ₴ · Sadova 5/7");
    expect(texts(".main")).toEqual(["Add to it"]);
    expect(till.button("New order")?.className).toContain("calm");
  });
  test("without one the new order is", async () => {
    await shows();
    expect(texts(".main")).toEqual(["New order"]);
    expect(all(".place")).toEqual([]);
  });
});

describe("facts that come late", () => {
  const found = guest("guest_found");
  const box = () => texts(".place")[0];

  test("find their place kept, and leave it when there is nothing to say", async () => {
    const till = await openTill();
    await till.ring(ringing(), found);
    expect(box()).toBe("Looking for orders…");
    await till.wait(1000);
    await till.say({ type: "guest", call: "k3V9aQx2", guest: person({ open: [] }) });
    expect(box()).toBe("No open orders");
  });
  test("and need none when they come at once", async () => {
    const till = await openTill();
    await till.ring(ringing(), found);
    await till.say({ type: "guest", call: "k3V9aQx2", guest: person() });
    expect(box()).toBeUndefined();
  });
  test("that don't come are not called none", async () => {
    const till = await openTill();
    await till.ring(ringing(), found);
    await till.wait(1000);
    await till.say({ type: "guest", call: "k3V9aQx2", guest: person({}, { stage: "failed", version: 9 }) });
    expect(box()).toBe("Orders can't be seen now");
  });
});

describe("figures", () => {
  const figures = { since: 1700000000, orders: 12, total: "4140.00", average: "345.00", paid: "12000.00", from: 0 };

  test("are one soft line", async () => {
    await shows({ figures });
    expect(texts(".figures")[0]).toBe("since 2023 · orders in a year: 12 · 4\u00a0140 ₴ · average 345 ₴");
  });
  test.each([
    ["older than ten minutes", { at: NOW - 1200 }],
    ["read while Poster is away", { at: NOW - 60, behind: true }],
  ])("%s say from when they are", async (_, whole) => {
    await shows({ figures }, whole);
    expect(texts(".figures")[0]).toMatch(/ · as of \d/);
  });
  test("a birthday and a bonus worth mentioning are tags", async () => {
    const hints = [
      { kind: "birthday" as const, days: 2 },
      { kind: "bonus" as const, sum: "45.00" },
    ];
    await shows({ hints });
    expect(texts(".hint")).toEqual(["Birthday in 2 d", "Mention the bonus: 45 ₴"]);
    expect(texts(".good")).toEqual([]);
  });
});

describe("the address", () => {
  const row = () => texts(".card main > .row")[0];

  const drawn = (street = "") => ({
    title: "Where to deliver",
    save: "Use this address",
    rows: [
      { text: "Lesi Ukrainky 24", taps: [["use:1", "Here"]], look: "box" },
      { field: "street", text: "Street", value: street, live: true },
      street ? { taps: [["street:Zelena", "Zelena"]] } : {},
      { field: "flat", text: "Flat", look: "third" },
    ],
  });

  // biome-ignore lint/suspicious/noExplicitAny: what the register sent.
  async function opened(answer: (body: any) => object = () => ({ sheet: drawn() })) {
    const till = await shows({ addresses: [HOME, WORK] });
    const asked = vi.fn((body) => ({ ok: true, ...answer(body) }));
    till.door.sheet = asked;
    all(".card main > .row")[0]?.click();
    await till.wait();
    return { till, asked };
  }
  test("that goes with the order is the last one, with the way to its door", async () => {
    await shows({ addresses: [HOME, WORK] });
    expect(row()).toBe("Sadova 5/7, flat 12Last address · entrance 2, floor 3, code 12");
  });
  test("of an older server is a line", async () => {
    await shows();
    expect(row()).toContain("Sadova 5/7, flat 12");
  });
  test("another is picked with one tap", async () => {
    const { till } = await opened(({ press }) => (press ? { sheet: null, place: WORK } : { sheet: drawn() }));
    await till.tap("Here");
    expect(row()).toBe("Lesi Ukrainky 24Address");
  });
  test("the server helps once the fingers rest, and what is typed meanwhile stays", async () => {
    const { till, asked } = await opened(({ values }) => ({ sheet: drawn(values.street) }));
    for (const text of ["Ze", "Zel"]) await till.fill("Street", text);
    await till.wait(200);
    await till.fill("Flat", "3");
    expect(asked).toHaveBeenCalledTimes(2);
    expect(asked).toHaveBeenLastCalledWith(
      expect.objectContaining({ press: "typed", values: expect.objectContaining({ street: "Zel" }) }),
    );
    await till.tap("Zelena");
    const last = { press: "street:Zelena", values: expect.objectContaining({ flat: "3" }) };
    expect(asked).toHaveBeenLastCalledWith(expect.objectContaining(last));
  });
  test("that could not be kept with the guest goes with the order, and says so", async () => {
    const lost = { sheet: null, place: WORK, notice: "It is not kept." };
    const { till } = await opened(({ press }) => (press ? lost : { sheet: drawn() }));
    await till.fill("Street", "Lesi Ukrainky");
    await till.tap("Use this address");
    expect(row()).toContain("Lesi Ukrainky 24");
    expect(till.text()).toContain("It is not kept.");
  });
  test("half typed keeps the card when the call is answered elsewhere", async () => {
    const { till } = await opened();
    await till.fill("Street", "Zel");
    await till.say({ type: "call", call: ringing({ version: 9, mine: false }) });
    expect((document.querySelector("input") as HTMLInputElement).value).toBe("Zel");
  });
});

describe("streets", () => {
  const chips = () => texts(".suggest .chip");

  async function form(streets: Till["door"][string]): Promise<Till> {
    const till = await openTill();
    await till.ring(ringing(), guest("guest_unknown"));
    till.door.streets = streets;
    till.door.same = () => ({ ok: true, guests: [] });
    return till;
  }
  test("are asked for once the fingers rest", async () => {
    const asked = vi.fn(() => ({ ok: true, streets: ["Sadova"] }));
    const till = await form(asked);
    for (const text of ["Sa", "Sad"]) await till.fill("Address", text);
    await till.wait(200);
    expect(asked).toHaveBeenCalledTimes(1);
    expect(asked).toHaveBeenCalledWith(expect.objectContaining({ text: "Sad" }));
    expect(chips()).toEqual(["Sadova"]);
  });
  test("are not asked for when the house is typed", async () => {
    const till = await form(() => ({ ok: true, streets: ["Sadova"] }));
    await till.fill("Address", "Sadova 5");
    await till.wait(200);
    expect(till.asked).not.toContain("streets");
  });
  test("a tapped one takes the place of what was typed, ready for the house", async () => {
    const till = await form(() => ({ ok: true, streets: ["Sadova"] }));
    await till.fill("Address", "sad");
    await till.wait(200);
    await till.tap("Sadova");
    expect(all("input").map((one) => (one as HTMLInputElement).value)).toContain("Sadova ");
    await till.wait(200);
    expect(chips()).toEqual([]);
  });
  test("an answer to older letters is not shown", async () => {
    const answers: (() => void)[] = [];
    const till = await form(({ text }) => ({ ok: true, streets: [`${text}ova`] }));
    const real = till.poster.makeRequest.getMockImplementation();
    till.poster.makeRequest.mockImplementation((url: string, options: object, done: (answer: unknown) => void) =>
      real(url, options, (answer: unknown) => void answers.push(() => done(answer))),
    );
    await till.fill("Address", "Sad");
    await till.wait(200);
    await till.fill("Address", "Zel");
    await till.wait(200);
    answers[1]?.();
    answers[0]?.();
    await till.wait();
    expect(chips()).toEqual(["Zelova"]);
  });
});

describe("who may be the same", () => {
  const olena = { id: 318, name: "Kovalenko Olena", address: "Sadova 5", why: "name" };
  const taras = { ...olena, id: 402, name: "Kovalenko Taras" };

  async function typed(guests: object[], door: Till["door"] = {}): Promise<Till> {
    const till = await openTill();
    await till.ring(ringing({ from: "+380501112233", shown: "050 111 2233" }), guest("guest_unknown"));
    Object.assign(till.door, { same: () => ({ ok: true, guests }), ...door });
    await till.fill("Name", "Kovalenko");
    await till.wait(700);
    return till;
  }
  test("is asked, and nobody is joined without a tap", async () => {
    const till = await typed([olena]);
    expect(till.text()).toContain("Is this a second number of Kovalenko Olena, Sadova 5?");
    expect(till.asked).not.toContain("join");
    expect(document.querySelector("form")).not.toBeNull();
  });
  test("one tap keeps the number with the guest and shows them", async () => {
    const join = vi.fn(() => ({ ok: true, guest: person() }));
    const till = await typed([olena], { join });
    await till.fill("Address", "Zelena 3");
    await till.wait(700);
    await till.tap("Yes");
    expect(join).toHaveBeenCalledWith(expect.objectContaining({ guest: 318, number: "+380501112233" }));
    expect(document.querySelector("h1")?.textContent).toBe("Kovalenko Olena");
    expect(till.text()).toContain("Zelena 3");
  });
  test("no brings the next one, and nobody is asked about twice", async () => {
    const till = await typed([olena, taras]);
    all(".ask button")[1]?.click();
    await till.wait();
    expect(till.text()).toContain("Kovalenko Taras");
    await till.fill("Name", "Kovalenko T");
    await till.wait(700);
    expect(till.text()).not.toContain("Kovalenko Olena");
  });
  test("a join that fails says so and leaves the form as it is", async () => {
    const till = await typed([olena], { join: () => ({ ok: false, error: "unavailable" }) });
    await till.tap("Yes");
    expect(till.text()).toContain("It was not saved.");
    expect((document.querySelector("input") as HTMLInputElement).value).toBe("Kovalenko");
  });
  test("is nobody's question while few letters stand there", async () => {
    const till = await openTill();
    await till.ring(ringing(), guest("guest_unknown"));
    await till.fill("Name", "Ko");
    await till.wait(1000);
    expect(till.asked).not.toContain("same");
  });
});

describe("two sources", () => {
  test("what only the server knows survives the register's own card", () => {
    const server = person({ flags: [flag("vip")], addresses: [HOME], numbers: ["+380501112233"] })
      .guests[0] as GuestCard;
    const local = { ...(guest("guest_found").guests[0] as GuestCard), hidden: false };
    const [whole] = allGuests([server], [], [local]);
    expect(whole).toMatchObject({ flags: server.flags, addresses: [HOME], numbers: ["+380501112233"] });
  });
  test("a guest of whom a server of before says less is still a card", async () => {
    const till = await openTill();
    const { stage, version, number, hidden, guests } = golden("guest_complete").guest;
    await till.ring(ringing(), { stage, version, number, hidden, guests });
    expect(till.text()).toContain("Kovalenko Olena");
  });
});
