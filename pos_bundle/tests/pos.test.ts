import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { register } from "../src/pos";

/** Every shape in which Poster may answer, or not answer (contract, chapters 4 and 8). */

// biome-ignore lint/suspicious/noExplicitAny: Poster answers in every shape there is.
type Any = any;

const give = (poster: Any) => vi.stubGlobal("Poster", poster);
const later = <T>(answer: Promise<T>) => vi.advanceTimersByTimeAsync(60_000).then(() => answer);
const failed = { ok: false, why: "failed" };
const hung = { ok: false, why: "hung" };
const never = () => new Promise(() => {});
const refuse = () => Promise.reject(new Error("no"));
const boom = () => {
  throw new Error("boom");
};

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(console, "error").mockImplementation(() => {});
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe("finding Poster", () => {
  test("without Poster everything fails softly", async () => {
    vi.stubGlobal("window", {});
    expect(register.settings()).toBeNull();
    expect(register.icon("x")).toBe(false);
    expect(await register.user()).toEqual(failed);
    expect(await later(register.request("u", {}, 1))).toEqual({ code: 0, body: null });
  });
  test("a property of window will do", () => {
    vi.stubGlobal("window", { Poster: { settings: { accountUrl: "acme", lang: "ua" } } });
    expect(register.settings()).toEqual({ account: "acme", lang: "ua" });
  });
  test.each(["acme", "acme.joinposter.com", "https://acme.joinposter.com/"])(
    "the account's name out of %s",
    (accountUrl) => {
      give({ settings: { accountUrl, lang: "ua" } });
      expect(register.settings()).toEqual({ account: "acme", lang: "ua" });
    },
  );
  test("a method that an old register lacks is a failure and no exception", async () => {
    give({ orders: {}, clients: null });
    expect(await register.createOrder()).toEqual(failed);
    expect(await register.find("1")).toEqual(failed);
    expect(register.popup({ width: 1, height: 1, title: "" })).toBe(false);
  });
  test("methods are called on their owner", async () => {
    class Users {
      me = { id: 5 };
      getActiveUser() {
        return Promise.resolve(this.me);
      }
    }
    give({ users: new Users() });
    expect(await register.user()).toMatchObject({ ok: true, value: { id: 5 } });
  });
});

describe("who is logged in", () => {
  const user = async (answer: unknown) => {
    give({ users: { getActiveUser: typeof answer === "function" ? answer : () => Promise.resolve(answer) } });
    return later(register.user());
  };
  test("name and line are read, the PIN is not", async () => {
    const read: string[] = [];
    const person = { id: "5", name: "Olena", posPass: "4711", extras: { line: "101" } };
    const get = (target: object, key: string) => {
      read.push(key);
      return Reflect.get(target, key);
    };
    const watched = new Proxy(person, { get: get as ProxyHandler<object>["get"] & object });
    expect(await user(watched)).toEqual({ ok: true, value: { id: 5, name: "Olena", line: "101" } });
    expect(read).not.toContain("posPass");
  });
  test.each([[undefined], [[]], [{}], [null]])("extras %j mean no line", async (extras) => {
    expect(await user({ id: 5, name: "Olena", extras })).toMatchObject({ value: { line: "" } });
  });
  test.each([[false], [null], [undefined], [{}], [""]])("%j means nobody", async (answer) => {
    expect(await user(answer)).toEqual({ ok: true, value: null });
  });
  test("hanging and refusing are told apart", async () => {
    expect(await user(never)).toEqual(hung);
    expect(await user(refuse)).toEqual(failed);
    expect(await user(boom)).toEqual(failed);
  });
});

describe("the order on the screen", () => {
  const order = async (answer: unknown) => {
    give({ orders: { getActive: typeof answer === "function" ? answer : () => Promise.resolve(answer) } });
    return later(register.order());
  };
  test("products come as an object or a list, ids as text or numbers", async () => {
    const read = { ok: true, value: expect.objectContaining({ id: 7, client: 0, products: 1 }) };
    expect(await order({ order: { id: 7, clientId: "0", products: { 0: {} } } })).toEqual(read);
    expect(await order({ order: { id: "7", clientId: 0, products: [{}] } })).toEqual(read);
  });
  test("no order is an answer, no answer is not", async () => {
    expect(await order({})).toEqual({ ok: true, value: null });
    expect(await order(false)).toEqual(failed);
    expect(await order(refuse)).toEqual(failed);
  });
  test("more than a second is too long", async () => {
    give({ orders: { getActive: never } });
    const asked = register.order();
    await vi.advanceTimersByTimeAsync(1000);
    expect(await asked).toEqual(hung);
  });
});

describe("guests of the register", () => {
  const find = async (answer: unknown) => {
    give({ clients: { find: typeof answer === "function" ? answer : () => Promise.resolve(answer) } });
    return later(register.find("+380671112233"));
  };
  const row = {
    id: "318",
    lastname: "Kovalenko",
    firstname: "0",
    phone: "067 111",
    comment: "0",
    bonus: 45,
    loyaltyType: 1,
  };
  test.each([
    [{ foundClients: [row], foundByCard: [] }, 1],
    [{ foundClients: [row] }, 1],
    [{ foundByCard: [row] }, 1],
    [{}, 0],
    [{ foundClients: { 0: row } }, 1],
  ])("%j", async (answer, count) => {
    expect(await find(answer)).toMatchObject({ ok: true, value: { length: count } });
  });
  test('"0" is empty text, the name is joined, ids are numbers', async () => {
    const got = await find({ foundClients: [row] });
    expect(got).toMatchObject({ value: [{ id: 318, name: "Kovalenko", comment: "", bonus: "45.00", hidden: false }] });
  });
  test.each([1, "1", true])("hidden %j is told", async (hidden) => {
    expect(await find({ foundClients: [{ ...row, hidden }] })).toMatchObject({ value: [{ hidden: true }] });
  });
  test("false, an error and silence are failures", async () => {
    expect([await find(false), await find(refuse), await find(never)]).toEqual([failed, failed, hung]);
  });
});

describe("creating a guest", () => {
  const guest = { name: "Bondar Iryna", group: 4, phone: "+380671112233", address: "Sadova 5/7", comment: "" };
  const create = async (answer: unknown) => {
    const call = vi.fn(typeof answer === "function" ? (answer as () => unknown) : () => Promise.resolve(answer));
    give({ clients: { create: call } });
    return { got: await later(register.createGuest(guest, 380)), call };
  };
  test.each([[{ client: { id: 900 } }], [{ id: 900 }], [{ id: "900" }], [{ client: { id: "900" } }]])(
    "%j",
    async (answer) => {
      expect((await create(answer)).got).toMatchObject({ ok: true, value: { id: 900 } });
    },
  );
  test.each([[{}], [{ client: {} }], [{ error: "duplicate" }], [false], [null]])("%j is a failure", async (answer) => {
    expect((await create(answer)).got).toEqual(failed);
  });
  test("rejecting is a failure, silence is not known", async () => {
    expect((await create(refuse)).got).toEqual(failed);
    expect((await create(never)).got).toEqual(hung);
  });
  test("Poster gets its own words, the phone with a plus and the country code", async () => {
    const { call } = await create({ id: 1 });
    expect(call).toHaveBeenCalledWith({
      client: {
        client_name: "Bondar Iryna",
        client_groups_id_client: 4,
        phone: "+380671112233",
        country_phone_code: 380,
        address: "Sadova 5/7",
        comment: "",
      },
    });
  });
});

describe("orders", () => {
  const create = (answer: unknown) => {
    give({ orders: { create: () => Promise.resolve(answer) } });
    return register.createOrder();
  };
  test("the order's id, as text or number, wrapped or bare", async () => {
    expect(await create({ success: true, order: { id: 77 } })).toEqual({ ok: true, value: 77 });
    expect(await create({ success: true, order: { id: "77" } })).toEqual({ ok: true, value: 77 });
    expect(await create({ id: 77 })).toEqual({ ok: true, value: 77 });
  });
  test("made without telling the id is 0, refused is a failure", async () => {
    expect(await create({ success: true })).toEqual({ ok: true, value: 0 });
    expect(await create({ success: false, message: "open a shift" })).toEqual(failed);
    expect(await create(undefined)).toEqual(failed);
  });
  test.each([
    [{ success: true }, true],
    [{ success: false }, false],
    [true, true],
    [false, false],
    [undefined, false],
    [{ error: 1 }, false],
  ])("setOrderClient answering %j is %s", async (answer, value) => {
    give({ orders: { setOrderClient: () => Promise.resolve(answer) } });
    expect(await register.setGuest(77, 318)).toEqual({ ok: true, value });
  });
});

describe("groups", () => {
  const rows = [
    { client_groups_id: "4", client_groups_name: "VIP", delete: "0" },
    { client_groups_id: "9", client_groups_name: "Old", delete: "1" },
  ];
  const groups = (answer: unknown) => {
    give({ makeApiRequest: (_: string, __: object, done: (value: unknown) => void) => done(answer) });
    return register.groups();
  };
  test.each([[rows], [{ response: rows }], [{ result: rows }], [JSON.stringify({ response: rows })]])(
    "%j",
    async (answer) => {
      expect(await groups(answer)).toEqual({ ok: true, value: [{ id: 4, name: "VIP" }] });
    },
  );
  test.each([[false], [{ error: { code: 20 } }], ["<html>"], [null], [{}]])("%j is a failure", async (answer) => {
    expect(await groups(answer)).toEqual(failed);
  });
});

describe("requests through Poster", () => {
  const request = async (answer: unknown) => {
    give({ makeRequest: (_: string, __: object, done: (value: unknown) => void) => done(answer) });
    return register.request("https://phone.example.com/pos/acme/hello", { p: "x" }, 1000);
  };
  const body = { ok: true };
  test.each([
    [
      { result: '{"ok":true}', code: 200 },
      { code: 200, body },
    ],
    [
      { result: body, code: 200 },
      { code: 200, body },
    ],
    [
      { result: '{"ok":true}', status: 200 },
      { code: 200, body },
    ],
    [
      { result: '{"ok":true}', code: "200" },
      { code: 200, body },
    ],
    [{ result: '{"ok":true}' }, { code: 200, body }],
    [
      { result: false, code: 0 },
      { code: 0, body: null },
    ],
    [
      { result: false, code: 1 },
      { code: 1, body: null },
    ],
    [
      { result: "<html>", code: 503 },
      { code: 503, body: null },
    ],
    [
      { result: '{"ok":false,"error":"stale"}', code: 403 },
      { code: 403, body: { ok: false, error: "stale" } },
    ],
    [false, { code: 0, body: null }],
    [undefined, { code: 0, body: null }],
  ])("%j", async (answer, reply) => {
    expect(await request(answer)).toEqual(reply);
  });
  test("headers are a list of lines, the method is post, the body an object", async () => {
    const makeRequest = vi.fn((_, __, done) => done(false));
    give({ makeRequest });
    await register.request("u", { p: "x" }, 1000);
    expect(makeRequest.mock.calls[0]?.[1]).toEqual({
      headers: ["Content-Type: application/json"],
      method: "post",
      data: { p: "x" },
      timeout: 1000,
    });
  });
  test("a promise that rejects is a failure", async () => {
    give({ makeRequest: refuse });
    expect(await register.request("u", {}, 1000)).toEqual({ code: 0, body: null });
  });
  test("a callback that never comes is given up 2 s after the timeout", async () => {
    give({ makeRequest: () => {} });
    const asked = register.request("u", {}, 1000);
    await vi.advanceTimersByTimeAsync(3000);
    expect(await asked).toEqual({ code: 0, body: null });
  });
});

describe("events", () => {
  const listen = (handler: (data: unknown) => void) => {
    let fire: (...args: unknown[]) => void = () => {};
    give({ on: (_: string, given: typeof fire) => (fire = given) });
    expect(register.on("userLogout", handler)).toBe(true);
    return (...args: unknown[]) => fire(...args);
  };
  test("next is called once, before anything of ours", () => {
    const order: string[] = [];
    listen(() => order.push("ours"))({ user: {} }, () => order.push("next"));
    expect(order).toEqual(["next", "ours"]);
  });
  test("next is called when we fail, and our failure stays here", () => {
    const next = vi.fn();
    listen(boom)({}, next);
    expect(next).toHaveBeenCalledTimes(1);
  });
  test("a next that throws does not stop us", () => {
    const ours = vi.fn();
    listen(ours)({}, boom);
    expect(ours).toHaveBeenCalledTimes(1);
  });
  test("an event may be empty", () => {
    const ours = vi.fn();
    listen(ours)();
    expect(ours).toHaveBeenCalledWith(undefined);
  });
});

test("a notification's id is read when there is one", async () => {
  give({ interface: { showNotification: () => Promise.resolve({ id: "9", message: "x" }) } });
  expect(await register.notify("a", "b", 5)).toBe(9);
  give({ interface: { showNotification: () => undefined } });
  expect(await register.notify("a", "b", null)).toBeNull();
});
