import { expect, test } from "vitest";
import { createDoor, envelope, nonce } from "../src/door";
import type { Reply } from "../src/register";
import { golden } from "./golden";

const opened = ({ p }: { p: string }) => JSON.parse(Buffer.from(p, "base64url").toString("utf8"));
const identity = () => ({ bundle: "1.0.0", employee: 5, lang: "ua" });

function door(reply: Reply, account = "acme") {
  const asked: { url: string; body: { p: string } }[] = [];
  const request = async (url: string, body: object) => {
    asked.push({ url, body: body as { p: string } });
    return reply;
  };
  return { asked, door: createDoor("https://phone.example.com", () => account, identity, request) };
}

test("the body is one key with letters that every signer writes alike", () => {
  const sealed = envelope({ name: "Їжак Ґанна 🍕", address: "вул. Садова 5/7" });
  expect(Object.keys(sealed)).toEqual(["p"]);
  expect(sealed.p).toMatch(/^[A-Za-z0-9_-]+$/);
  expect(opened(sealed)).toEqual({ name: "Їжак Ґанна 🍕", address: "вул. Садова 5/7" });
});

test("each question has a nonce of its own", () => {
  const all = new Set(Array.from({ length: 200 }, nonce));
  expect(all.size).toBe(200);
  for (const one of all) expect(one).toMatch(/^[A-Za-z0-9_-]{16,64}$/);
});

test("the account stands in the address, and the body says what docs/messages.md says", async () => {
  const { asked, door: made } = door({ code: 200, body: golden("door_find_reply") });
  await made.find("+380671112233");
  expect(asked[0]?.url).toBe("https://phone.example.com/pos/acme/find");
  const sent = opened(asked[0]?.body as { p: string });
  expect(sent).toEqual({ ...golden("door_find"), nonce: sent.nonce });
});

test("a new guest is sent as the golden message", async () => {
  const { asked, door: made } = door({ code: 200, body: golden("door_create_reply") });
  const { name, group, phone, address, comment } = golden("door_create");
  expect(await made.create({ name, group, phone, address, comment })).toEqual({ ok: true, id: 519 });
  const sent = opened(asked[0]?.body as { p: string });
  expect(sent).toEqual({ ...golden("door_create"), nonce: sent.nonce });
});

test.each([
  ["nothing", { code: 0, body: null }, "offline"],
  ["a reply that is not JSON", { code: 1, body: null }, "offline"],
  ["a broken server", { code: 503, body: "<html>" }, "offline"],
  ["a foreign page", { code: 200, body: { hello: 1 } }, "offline"],
  ["a refusal", { code: 403, body: { ok: false, error: "not_connected" } }, "not_connected"],
  ["a success with a wrong status", { code: 500, body: { ok: true } }, "offline"],
])("%s is told in one word", async (_, reply, error) => {
  expect(await door(reply).door.hello("")).toMatchObject({ ok: false, error });
});

test("before the account is known nothing is sent", async () => {
  const { asked, door: made } = door({ code: 200, body: golden("door_hello_reply") }, "");
  expect(await made.hello("")).toMatchObject({ ok: false });
  expect(asked).toEqual([]);
});
