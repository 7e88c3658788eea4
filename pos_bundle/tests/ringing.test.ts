// @vitest-environment happy-dom
import { afterEach, describe, expect, test, vi } from "vitest";
import { golden, guest, ringing } from "./golden";
import { hello, never, openTill } from "./till";

/** From a ring to a card, on a whole register. */

const busyOrder = { order: { id: 7, clientId: 0, products: { 0: { id: 1, count: 1 } } } };

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  sessionStorage.clear();
});

describe("starting", () => {
  test("Poster may come late", async () => {
    const till = await openTill((poster, made) => {
      const { interface: screen, ...rest } = poster;
      made.poster = rest;
      setTimeout(() => Object.assign(rest, { interface: screen }), 4000);
    });
    expect(till.done.some(([name]) => name === "icon")).toBe(false);
    await till.wait(5000);
    expect(till.done.some(([name]) => name === "icon")).toBe(true);
  });
  test("each handler is registered once, however often the start is tried", async () => {
    const till = await openTill((poster) => {
      const { on } = poster;
      let tries = 0;
      poster.on = (event: string, handler: unknown) => {
        if (tries++ < 3) throw new Error("not ready");
        on(event, handler);
      };
    });
    await till.wait(3000);
    till.fire("applicationIconClicked");
    expect(till.popups()).toBe(1);
    expect(till.done.filter(([name]) => name === "icon")).toHaveLength(1);
  });
  test("without a server the register starts, says so, and takes calls when the server comes", async () => {
    const till = await openTill((_, made) => {
      made.door.hello = () => undefined;
    });
    await till.wait(9000);
    till.fire("applicationIconClicked", { place: "functions" });
    await till.wait();
    expect(till.text()).toContain("lost, calls will not come");
    till.door.hello = () => hello();
    await till.wait(2500);
    till.socket().onopen?.();
    till.socket().say(hello().message);
    await till.wait();
    expect(till.text()).toContain("working");
  });
});

describe("who stands here", () => {
  test("the line of the employee's extras counts until the server says another", async () => {
    const till = await openTill((_, made) => {
      made.door.hello = () => undefined;
    });
    till.fire("applicationIconClicked");
    await till.wait();
    expect(till.text()).toContain("Your line101");
    till.door.hello = () => hello({ employee: { id: 5, name: "Olena", lines: ["205"] } });
    await till.wait(3000);
    expect(till.text()).toContain("Your line205");
  });
  test("logging out lets Poster go on at once and tells the server", async () => {
    const till = await openTill();
    const next = vi.fn();
    till.fire("userLogout", { user: { id: 5 } }, next);
    expect(next).toHaveBeenCalledTimes(1);
    expect(till.socket().sent.pop()).toEqual(golden("register_employee_nobody"));
  });
  test("the next employee is told to the server, even when the event says nothing", async () => {
    const till = await openTill();
    till.fire("userLogout");
    till.poster.users.getActiveUser = async () => ({ id: 7, name: "Taras" });
    till.fire("userLogin");
    await till.wait();
    expect(till.socket().sent.pop()).toEqual({ type: "employee", employee: 7 });
  });
  test("a slow answer about the last employee does not come over the next one", async () => {
    let answer: (user: unknown) => void = () => {};
    const till = await openTill();
    till.poster.users.getActiveUser = () => new Promise((resolve) => (answer = resolve));
    till.fire("userLogin");
    const slow = answer;
    till.poster.users.getActiveUser = async () => ({ id: 7, name: "Taras" });
    till.fire("userLogin", { user: { id: 7, name: "Taras" } });
    await till.wait();
    slow({ id: 6, name: "Ivan" });
    await till.wait();
    expect(till.socket().sent.pop()).toEqual({ type: "employee", employee: 7 });
  });
  test.each([
    ["refuses", () => Promise.reject(new Error("no"))],
    ["is missing", undefined],
    ["never answers", never],
  ])("whoever logs in stays in on a register whose getActiveUser %s", async (_, active) => {
    const till = await openTill((poster) => {
      poster.users.getActiveUser = active;
    });
    till.fire("userLogin", { user: { id: 7, name: "Taras" } });
    await till.wait(60_000);
    expect(till.socket().sent.filter(({ type }) => type === "employee")).toEqual([{ type: "employee", employee: 7 }]);
  });
  test("a login that says nothing is asked about until Poster answers", async () => {
    const till = await openTill();
    till.poster.users.getActiveUser = () => Promise.reject(new Error("no"));
    till.fire("userLogin");
    await till.wait(1000);
    till.poster.users.getActiveUser = async () => ({ id: 7, name: "Taras" });
    await till.wait(1000);
    expect(till.socket().sent.pop()).toEqual({ type: "employee", employee: 7 });
  });
});

describe("a ring", () => {
  test("opens a popup with the number at once and the guest when they come", async () => {
    const till = await openTill();
    await till.ring(ringing());
    expect(till.popups()).toBe(1);
    expect(till.text()).toContain("067 111 2233");
    await till.say(golden("guest_complete"));
    for (const fact of ["Kovalenko Olena", "VIP", "45 ₴", "flat 12", "345 ₴", "Margherita", "nuts"])
      expect(till.text()).toContain(fact);
  });
  test("is told twice and pops up once", async () => {
    const till = await openTill();
    await till.ring(ringing());
    await till.ring(ringing());
    expect(till.popups()).toBe(1);
  });
  test.each([
    ["products in the order", async () => busyOrder],
    ["a guest in the order", async () => ({ order: { id: 7, clientId: 3, products: {} } })],
    ["a register that fails to say", () => Promise.reject(new Error())],
    ["a register that does not say", never],
    ["a register too old to say", undefined],
  ])("with %s is a notification with the number masked", async (_, getActive) => {
    const till = await openTill((poster) => {
      poster.orders.getActive = getActive;
    });
    await till.ring(ringing());
    await till.wait(1000);
    expect(till.popups()).toBe(0);
    expect(till.notes()).toEqual([{ title: "Incoming call", message: "+380…33", waiter: 5 }]);
  });
  test("with an empty order on the screen is a popup", async () => {
    const till = await openTill((poster) => {
      poster.orders.getActive = async () => ({ order: { id: 7, clientId: 0, products: {} } });
    });
    await till.ring(ringing());
    expect(till.popups()).toBe(1);
  });
  test("on a register without popups is a notification", async () => {
    const till = await openTill((poster) => {
      poster.interface.popup = undefined;
    });
    await till.ring(ringing());
    expect(till.notes()).toHaveLength(1);
  });
  test.each([[{ id: 1 }], [{ notification: { id: "1" } }], [undefined], [{}]])(
    "notification clicked with %j opens its card",
    async (event) => {
      const till = await openTill((poster) => {
        poster.orders.getActive = async () => busyOrder;
      });
      await till.ring(ringing(), guest("guest_complete"));
      till.fire("notificationClick", event);
      await till.wait();
      expect(till.isOpen()).toBe(true);
      expect(till.text()).toContain("Kovalenko Olena");
    },
  );
  test("of a call that is over by the time Poster answers opens nothing", async () => {
    let answer: (value: unknown) => void = () => {};
    const till = await openTill((poster) => {
      poster.orders.getActive = () => new Promise((resolve) => (answer = resolve));
    });
    await till.ring(ringing());
    await till.say(golden("call_answered_elsewhere"));
    answer({});
    await till.wait();
    expect(till.popups()).toBe(0);
  });
  test("that was missed by this page is on the screen after a restart", async () => {
    const till = await openTill();
    await till.say({ ...golden("snapshot_ringing"), at: Date.now() / 1000 });
    expect(till.popups()).toBe(1);
    expect(till.text()).toContain("050 123 4567");
  });
});

describe("answered elsewhere", () => {
  test.each([
    ["call_answered_elsewhere", "Answered by Taras"],
    ["call_answered_by_nobody_known", "Answered by line 109"],
  ])("%s closes the popup and says who", async (name, title) => {
    const till = await openTill();
    await till.ring(ringing());
    await till.say(golden(name));
    expect(till.isOpen()).toBe(false);
    expect(till.notes()).toEqual([{ title, message: "+380…33", waiter: 5 }]);
  });
  test("a card that somebody types in stays, with one line", async () => {
    const till = await openTill();
    await till.ring(ringing(), guest("guest_unknown"));
    await till.fill("Name", "Bon");
    await till.say(golden("call_answered_elsewhere"));
    expect(till.isOpen()).toBe(true);
    expect(till.text()).toContain("Answered by Taras. What you typed is still here.");
    await till.say(golden("snapshot_quiet"));
    await till.wait(60_000);
    expect(till.isOpen()).toBe(true);
    await till.tap("Close");
    expect(till.isOpen()).toBe(false);
  });
});

describe("the end of a call", () => {
  test("missed is said for the grace, then the popup closes", async () => {
    const till = await openTill();
    await till.ring(ringing());
    await till.say(golden("call_missed"));
    expect(till.text()).toContain("Missed call");
    await till.wait(18_000);
    expect(till.isOpen()).toBe(true);
    await till.wait(3_000);
    expect(till.isOpen()).toBe(false);
  });
  test("a talk is timed", async () => {
    const till = await openTill();
    await till.ring(ringing());
    await till.say({ type: "call", call: { ...golden("call_answered_here").call, answered: Date.now() / 1000 } });
    await till.wait(40_000);
    await till.say(golden("ping"));
    await till.wait(26_000);
    expect(till.text()).toContain("On the line1:0");
  });
});

describe("several calls", () => {
  const second = ringing({ id: "second", from: "+380501234567", shown: "050 123 4567" });

  test("stand in a strip and are picked by a tap", async () => {
    const till = await openTill();
    await till.ring(ringing(), guest("guest_complete"));
    await till.ring(second);
    expect(document.querySelectorAll("nav button")).toHaveLength(2);
    expect(document.querySelector("h1")?.textContent).toBe("Kovalenko Olena");
    await till.tap("050 123 4567");
    expect(document.querySelector("h1")?.textContent).toBe("050 123 4567");
  });
  test("a newer call leaves what is being typed", async () => {
    const till = await openTill();
    await till.ring(ringing(), guest("guest_unknown"));
    await till.fill("Name", "Bondar");
    await till.ring(second, guest("guest_complete"));
    await till.say({ type: "call", call: { ...second, version: 5, state: "answered", answered: 1 } });
    const input = document.querySelector("input") as HTMLInputElement;
    expect([document.querySelector("h1")?.textContent, input.value]).toEqual(["067 111 2233", "Bondar"]);
  });
  test("each keeps its own draft", async () => {
    const till = await openTill();
    await till.ring(ringing(), guest("guest_unknown"));
    await till.ring(second, guest("guest_unknown"));
    await till.fill("Name", "Bondar");
    await till.tap("050 123 4567");
    expect((document.querySelector("input") as HTMLInputElement).value).toBe("");
    await till.fill("Name", "Shevchuk");
    await till.tap("067 111 2233");
    expect((document.querySelector("input") as HTMLInputElement).value).toBe("Bondar");
  });
  test("a slow search for one does not land on the other", async () => {
    const answers: ((value: unknown) => void)[] = [];
    const till = await openTill((poster) => {
      poster.clients.find = () => new Promise((resolve) => answers.push(resolve));
    });
    await till.ring(ringing());
    const first = answers.splice(0);
    await till.tap("Close");
    await till.ring(second);
    for (const answer of first) answer({ foundClients: [{ id: 1, lastname: "Slow", phone: "0671112233" }] });
    await till.wait(100);
    expect(till.text()).not.toContain("Slow");
  });
  test("closing one shows the next, closing the last closes the popup", async () => {
    const till = await openTill();
    await till.ring(ringing());
    await till.ring(second);
    await till.tap("Close");
    expect(document.querySelector("h1")?.textContent).toBe("050 123 4567");
    await till.tap("Close");
    expect(till.isOpen()).toBe(false);
  });
});

describe("drafts", () => {
  test("survive closing, a change of employee and a reload of the page", async () => {
    const till = await openTill();
    await till.ring(ringing(), guest("guest_unknown"));
    await till.fill("Name", "Bondar");
    till.fire("afterPopupClosed");
    till.fire("userLogout");
    await till.say(golden("snapshot_quiet"));
    const again = await openTill();
    await again.ring(ringing(), guest("guest_unknown"));
    expect((document.querySelector("input") as HTMLInputElement).value).toBe("Bondar");
  });
  test("a register without storage keeps them in memory", async () => {
    vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
      throw new Error("denied");
    });
    const till = await openTill();
    await till.ring(ringing(), guest("guest_unknown"));
    await till.fill("Name", "Bondar");
    expect(till.text()).toContain("067 111 2233");
    vi.restoreAllMocks();
  });
});

describe("closed by the cashier", () => {
  test("the same call does not pop up again, a new one does", async () => {
    const till = await openTill();
    await till.ring(ringing());
    till.fire("afterPopupClosed");
    await till.say(golden("call_answered_here"));
    expect(till.popups()).toBe(1);
    await till.ring(ringing({ id: "second" }));
    expect(till.popups()).toBe(2);
  });
  test("an echo of our own closing does not close the next card", async () => {
    const till = await openTill();
    await till.ring(ringing());
    await till.tap("Close");
    await till.ring(ringing({ id: "second" }));
    till.fire("afterPopupClosed");
    await till.wait();
    expect(till.text()).toContain("067 111 2233");
  });
});

describe("keys", () => {
  const press = (key: string, target: EventTarget = document.body) => {
    const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
    target.dispatchEvent(event);
    return event.defaultPrevented;
  };
  test("a card that has just come up is deaf for half a second", async () => {
    const till = await openTill();
    await till.wait(1000);
    await till.ring(ringing());
    const button = till.button("Close") as HTMLElement;
    expect([press("Enter", button), press(" ", button), press("Escape", button)]).toEqual([true, true, true]);
    expect(till.isOpen()).toBe(true);
    await till.wait(600);
    expect(press("Enter", button)).toBe(false);
  });
  test("Escape closes the card", async () => {
    const till = await openTill();
    await till.ring(ringing());
    await till.wait(600);
    press("Escape");
    await till.wait();
    expect(till.isOpen()).toBe(false);
  });
  test("nothing takes the focus away", async () => {
    const till = await openTill();
    const other = document.body.appendChild(document.createElement("input"));
    other.focus();
    await till.ring(ringing(), guest("guest_unknown"));
    expect(document.activeElement).toBe(other);
  });
});

describe("hostile text", () => {
  test("a caller's name is letters and nothing else", async () => {
    const till = await openTill();
    await till.ring(golden("call_ringing_hostile_name").call, guest("guest_unknown"));
    expect(document.querySelector("script")).toBeNull();
    expect(till.text()).toContain("<script>alert(1)</script>evil");
    expect(till.text().length).toBeLessThan(400);
  });
  test("a guest's name too", async () => {
    const till = await openTill();
    const card = {
      ...guest("guest_complete").guests[0],
      name: `<img src=x onerror=alert(1)>${"я".repeat(500)}`,
      comment: "\u202Eabc",
    };
    await till.ring(ringing(), { ...guest("guest_complete"), guests: [card] } as never);
    expect(document.querySelector("img")).toBeNull();
    expect(till.text()).not.toContain("\u202E");
  });
});
