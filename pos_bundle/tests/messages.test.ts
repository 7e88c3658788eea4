import { describe, expect, test } from "vitest";
import { readMessage } from "../src/messages";
import { golden, goldenNames } from "./golden";

const forRegisters = goldenNames().filter((name) => !/^(door|register)_/.test(name));

describe("golden messages", () => {
  test.each(forRegisters)("%s is understood", (name) => {
    expect(readMessage(JSON.stringify(golden(name)))).toEqual(golden(name));
  });
  test("the snapshot inside the door's answer is understood", () => {
    expect(readMessage(golden("door_hello_reply").message)?.type).toBe("snapshot");
  });
});

describe("what is not understood is silence", () => {
  test.each([
    ["broken JSON", "{"],
    ["a list", "[]"],
    ["a bare word", '"call"'],
    ["null", "null"],
    ["an unknown type", '{"type":"weather"}'],
    ["a type that every object has", '{"type":"constructor"}'],
    ["a prototype as a type", '{"type":"__proto__"}'],
    ["a call without a call", '{"type":"call"}'],
    ["a call without a version", '{"type":"call","call":{"id":"1","state":"ringing"}}'],
    ["a guest without guests", '{"type":"guest","call":"1","guest":{"version":1}}'],
    ["a snapshot with a broken call", JSON.stringify({ ...golden("snapshot_quiet"), calls: [{ call: {} }] })],
  ])("%s", (_, text) => {
    expect(readMessage(text)).toBeNull();
  });
});
