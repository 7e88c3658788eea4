import { isObject } from "./messages";
import type { Answer, Line, NewGuest, Register, Reply } from "./register";
import {
  createdOrder,
  groupsOf,
  guestOf,
  guestsOf,
  numberOf,
  orderOf,
  productsOf,
  replyOf,
  textOf,
  userOf,
} from "./shapes";

/** The only file that touches `Poster`. Each call may be missing, throw, hang or answer in another shape. */

declare const Poster: unknown;

type Method = (...args: unknown[]) => unknown;

const READ = 3000;
const WRITE = 8000;
/** What the register does by itself, without a network. */
const LOCAL = 5000;
/** An order counts as in progress when the register does not say otherwise within this. */
const ORDER = 1000;
/** `makeRequest` may never call back; this much later we stop waiting. */
const SLACK = 2000;

/** A bare global on real registers, a property of `window` on some. */
function poster(): unknown {
  try {
    return typeof Poster !== "undefined" ? Poster : (window as unknown as { Poster?: unknown }).Poster;
  } catch (_) {
    return undefined;
  }
}

const inside = (owner: unknown, name: string): unknown => (isObject(owner) ? owner[name] : undefined);

/** `"orders.create"` as a function, or `undefined` on a register too old to have it. */
function method(path: string): Method | undefined {
  const names = path.split(".");
  const last = names.pop() as string;
  const owner = names.reduce(inside, poster());
  const found = inside(owner, last);
  return typeof found === "function" ? (...args) => (found as Method).apply(owner, args) : undefined;
}

/** Settles once: with the answer, with "failed", or with "hung" after `ms`. */
function answer(
  ms: number,
  start: (done: (value: unknown) => void, fail: () => void) => unknown,
): Promise<Answer<unknown>> {
  return new Promise((resolve) => {
    const watchdog = setTimeout(() => resolve({ ok: false, why: "hung" }), ms);
    const settle = (result: Answer<unknown>) => {
      clearTimeout(watchdog);
      resolve(result);
    };
    const fail = () => settle({ ok: false, why: "failed" });
    try {
      Promise.resolve(start((value) => settle({ ok: true, value }), fail)).catch(fail);
    } catch (_) {
      fail();
    }
  });
}

function ask(path: string, ms: number, ...args: unknown[]): Promise<Answer<unknown>> {
  const run = method(path);
  return answer(ms, (done, fail) => (run ? Promise.resolve(run(...args)).then(done, fail) : fail()));
}

/** The answer read by `read`; `undefined` or `null` from it, as a rule, is a refusal. */
async function read<T>(
  asked: Promise<Answer<unknown>>,
  shape: (value: unknown) => T | null | undefined,
): Promise<Answer<T>> {
  const got = await asked;
  if (!got.ok) return got;
  const value = shape(got.value);
  return value === null || value === undefined ? { ok: false, why: "failed" } : { ok: true, value };
}

/** As `read`, for questions that may be answered with "none". */
async function readMaybe<T>(
  asked: Promise<Answer<unknown>>,
  shape: (value: unknown) => T | null | undefined,
): Promise<Answer<T | null>> {
  const got = await read(asked, (value) => {
    const found = shape(value);
    return found === undefined ? undefined : { found };
  });
  return got.ok ? { ok: true, value: got.value.found } : got;
}

/** Calls that answer nothing: `false` when they are missing or throw. */
function tell(path: string, ...args: unknown[]): boolean {
  const run = method(path);
  if (!run) return false;
  try {
    Promise.resolve(run(...args)).catch(complain);
    return true;
  } catch (error) {
    complain(error);
    return false;
  }
}

/** Messages only: what Poster hands over may contain a PIN or a number. */
function complain(error: unknown): void {
  console.error("dzvinok:", error instanceof Error ? error.message : "Poster refused");
}

/** Poster waits for `next` before anything else happens on the register, so it runs before us. */
function listener(handler: (data: unknown) => void): Method {
  return (...args) => {
    try {
      for (const next of args) if (typeof next === "function") next();
    } catch (error) {
      complain(error);
    } finally {
      try {
        handler(args[0]);
      } catch (error) {
        complain(error);
      }
    }
  };
}

const succeeded = (value: unknown) => (isObject(value) ? value.success !== false && !value.error : value === true);

function client(guest: NewGuest, code: number | null): object {
  const { name, group, phone, address, comment } = guest;
  const country = code ? { country_phone_code: code } : {};
  return { client_name: name, client_groups_id_client: group, phone, address, comment, ...country };
}

/** A dish with or without the variant that it is. */
const dish = ({ id, modification }: Line) => (modification ? { id, modification: Number(modification) } : { id });

/** Calls that change an order and say whether they did. */
const change = (name: string, ms: number, ...args: unknown[]) => read(ask(`orders.${name}`, ms, ...args), succeeded);

async function request(url: string, data: object, timeout: number): Promise<Reply> {
  const headers = ["Content-Type: application/json"];
  const run = method("makeRequest");
  const got = await answer(timeout + SLACK, (done, fail) =>
    run ? run(url, { headers, method: "post", data, timeout }, done) : fail(),
  );
  return replyOf(got.ok ? got.value : null);
}

export const register: Register = {
  settings() {
    const settings = inside(poster(), "settings");
    const account = textOf(inside(settings, "accountUrl"))
      .replace(/^.*\/\//, "")
      .split(".")[0];
    return account ? { account, lang: textOf(inside(settings, "lang")) } : null;
  },
  on: (event, handler) => tell("on", event, listener(handler)),
  icon: (label) => tell("interface.showApplicationIconAt", { functions: label }),
  popup: (size) => tell("interface.popup", size),
  closePopup: () => void tell("interface.closePopup"),
  async notify(title, message, employee) {
    const got = await ask("interface.showNotification", READ, {
      title,
      message,
      ...(employee ? { waiter: employee } : {}),
    });
    return got.ok ? numberOf(inside(got.value, "id")) || null : null;
  },
  user: () => readMaybe(ask("users.getActiveUser", READ), (value) => (value ? userOf(value) : null)),
  order: () => readMaybe(ask("orders.getActive", ORDER), orderOf),
  find: (searchVal) =>
    read(ask("clients.find", READ, { searchVal }), (value) => (isObject(value) ? guestsOf(value) : null)),
  groups() {
    const run = method("makeApiRequest");
    const asked = answer(READ, (done, fail) => (run ? run("clients.getGroups", { method: "get" }, done) : fail()));
    return read(asked, groupsOf);
  },
  createGuest: (guest, code) => read(ask("clients.create", WRITE, { client: client(guest, code) }), guestOf),
  createOrder: () => read(ask("orders.create", LOCAL), createdOrder),
  setGuest: (order, guest) => change("setOrderClient", READ, order, guest),
  addProduct: (order, line) => change("addProduct", LOCAL, order, dish(line)),
  changeCount: (order, line, count) => change("changeProductCount", LOCAL, order, { ...dish(line), count }),
  /** Nobody documents what this one answers. */
  setComment: (order, text) =>
    read(ask("orders.setOrderComment", READ, order, text), (value) => value === undefined || succeeded(value)),
  setExtra: (order, key, value) => change("setExtras", READ, order, key, value),
  products: (ids) => read(ask("products.get", READ, ids), productsOf),
  guest: (id) => read(ask("clients.get", READ, id), guestOf),
  request,
};
