// @vitest-environment happy-dom
import { afterEach, describe, expect, test, vi } from "vitest";
import { golden, guest, ringing } from "./golden";
import { never, openTill, type Till } from "./till";

/** From a card to an order, on a whole register. */

const did = (till: Till, name: string) => till.done.filter((entry) => entry[0] === name).map((entry) => entry.slice(1));
const ORDER = 1795436500000;

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  sessionStorage.clear();
});

async function known(change?: Parameters<typeof openTill>[0]): Promise<Till> {
  const till = await openTill(change);
  await till.ring(ringing(), guest("guest_complete"));
  return till;
}

describe("New order", () => {
  test("opens an order with the guest in it and leaves the screen to it", async () => {
    const till = await known();
    await till.tap("New order");
    expect(did(till, "setOrderClient")).toEqual([[ORDER, 318]]);
    expect(till.isOpen()).toBe(false);
  });
  test("tapped twice opens one order", async () => {
    const till = await known((poster) => {
      poster.orders.setOrderClient = never;
    });
    await till.tap("New order");
    await till.tap("New order");
    expect(did(till, "orders.create")).toHaveLength(1);
  });
  test.each([
    ["refused", async () => ({ success: false })],
    ["rejected", () => Promise.reject(new Error("shift"))],
    ["missing", undefined],
    ["never answered", never],
  ])("%s is one sentence, and the cashier can go on", async (_, create) => {
    const till = await known((poster) => {
      poster.orders.create = create;
    });
    await till.tap("New order");
    await till.wait(6000);
    expect(till.text()).toContain("Poster did not open an order.");
    await till.tap("Close");
    expect(till.isOpen()).toBe(false);
  });
  test("an order that came without an answer is found on the screen", async () => {
    const till = await known((poster) => {
      poster.orders.create = async () => ({ success: true });
    });
    till.poster.orders.getActive = async () => ({ order: { id: 55, clientId: 0, products: {} } });
    await till.tap("New order");
    expect(did(till, "setOrderClient")).toEqual([[55, 318]]);
  });
  test("a guest whom the register learns late is tried for 20 s", async () => {
    let tries = 0;
    const till = await known((poster) => {
      poster.orders.setOrderClient = async () => ({ success: ++tries > 5 });
    });
    await till.tap("New order");
    expect(till.text()).toContain("still trying");
    await till.wait(12_000);
    expect(tries).toBe(6);
    expect(till.isOpen()).toBe(false);
  });
  test("a guest whom the register never learns is told, beside the order when the card is closed", async () => {
    const till = await known((poster) => {
      poster.orders.setOrderClient = async () => ({ success: false });
    });
    await till.tap("New order");
    await till.tap("Close");
    await till.wait(30_000);
    expect(till.notes().pop()?.message).toContain("The guest is not in the order.");
  });
});

describe("Add to the open order", () => {
  const order = (clientId: number) => async () => ({ order: { id: 7, clientId, products: {} } });

  test("is offered only when an order is open", async () => {
    const till = await known();
    expect(till.button("Add to the open order")).toBeUndefined();
  });
  test("puts the guest into it", async () => {
    const till = await known((poster) => {
      poster.orders.getActive = order(0);
    });
    await till.tap("Add to the open order");
    expect(did(till, "setOrderClient")).toEqual([[7, 318]]);
    expect(till.isOpen()).toBe(false);
  });
  test("asks before it replaces another guest", async () => {
    const till = await known((poster) => {
      poster.orders.getActive = order(99);
    });
    till.fire("notificationClick");
    await till.wait();
    await till.tap("Add to the open order");
    expect(did(till, "setOrderClient")).toEqual([]);
    expect(till.text()).toContain("already has another guest");
    await till.tap("Replace the guest");
    expect(did(till, "setOrderClient")).toEqual([[7, 318]]);
  });
});

describe("an unknown number", () => {
  async function unknown(change?: Parameters<typeof openTill>[0]): Promise<Till> {
    const till = await openTill(change);
    await till.ring(ringing(), guest("guest_unknown"));
    return till;
  }
  const fillIn = async (till: Till) => {
    await till.fill("Name", "Bondar Iryna");
    await till.fill("Address", "Sadova 5/7");
  };

  test("brings a form with the number locked and the groups that are not deleted", async () => {
    await unknown();
    const fields = Array.from(document.querySelectorAll("input")) as HTMLInputElement[];
    expect(fields.find((field) => field.readOnly)?.value).toBe("+380671112233");
    const groups = Array.from(document.querySelectorAll("option"), (option) => option.textContent);
    expect(groups).toEqual(["Regulars", "VIP"]);
  });
  test("Create and open order does both, and the server is told to look again", async () => {
    const till = await unknown();
    await fillIn(till);
    document.querySelector("form")?.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
    await till.wait(50);
    expect(did(till, "create")[0]?.[0].client).toMatchObject({
      client_name: "Bondar Iryna",
      phone: "+380671112233",
      client_groups_id_client: 2,
    });
    expect(did(till, "setOrderClient")).toEqual([[ORDER, 900]]);
    expect(till.socket().sent.pop()).toEqual(golden("register_look"));
  });
  test("Create only shows the new guest", async () => {
    const till = await unknown();
    await fillIn(till);
    await till.tap("Create only");
    expect(did(till, "orders.create")).toEqual([]);
    expect(till.text()).toContain("Bondar Iryna");
    expect(till.text()).toContain("The guest is saved.");
  });
  test("a form without a name is told so and nothing is created", async () => {
    const till = await unknown();
    await till.tap("Create only");
    expect(till.text()).toContain("Enter the guest's name.");
    expect(did(till, "create")).toEqual([]);
  });
  test("the group that was chosen is the one that is sent", async () => {
    const till = await unknown();
    await fillIn(till);
    const select = document.querySelector("select") as HTMLSelectElement;
    select.value = "4";
    select.dispatchEvent(new Event("change", { bubbles: true }));
    await till.tap("Create only");
    expect(did(till, "create")[0]?.[0].client.client_groups_id_client).toBe(4);
  });
  test("groups come from the server when Poster does not give them", async () => {
    await unknown((poster, till) => {
      poster.makeApiRequest = (_: string, __: object, done: (value: unknown) => void) => done(false);
      till.door.groups = () => golden("door_groups_reply");
    });
    expect(Array.from(document.querySelectorAll("option"), (option) => option.textContent)).toEqual([
      "VIP",
      "Regulars",
    ]);
  });
  test("a create waits for groups that are still on their way", async () => {
    const till = await unknown((poster, made) => {
      poster.makeApiRequest = () => {};
      made.door.groups = () => golden("door_groups_reply");
    });
    await fillIn(till);
    await till.tap("Create only");
    expect(till.text()).toContain("One moment");
    await till.wait(4000);
    expect(till.text()).toContain("The guest is saved.");
    expect(did(till, "create")).toHaveLength(1);
  });
  test.each([
    ["rejects", () => Promise.reject(new Error("no"))],
    ["gives an object without an id", async () => ({})],
    ["is missing", undefined],
  ])("when the register %s, the server creates", async (_, create) => {
    const till = await unknown((poster, made) => {
      poster.clients.create = create;
      made.door.create = () => golden("door_create_reply");
    });
    await fillIn(till);
    await till.tap("Create only");
    expect(till.asked).toContain("create");
    expect(till.text()).toContain("The guest is saved.");
  });
  test("a number that somebody has offers that guest", async () => {
    const till = await unknown((poster, made) => {
      poster.clients.create = () => Promise.reject(new Error("duplicate"));
      made.door.create = () => golden("door_create_duplicate_reply");
    });
    await fillIn(till);
    await till.tap("Create only");
    expect(till.text()).toContain("This number already belongs to Kovalenko Olena.");
    await till.tap("Use this guest");
    await till.tap("New order");
    expect(did(till, "setOrderClient")).toEqual([[ORDER, 318]]);
  });
  test("after a create that hangs the guest is searched, and used when found", async () => {
    const till = await unknown((poster) => {
      poster.clients.create = never;
    });
    await fillIn(till);
    till.poster.clients.find = async () => ({
      foundClients: [{ id: 901, lastname: "Bondar", phone: "067 111 22 33" }],
    });
    await till.tap("Create only");
    await till.wait(9000);
    expect(till.text()).toContain("The guest is saved.");
    await till.tap("New order");
    expect(did(till, "setOrderClient")).toEqual([[ORDER, 901]]);
  });
  test("after a create that hangs and finds nobody nothing is created without a tap", async () => {
    const create = vi.fn(never);
    const till = await unknown((poster, made) => {
      poster.clients.create = create;
      made.door.find = () => ({ ok: true, guest: { ...guest("guest_unknown"), hidden: [] } });
      made.door.create = vi.fn();
    });
    await fillIn(till);
    await till.tap("Create only");
    await till.wait(30_000);
    expect(till.text()).toContain("No answer from Poster.");
    expect(create).toHaveBeenCalledTimes(1);
    expect(till.asked.filter((verb) => verb === "find")).toHaveLength(1);
    expect(till.asked).not.toContain("create");
  });
  test("a guest who turns up while the form is filled is offered and takes nothing away", async () => {
    const till = await unknown();
    await fillIn(till);
    await till.say({ type: "guest", call: "k3V9aQx2", guest: { ...guest("guest_complete"), version: 9 } });
    expect(till.text()).toContain("This number already belongs to Kovalenko Olena.");
    expect((document.querySelector("input") as HTMLInputElement).value).toBe("Bondar Iryna");
  });
  test("the form need not wait for a slow search", async () => {
    const till = await openTill();
    await till.ring(ringing(), guest("guest_searching"));
    expect(till.text()).toContain("Looking for the guest");
    await till.tap("New guest");
    await fillIn(till);
    await till.tap("Create only");
    expect(till.text()).toContain("The guest is saved.");
  });
});

describe("who is calling", () => {
  const local = { id: 402, lastname: "Petrenko", firstname: "Taras", phone: "(067) 111-22-33", groupId: 4 };

  test("the register's own guest is shown when the server could not say", async () => {
    const till = await openTill((poster) => {
      poster.clients.find = async () => ({ foundClients: [local] });
    });
    await till.ring(ringing(), guest("guest_failed"));
    expect(till.text()).toContain("Petrenko Taras");
    expect(till.text()).toContain("VIP");
  });
  test("a guest with another number is not", async () => {
    const till = await openTill((poster) => {
      poster.clients.find = async () => ({ foundClients: [{ ...local, phone: "0501112233" }] });
    });
    await till.ring(ringing(), guest("guest_failed"));
    expect(till.text()).not.toContain("Petrenko");
    expect(till.text()).toContain("could not be looked up");
  });
  test("a guest deleted on the register is not shown from the server", async () => {
    const till = await openTill((poster) => {
      poster.clients.find = async () => ({ foundClients: [{ id: 318, phone: "0671112233", hidden: 1 }] });
    });
    await till.ring(ringing(), guest("guest_complete"));
    expect(till.text()).not.toContain("Kovalenko");
  });
  test("a guest deleted in Poster is not shown from the register", async () => {
    const till = await openTill((poster) => {
      poster.clients.find = async () => ({ foundClients: [{ ...local, id: 77 }] });
    });
    await till.ring(ringing(), guest("guest_unknown"));
    expect(till.text()).not.toContain("Petrenko");
  });
  test("several are a choice, which can be taken back", async () => {
    const till = await openTill();
    await till.ring(ringing(), guest("guest_several"));
    expect(till.text()).toContain("Who is calling?");
    await till.tap("Petrenko Taras");
    expect(till.text()).toContain("Discount: 10%");
    await till.tap("Another guest");
    await till.tap("Kovalenko Olena");
    await till.tap("New order");
    expect(did(till, "setOrderClient")).toEqual([[ORDER, 318]]);
  });
  test("when nobody answers within 10 s the form comes", async () => {
    const till = await openTill();
    await till.ring(ringing());
    await till.wait(11_000);
    expect(till.text()).toContain("could not be looked up");
    expect(document.querySelector("form")).not.toBeNull();
  });
  test("a hidden number has its own card, looks nobody up and opens an order without a guest", async () => {
    const till = await openTill();
    await till.ring(golden("call_ringing_withheld").call);
    expect(till.text()).toContain("Hidden number");
    expect(did(till, "find")).toEqual([]);
    await till.tap("New order");
    expect(did(till, "orders.create")).toHaveLength(1);
    expect(did(till, "setOrderClient")).toEqual([]);
    expect(till.isOpen()).toBe(false);
  });
});

describe("the menu", () => {
  const recent = [golden("recent").row, golden("recent_answered_withheld").row];

  async function menu(change?: Parameters<typeof openTill>[0]): Promise<Till> {
    const till = await openTill(change);
    for (const row of recent.slice().reverse()) await till.say({ type: "recent", row });
    till.fire("applicationIconClicked", { place: "functions" });
    await till.wait();
    return till;
  }
  test("says who, which line, how the connection is, and who called", async () => {
    const till = await menu();
    for (const fact of [
      "EmployeeOlena",
      "Your line101",
      "Connectionworking",
      "Kovalenko Olena",
      "Missed call",
      "Answered by Taras",
    ])
      expect(till.text()).toContain(fact);
  });
  test("a caller of the list opens as a card and is looked up again", async () => {
    const till = await menu((_, made) => {
      made.door.find = () => golden("door_find_reply");
    });
    await till.tap("Kovalenko Olena");
    expect(till.asked).toContain("find");
    await till.tap("New order");
    expect(did(till, "setOrderClient")).toEqual([[ORDER, 318]]);
  });
  test("lines that the owner changes are shown at once", async () => {
    const till = await menu();
    await till.say({ type: "lines", employee: { id: 5, name: "Olena", lines: ["333"] }, register: null });
    expect(till.text()).toContain("Your line333");
  });
  test("a call in progress whose card was closed is opened from here", async () => {
    const till = await openTill();
    await till.ring(ringing(), guest("guest_complete"));
    await till.tap("Close");
    till.fire("applicationIconClicked");
    await till.wait();
    await till.tap("Kovalenko Olena");
    expect(till.text()).toContain("New order");
  });
  test("a call that rings comes before the menu", async () => {
    const till = await menu();
    await till.ring(ringing({ id: "new", shown: "050 000 0000" }));
    expect(document.querySelector("h1")?.textContent).toBe("050 000 0000");
    expect(till.popups()).toBe(1);
  });
});
