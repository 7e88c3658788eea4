// @vitest-environment happy-dom
import { afterEach, describe, expect, test, vi } from "vitest";
import { blank, NEW, openBook } from "./book";
import { golden, ringing } from "./golden";
import { never } from "./till";

/** What an order of a call learns: where it goes, when it is promised, which call brought it; and tables. */

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  localStorage.clear();
  sessionStorage.clear();
});

const CALL = ringing().id;
const HOME = "Lisova 1";
const load = { type: "load", open: 7, minutes: 45 } as const;
/** 45 minutes after the ring, by the register's clock. */
const clock = (minutes: number) =>
  new Date(Date.now() + minutes * 60_000).toLocaleString("en-GB", { hour: "2-digit", minute: "2-digit" });

const unfinished = blank({ id: 7, clientId: 9, total: 345, products: [{ id: 40, count: 2 }] });

describe("the comment", () => {
  test("of a guest who has food delivered says where to", async () => {
    const book = await openBook();
    await book.till.tap("New order");
    expect(book.order()?.comment).toContain(HOME);
  });
  test("of a guest who never had says nothing", async () => {
    const [, closed] = golden("guest_everything").guest.guests[0].orders;
    const book = await openBook(() => {}, { orders: [{ ...closed, delivery: false }] });
    await book.till.tap("New order");
    expect(book.order()?.comment).toBe("");
  });
  test("that is there stays, and the address is not written twice", async () => {
    const book = await openBook((_, made) => {
      made.orders.push(blank({ id: 7, comment: "No onions" }));
      made.active = 7;
    });
    await book.till.tap("Add to the open order");
    expect(book.order(7)?.comment).toBe("No onions; Lisova 1, flat 3");
    await book.till.ring(ringing({ id: "next" }));
    book.till.fire("notificationClick", {});
    await book.till.say({ ...golden("guest_everything"), call: "next" });
    await book.till.wait(600);
    await book.till.tap("by ");
    expect(book.order(7)?.comment).toMatch(/^No onions; Lisova 1, flat 3; by \d\d:\d\d$/);
  });
  test("that nobody can read is not written over", async () => {
    const book = await openBook((poster, made) => {
      made.orders.push(blank({ id: 7, comment: "No onions" }));
      made.active = 7;
      const { getActive, setOrderClient } = poster.orders;
      poster.orders.setOrderClient = (...given: unknown[]) => {
        poster.orders.getActive = never;
        return setOrderClient(...given);
      };
      poster.orders.getActive = getActive;
    });
    await book.till.tap("Add to the open order");
    await book.till.wait(2000);
    expect(book.order(7)?.comment).toBe("No onions");
    expect(book.till.text()).toContain("Write it yourself: Lisova 1, flat 3");
  });
  test("goes into no order where addresses go with online orders", async () => {
    const book = await openBook();
    book.till.socket().say(golden("snapshot_quiet"));
    await book.till.wait();
    const snapshot = golden("snapshot_ringing");
    await book.till.say({ ...snapshot, at: Date.now() / 1000, settings: { ...snapshot.settings, delivery: "online" } });
    await book.till.say(golden("guest_everything"));
    await book.till.wait(600);
    await book.till.tap("New order");
    expect(book.order()?.comment).toBe("");
  });
  test.each([
    ["refused", async () => ({ success: false })],
    ["missing", undefined],
    ["hung", never],
  ])("that is %s is told, with what to write", async (_, comment) => {
    const book = await openBook((poster) => {
      poster.orders.setOrderComment = comment;
    });
    await book.till.tap("New order");
    await book.till.wait(4000);
    expect(book.till.text()).toContain("Write it yourself: Lisova 1");
    expect(book.order()?.clientId).toBe(318);
  });
});

describe("the promise", () => {
  test("tells how many orders are open, and the time", async () => {
    const { till } = await openBook();
    await till.say(load);
    expect(till.text()).toContain("Orders open: 7");
    expect(till.text()).toContain(`by ${clock(45)} · 45 min`);
  });
  test("is in the order and at the server after one tap", async () => {
    const book = await openBook();
    await book.till.say(load);
    const due = `by ${clock(45)}`;
    await book.till.tap("by ");
    await book.till.tap("New order");
    expect(book.order()?.comment).toContain(due);
    expect(book.asked.ordered?.pop()).toMatchObject({ call: CALL, order: NEW, guest: 318, minutes: 45 });
  });
  test("not tapped, it is nowhere", async () => {
    const book = await openBook();
    await book.till.say(load);
    await book.till.tap("New order");
    expect(book.order()?.comment).not.toContain("by ");
    expect(book.asked.ordered?.pop().minutes).toBe(0);
  });
  test("is changed in steps of five minutes, never below five", async () => {
    const book = await openBook();
    await book.till.say({ ...load, minutes: 10 });
    for (let taps = 0; taps < 4; taps++) await book.till.tap("−5");
    expect(book.till.text()).toContain(" · 5 min");
    await book.till.tap("+5");
    expect(book.till.text()).toContain(" · 10 min");
  });
  test("of the guest's order on the screen is written at once, and a new one in its place", async () => {
    const book = await openBook((_, made) => {
      made.orders.push(blank({ id: 7, clientId: 318, comment: "No onions" }));
      made.active = 7;
    });
    book.till.fire("notificationClick", { id: 1 });
    await book.till.wait(600);
    await book.till.say(load);
    await book.till.tap("by ");
    expect(book.order(7)?.comment).toMatch(/^No onions; Lisova 1.*; by \d\d:\d\d$/);
    const before = book.order(7)?.comment || "";
    await book.till.tap("+5");
    expect(book.order(7)?.comment).toHaveLength(before.length);
    expect(book.order(7)?.comment).not.toBe(before);
    expect(book.asked.ordered?.map(({ minutes }) => minutes)).toEqual([45, 50]);
    await book.till.tap("by ");
    expect(book.order(7)?.comment).not.toContain("by ");
  });
  test("without a word of the server about open orders there is none", async () => {
    const { till } = await openBook();
    await till.say({ ...golden("snapshot_ringing"), at: Date.now() / 1000, load: null });
    await till.wait();
    expect(till.text()).toContain("067 111 2233");
    expect(till.button("+5")).toBeUndefined();
  });
});

describe("which call brought it", () => {
  test("is written on the order and told to the server", async () => {
    const book = await openBook();
    await book.till.tap("New order");
    expect(book.order()?.extras).toEqual({ dzvinok_call: CALL });
    expect(book.asked.ordered).toMatchObject([{ call: CALL, order: NEW, guest: 318, minutes: 0 }]);
  });
  test.each([
    ["missing", undefined],
    ["refused", () => Promise.reject(new Error("no"))],
    ["hung", never],
  ])("is no trouble when setExtras is %s", async (_, set) => {
    const book = await openBook((poster) => {
      poster.orders.setExtras = set;
    });
    await book.till.tap("New order");
    expect(book.till.isOpen()).toBe(false);
    expect(book.asked.ordered).toHaveLength(1);
  });
  test("a paid order of a call is told, another one is not", async () => {
    const book = await openBook();
    await book.till.tap("New order");
    book.till.fire("afterOrderClose", { order: { id: 99, total: 10, clientId: 0 } });
    book.till.fire("afterOrderClose", { order: { id: NEW, total: 345, clientId: 318 } });
    await book.till.wait();
    expect(book.asked.closed).toMatchObject([{ order: NEW, sum: "345.00", guest: 318 }]);
  });
  test("the order itself remembers it over a restart", async () => {
    const book = await openBook();
    book.till.fire("afterOrderClose", {
      order: { id: 5, total: "20.5", clientId: "3", extras: { dzvinok_call: "x" } },
    });
    await book.till.wait();
    expect(book.asked.closed).toMatchObject([{ order: 5, sum: "20.50", guest: 3 }]);
  });
  test("what could not be told waits for the server, over a restart, and is told once", async () => {
    const book = await openBook();
    book.till.door.ordered = () => undefined;
    await book.till.tap("New order");
    book.till.fire("afterOrderClose", { order: { id: NEW, total: 345, clientId: 318 } });
    await book.till.wait(40_000);
    const later = await openBook();
    await later.till.wait(40_000);
    expect(later.asked.ordered).toMatchObject([{ call: CALL, order: NEW }]);
    expect(later.asked.closed).toMatchObject([{ order: NEW, sum: "345.00" }]);
    await later.till.wait(120_000);
    expect(later.asked.closed).toHaveLength(1);
  });
  test("what the server refuses is not told again", async () => {
    const book = await openBook();
    book.till.door.ordered = () => ({ ok: false, error: "call_unknown" });
    await book.till.tap("New order");
    await book.till.wait(100_000);
    expect(book.till.asked.filter((verb) => verb === "ordered")).toHaveLength(1);
  });
  test("a storage that is closed, or holds nonsense, is no trouble", async () => {
    localStorage.setItem("dzvinok.told", '{"waiting":5}');
    const book = await openBook();
    vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
      throw new Error("closed");
    });
    await book.till.tap("New order");
    expect(book.asked.ordered).toHaveLength(1);
    vi.restoreAllMocks();
  });
});

describe("an unfinished order", () => {
  const opened = () =>
    openBook((_, made) => {
      made.orders.push({ ...unfinished });
      made.active = 7;
    });

  test("stays, and the card says where it is", async () => {
    const book = await opened();
    book.till.fire("notificationClick", { id: 1 });
    await book.till.wait(600);
    await book.till.tap("New order");
    expect(book.orders.map(({ id }) => id)).toEqual([7, NEW + 1]);
    expect(book.lines(7)).toEqual(["40 × 2"]);
    await book.till.ring(ringing({ id: "next" }));
    book.till.fire("notificationClick", {});
    await book.till.say({ ...golden("guest_everything"), call: "next" });
    await book.till.wait(600);
    expect(book.till.text()).toContain("Unfinished order: 345 ₴, Shevchuk Iryna");
    expect(book.till.text()).toContain("list of open orders");
    book.till.fire("applicationIconClicked", {});
    await book.till.wait();
    expect(book.till.text()).toContain("Unfinished order: 345 ₴, Shevchuk Iryna");
  });
  test.each([
    ["opened again", "orderOpen"],
    ["paid", "afterOrderClose"],
  ])("that is %s is not spoken of any more", async (_, event) => {
    const book = await opened();
    book.till.fire("notificationClick", { id: 1 });
    await book.till.wait(600);
    await book.till.tap("New order");
    book.active = 7;
    book.till.fire(event, { order: unfinished });
    await book.till.wait(600);
    await book.till.ring(ringing({ id: "next" }));
    book.till.fire("notificationClick", {});
    await book.till.say({ ...golden("guest_everything"), call: "next" });
    await book.till.wait(600);
    expect(book.till.text()).not.toContain("Unfinished order");
  });
});

test("an order that was paid meanwhile is not called unfinished", async () => {
  const book = await openBook((_, made) => {
    made.orders.push({ ...unfinished });
    made.active = 7;
  });
  book.till.fire("notificationClick", { id: 1 });
  await book.till.wait(600);
  book.active = 0;
  book.till.fire("afterOrderClose", { order: unfinished });
  await book.till.wait(600);
  await book.till.tap("New order");
  await book.till.ring(ringing({ id: "next" }));
  await book.till.say({ ...golden("guest_everything"), call: "next" });
  await book.till.wait(600);
  expect(book.till.text()).not.toContain("Unfinished order");
});

describe("an order that goes on", () => {
  test("on the screen gets the guest and the screen", async () => {
    const id = golden("guest_everything").guest.guests[0].open[0].order;
    const book = await openBook((_, made) => {
      made.orders.push(blank({ id }));
      made.active = id;
    });
    await book.till.tap("Add to it");
    expect(book.order(id)?.clientId).toBe(318);
    expect(book.till.isOpen()).toBe(false);
  });
  test("elsewhere: the card says where", async () => {
    const book = await openBook();
    await book.till.tap("Add to it");
    expect(book.till.text()).toContain("Order No. 50077 is in the list of open orders.");
    expect(book.orders).toEqual([]);
  });
});

describe("an online order", () => {
  const online = async (reply?: object) => {
    const book = await openBook();
    const snapshot = golden("snapshot_ringing");
    await book.till.say({ ...snapshot, at: Date.now() / 1000, settings: { ...snapshot.settings, delivery: "online" } });
    await book.till.say(golden("guest_everything"));
    await book.till.wait(600);
    if (reply) book.till.door.online = () => reply;
    await book.till.tap("Repeat");
    await book.till.tap("Delivery");
    return book;
  };
  test("has the dishes and the address, and its number is said", async () => {
    const book = await online();
    expect(book.asked.online).toMatchObject([
      {
        call: CALL,
        guest: 318,
        place: { street: "Lisova", house: "1" },
        lines: [
          { product: 12, modification_id: 3, modification: "30 cm", count: "2" },
          { product: 40, modification_id: 0, modification: "", count: "1" },
        ],
      },
    ]);
    expect(book.till.notes().pop().message).toContain("77");
    expect(book.orders).toEqual([]);
  });
  test.each([
    ["refused", "did not make the online order"],
    ["plan", "did not make the online order"],
    ["unclear", "Look at the online orders"],
  ])("that is %s is told, and the dishes stay", async (error, sentence) => {
    const { till } = await online({ ok: false, error });
    expect(till.text()).toContain(sentence);
    expect(till.text()).toContain("Margherita");
  });
});
