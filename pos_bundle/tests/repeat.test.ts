// @vitest-environment happy-dom
import { afterEach, describe, expect, test, vi } from "vitest";
import { type Book, blank, NEW, openBook } from "./book";
import { golden } from "./golden";
import { never } from "./till";

/** The same once more: what is told before, what stands in the order after, and nothing twice. */

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  localStorage.clear();
  sessionStorage.clear();
});

const items = (...more: object[]) => {
  const [, closed] = golden("guest_everything").guest.guests[0].orders;
  return { orders: [{ ...closed, items: closed.items.concat(more) }], open: [] };
};

async function repeat(book: Book): Promise<void> {
  await book.till.tap("Repeat");
  await book.till.tap("New order");
}

const once = (answer: unknown) => {
  let tries = 0;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the register answers.
  return (real: any) =>
    vi.fn((...given: unknown[]) => (tries++ ? real(...given) : typeof answer === "function" ? answer() : answer));
};

describe("the preview", () => {
  test("tells what it cost then and costs now", async () => {
    const { till } = await openBook();
    await till.tap("Repeat");
    expect(till.text()).toContain("145 → 150 ₴");
    expect(till.text()).toContain("55 → 60 ₴");
    expect(till.text()).toContain("New order · 360 ₴");
  });
  test("what is gone or hidden is named and stays out", async () => {
    const book = await openBook((poster) => {
      poster.products.get = async () => [{ id: 12, price: 150, modifications: [{ id: 3, price: 150 }], hidden: 1 }];
    });
    await book.till.tap("Repeat");
    expect(book.till.text()).toContain("Not sold now");
    expect(book.till.text()).toContain("No longer on the menu");
    expect(book.till.button("New order")).toBeUndefined();
  });
  test("a size that is gone can't be ordered", async () => {
    const book = await openBook((poster) => {
      poster.products.get = async () => [
        { id: 12, price: 0, modifications: { 0: { id: 9, price: 99 } } },
        { id: 40, price: 60 },
      ];
    });
    await book.till.tap("Repeat");
    expect(book.till.text()).toContain("This size is gone");
    await book.till.tap("New order");
    expect(book.lines()).toEqual(["40 × 1"]);
    expect(book.till.notes().pop().message).toBe("Added: Uzvar × 1. Not added: Margherita × 2");
  });
  test("modifiers can't be carried over, and that is said", async () => {
    const topped = {
      product: 12,
      modification_id: 777,
      name: "Margherita",
      modification: "Olives",
      count: "1",
      price: "165.00",
    };
    const book = await openBook((poster) => {
      poster.products.get = async () => [
        { id: 12, price: 150, groups: [{ id: 1, modifications: [] }] },
        { id: 40, price: 60 },
      ];
    }, items(topped));
    await book.till.tap("Repeat");
    expect(book.till.text()).toContain("without its extras");
    await book.till.tap("New order");
    expect(book.lines()).toContain("12 × 3");
  });
  test.each([
    ["has none", undefined],
    ["refuses", () => Promise.reject(new Error("no"))],
    ["hangs", never],
    ["answers nonsense", async () => "?"],
  ])("asks the server's menu when the register %s", async (_, get) => {
    const book = await openBook((poster) => {
      poster.products.get = get;
    });
    await book.till.tap("Repeat");
    await book.till.wait(4000);
    expect(book.asked.menu?.[0].products).toEqual([12, 40]);
    expect(book.till.text()).toContain("145 → 150 ₴");
  });
  test("is honest when nobody knows the menu", async () => {
    const book = await openBook((poster) => {
      poster.products = undefined;
    });
    book.till.door.menu = () => undefined;
    await book.till.tap("Repeat");
    expect(book.till.text()).toContain("The menu did not answer");
    expect(book.till.text()).toContain("145 → ?");
    expect(book.till.text()).toContain("New order · ≈345 ₴");
    await book.till.tap("New order");
    expect(book.lines()).toEqual(["12/3 × 2", "40 × 1"]);
  });
  test("a dish left out before the truth came stays out, and the truth comes", async () => {
    let answer: (products: unknown) => void = () => {};
    const book = await openBook((poster) => {
      poster.products.get = () => new Promise((resolve) => (answer = resolve));
    });
    await book.till.tap("Repeat");
    await book.till.tap("Margherita");
    answer([
      { id: 12, price: 150, modifications: [{ id: 3, price: 150 }] },
      { id: 40, price: 60 },
    ]);
    await book.till.wait();
    expect(book.till.text()).toContain("145 → 150 ₴");
    expect(book.till.text()).toContain("New order · 60 ₴");
  });
  test("a late truth about other dishes says nothing of these", async () => {
    const answers: ((products: unknown) => void)[] = [];
    const book = await openBook((poster) => {
      poster.products.get = () => new Promise((resolve) => answers.push(resolve));
    });
    await book.till.tap("Uzvar");
    await book.till.tap("Back");
    await book.till.tap("Repeat");
    answers[0]?.([{ id: 40, price: 60 }]);
    await book.till.wait();
    expect(book.till.text()).not.toContain("No longer on the menu");
    expect(book.till.text()).toContain("55 → ?");
  });
  test("a dish can be left out", async () => {
    const book = await openBook();
    await book.till.tap("Repeat");
    await book.till.tap("Margherita");
    await book.till.tap("New order");
    expect(book.lines()).toEqual(["40 × 1"]);
    expect(book.till.notes().pop().message).toBe("Added: Uzvar × 1");
  });
});

describe("repeating", () => {
  test("takes two taps to an order with its guest", async () => {
    const book = await openBook();
    await repeat(book);
    expect(book.orders).toHaveLength(1);
    expect(book.lines()).toEqual(["12/3 × 2", "40 × 1"]);
    expect(book.order()?.clientId).toBe(318);
    expect(book.till.isOpen()).toBe(false);
    expect(book.till.notes().pop().message).toBe("Added: Margherita × 2, Uzvar × 1");
  });
  test("tapped twice fills one order once", async () => {
    const book = await openBook();
    await book.till.tap("Repeat");
    const button = book.till.button("New order");
    button?.click();
    button?.click();
    await book.till.wait(100);
    expect(book.orders).toHaveLength(1);
    expect(book.lines()).toEqual(["12/3 × 2", "40 × 1"]);
  });
  test("parts of a piece stay what they are", async () => {
    const half = { product: 41, modification_id: 0, name: "Cheese", modification: "", count: "0.35", price: "400.00" };
    const book = await openBook((poster) => {
      poster.products.get = async () => [40, 41].map((id) => ({ id, price: 60 }));
    }, items(half));
    await repeat(book);
    expect(book.lines()).toEqual(["40 × 1", "41 × 0.35"]);
  });
  test("goes into the order on the screen when the cashier says so, beside what is there", async () => {
    const book = await openBook((_, made) => {
      made.orders.push(blank({ id: 7, products: [{ id: 40, count: 2 }] }));
      made.active = 7;
    });
    book.till.fire("notificationClick", { id: 1 });
    await book.till.wait(600);
    await book.till.tap("Repeat");
    await book.till.tap("Add to the open order");
    expect(book.lines(7)).toEqual(["40 × 3", "12/3 × 2"]);
    expect(book.order(7)?.clientId).toBe(318);
  });
  test("never goes into another guest's order", async () => {
    const book = await openBook((_, made) => {
      made.orders.push(blank({ id: 7, clientId: 9 }));
      made.active = 7;
    });
    book.till.fire("notificationClick", { id: 1 });
    await book.till.wait(600);
    await book.till.tap("Repeat");
    expect(book.till.button("Add to the open order")).toBeUndefined();
  });
  test("a usual dish is one tap away from the preview", async () => {
    const book = await openBook();
    await book.till.tap("Uzvar");
    expect(book.till.text()).toContain("New order · 60 ₴");
  });
  test("dishes of any shown order are picked one by one", async () => {
    const book = await openBook();
    await book.till.tap("All orders");
    await book.till.tap("Uzvar");
    await book.till.tap("Margherita");
    await book.till.tap("Chosen: 2");
    await book.till.tap("New order");
    expect(book.lines()).toEqual(["40 × 1", "12/3 × 2"]);
  });
  test("the same dish from two orders is one line", async () => {
    const book = await openBook();
    await book.till.tap("All orders");
    const both = Array.from(document.querySelectorAll<HTMLElement>("main button")).filter((one) =>
      one.textContent?.includes("Margherita"),
    );
    for (const one of both) {
      one.click();
      await book.till.wait();
    }
    await book.till.tap("Chosen: 2");
    await book.till.tap("New order");
    expect(book.lines()).toEqual(["12/3 × 4"]);
  });
});

describe("a failure in the middle", () => {
  const breaking = (name: string, answer: unknown) =>
    openBook((poster) => {
      poster.orders[name] = once(answer)(poster.orders[name]);
    });

  test.each([
    ["is refused", async () => ({ success: false })],
    ["answers an error", async () => ({ error: "no" })],
    ["rejects", () => Promise.reject(new Error("no"))],
  ])("addProduct %s: told, and continued with the rest", async (_, answer) => {
    const book = await breaking("addProduct", answer);
    await repeat(book);
    expect(book.till.text()).toContain("Not added: Margherita × 2");
    expect(book.till.isOpen()).toBe(true);
    await book.till.tap("Continue");
    expect(book.lines()).toEqual(["12/3 × 2", "40 × 1"]);
    expect(book.orders).toHaveLength(1);
    expect(book.order()?.clientId).toBe(318);
  });
  test("a dish that is refused again is left out, and said so", async () => {
    const book = await openBook((poster) => {
      const real = poster.orders.addProduct;
      poster.orders.addProduct = async (id: number, line: { id: number }) =>
        line.id === 12 ? { success: false } : real(id, line);
    });
    await repeat(book);
    await book.till.tap("Continue");
    expect(book.lines()).toEqual(["40 × 1"]);
    expect(book.till.notes().pop().message).toBe("Added: Uzvar × 1. Not added: Margherita × 2");
  });
  test("a register without addProduct is told at once", async () => {
    const book = await openBook((poster) => {
      poster.orders.addProduct = undefined;
    });
    await repeat(book);
    expect(book.till.text()).toContain("Not added: Margherita × 2");
    await book.till.tap("Leave it");
    expect(book.till.notes().pop().message).toBe("Not added: Margherita × 2, Uzvar × 1");
    expect(book.order()?.clientId).toBe(318);
  });
  test("an answer that never comes, of a dish that went in: it is counted and not doubled", async () => {
    const book = await openBook((poster) => {
      const real = poster.orders.addProduct;
      let tries = 0;
      poster.orders.addProduct = (...given: unknown[]) => {
        const added = real(...given);
        return tries++ ? added : never();
      };
    });
    await repeat(book);
    await book.till.wait(6000);
    expect(book.lines()).toEqual(["12/3 × 2", "40 × 1"]);
  });
  test("an answer that never comes, of a dish that did not go in: the cashier decides", async () => {
    const book = await breaking("addProduct", never);
    await repeat(book);
    await book.till.wait(6000);
    expect(book.till.text()).toContain("No answer about Margherita × 2");
    await book.till.tap("Continue");
    expect(book.lines()).toEqual(["12/3 × 2", "40 × 1"]);
  });
  test("a dish that went in after all, later: it is not doubled", async () => {
    const book = await breaking("addProduct", never);
    await repeat(book);
    await book.till.wait(6000);
    book.order()?.products.push({ id: 12, modification: 3, count: 1 });
    await book.till.tap("Continue");
    expect(book.lines()).toEqual(["12/3 × 2", "40 × 1"]);
  });
  test("while nobody can count, what is unclear is not added again", async () => {
    const book = await breaking("addProduct", never);
    await repeat(book);
    await book.till.wait(6000);
    book.active = 0;
    await book.till.tap("Continue");
    expect(book.lines()).toEqual([]);
    expect(book.till.text()).toContain("No answer about Margherita × 2");
  });
  test("in an order that nobody could count at first, what was there is not lost", async () => {
    const book = await openBook((poster, made) => {
      made.orders.push(blank({ id: 7, products: [{ id: 12, modification: 3, count: 5 }] }));
      made.active = 7;
      const { setOrderComment } = poster.orders;
      poster.orders.setOrderComment = (...given: unknown[]) => {
        made.active = 0;
        return setOrderComment(...given);
      };
    });
    book.till.fire("notificationClick", { id: 1 });
    await book.till.wait(600);
    await book.till.tap("Repeat");
    await book.till.tap("Add to the open order");
    expect(book.till.text()).toContain("No answer about Margherita");
    book.active = 7;
    await book.till.tap("Continue");
    expect(book.lines(7)).toEqual(["12/3 × 7", "40 × 1"]);
  });
  test("left with Escape, it is found again and not begun anew", async () => {
    const book = await breaking("addProduct", async () => ({ success: false }));
    await repeat(book);
    await book.till.wait(600);
    document.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));
    await book.till.wait(600);
    await book.till.tap("Repeat");
    await book.till.tap("Continue");
    expect(book.orders).toHaveLength(1);
    expect(book.lines()).toEqual(["12/3 × 2", "40 × 1"]);
  });
  test("the order has its call, its guest and its address even when nobody goes on", async () => {
    const book = await breaking("addProduct", never);
    await repeat(book);
    await book.till.wait(6000);
    expect(book.order()).toMatchObject({ clientId: 318, comment: "Lisova 1, flat 3" });
    expect(book.order()?.extras.dzvinok_call).toBeTruthy();
    expect(book.asked.ordered).toHaveLength(1);
  });
  test("one of two pieces is said as one of two", async () => {
    const book = await openBook((poster) => {
      poster.orders.changeProductCount = async () => ({ success: false });
    });
    await repeat(book);
    expect(book.till.text()).toContain("Not added: Margherita × 1.");
    await book.till.tap("Leave it");
    expect(book.till.notes().pop().message).toBe("Added: Margherita × 1. Not added: Margherita × 1, Uzvar × 1");
  });
  test("a register that says yes and adds nothing is found out", async () => {
    const book = await openBook((poster) => {
      const real = poster.orders.addProduct;
      poster.orders.addProduct = async (id: number, line: { id: number }) =>
        line.id === 40 ? { order: { id } } : real(id, line);
    });
    await repeat(book);
    expect(book.till.notes().pop().message).toBe("Added: Margherita × 2. Not added: Uzvar × 1");
  });
  test("in a closed popup it is told beside the order", async () => {
    const book = await openBook((poster) => {
      poster.orders.addProduct = () => new Promise((resolve) => setTimeout(resolve, 900, { success: false }));
    });
    await repeat(book);
    book.till.fire("afterPopupClosed");
    await book.till.wait(2500);
    expect(book.till.notes().pop().message).toContain("Not added: Margherita × 2");
  });
  test("no order, no dishes: the card says so and the preview stays", async () => {
    const book = await openBook((poster) => {
      poster.orders.create = async () => ({ success: false });
    });
    await repeat(book);
    expect(book.till.text()).toContain("Poster did not open an order");
    expect(book.till.button("New order")).toBeDefined();
    expect(book.orders).toEqual([]);
  });
  test("a guest whom the register learns late is in the order at the end", async () => {
    const book = await openBook((poster) => {
      poster.orders.setOrderClient = once({ success: false })(poster.orders.setOrderClient);
    });
    await repeat(book);
    await book.till.wait(3000);
    expect(book.lines(NEW)).toEqual(["12/3 × 2", "40 × 1"]);
    expect(book.order(NEW)?.clientId).toBe(318);
  });
});
