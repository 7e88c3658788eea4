import { describe, expect, test } from "vitest";
import { allGuests, sameNumber, searchable, spellings } from "../src/guests";
import type { GuestCard } from "../src/messages";
import type { LocalGuest } from "../src/register";
import { golden } from "./golden";

const E164 = "+380671112233";

describe("the same number", () => {
  test.each([
    "+380671112233",
    "380671112233",
    "0671112233",
    "671112233",
    "+38 (067) 111-22-33",
    "00380671112233",
    "067 111 22 33",
  ])("%s", (phone) => expect(sameNumber(E164, phone, 380)).toBe(true));
  test.each(["", "0", "112233", "1112233", "0501112233", "+48671112233", "+380671112234", "3806711122334"])(
    "not %s",
    (phone) => expect(sameNumber(E164, phone, 380)).toBe(false),
  );
  test("a short national number needs the account's country", () => {
    expect(sameNumber("+37369123456", "069123456", 373)).toBe(true);
    expect(sameNumber("+37369123456", "069123456", 380)).toBe(false);
  });
});

describe("spellings", () => {
  test("international, digits, national and the last nine, each once", () => {
    expect(spellings(E164, "067 111 2233", 380)).toEqual([
      E164,
      "380671112233",
      "0671112233",
      "671112233",
      "067 111 2233",
    ]);
  });
  test("a foreign number keeps its own end", () => {
    expect(spellings("+48601234567", "", 380)).toEqual(["+48601234567", "48601234567", "0601234567", "601234567"]);
  });
  test("withheld and short numbers are searched by nobody", () => {
    expect([null, "", "101", "anonymous", "12-34-56"].some(searchable)).toBe(false);
    expect(searchable(E164)).toBe(true);
  });
});

describe("two sources, one guest", () => {
  const server: GuestCard = golden("guest_complete").guest.guests[0];
  const local: LocalGuest = { ...server, comment: "From the register", last_order: null, hidden: false };

  test("the server's facts come first, the register fills the gaps", () => {
    const [guest] = allGuests([{ ...server, comment: "" }], [], [local]);
    expect(guest?.comment).toBe("From the register");
    expect(guest?.last_order?.sum).toBe("345.00");
  });
  test("a guest that only one of them knows is shown", () => {
    expect(allGuests([], [], [local])).toHaveLength(1);
    expect(allGuests([server], [], [])).toHaveLength(1);
  });
  test("a guest deleted in either of them is not shown", () => {
    expect(allGuests([server], [], [{ ...local, hidden: true }])).toEqual([]);
    expect(allGuests([], [318], [local])).toEqual([]);
  });
  test("a guest found by several spellings is one guest", () => {
    expect(allGuests([], [], [local, local])).toHaveLength(1);
  });
});
