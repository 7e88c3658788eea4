import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Hello } from "../src/door";
import type { Message } from "../src/messages";
import { Line, type Wire } from "../src/socket";
import { golden, message, snapshot } from "./golden";
import { FakeSocket } from "./till";

const hello: Hello = golden("door_hello_reply");
const refused = (error: string): Hello => ({ ok: false, error });

interface Bench {
  line: Line;
  heard: Message[];
  links: string[];
  asked: number[];
  answer: () => Promise<Hello>;
  who: number | null;
  last(): FakeSocket;
}

let bench: Bench;

function setUp(): Bench {
  const made = { heard: [], links: [], asked: [], who: 5, answer: async () => hello } as unknown as Bench;
  const wire: Wire = {
    hello: () => {
      made.asked.push(Date.now());
      return made.answer();
    },
    identity: () => ({ bundle: "1.0.0", employee: made.who, lang: "ua" }),
    open: (url) => new FakeSocket(url) as unknown as WebSocket,
    heard: (one) => made.heard.push(one),
    linked: (link, trouble) => {
      const told = trouble ? `${link}/${trouble}` : link;
      if (made.links[made.links.length - 1] !== told) made.links.push(told);
    },
  };
  made.line = new Line(wire);
  made.last = () => FakeSocket.all[FakeSocket.all.length - 1] as FakeSocket;
  return made;
}

const wait = (ms: number) => vi.advanceTimersByTimeAsync(ms);

async function connect(): Promise<FakeSocket> {
  await wait(1);
  const socket = bench.last();
  socket.onopen?.();
  socket.say(snapshot());
  await wait(1);
  return socket;
}

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  FakeSocket.all = [];
  bench = setUp();
  bench.line.start();
});
afterEach(() => vi.useRealTimers());

describe("coming up", () => {
  test("the door's snapshot is heard before any socket is open", async () => {
    await wait(1);
    expect(bench.heard.map(({ type }) => type)).toEqual(["snapshot"]);
  });
  test("the socket is greeted with the ticket of the door", async () => {
    const socket = await connect();
    expect(socket.url).toBe("wss://phone.example.com/pos/acme/socket");
    expect(socket.sent[0]).toEqual({ ...golden("register_hello"), bundle: "1.0.0" });
    expect(bench.links).toEqual(["connecting", "socket"]);
  });
  test("with a socket up the door is left alone", async () => {
    await connect();
    await wait(50_000);
    expect(bench.asked).toHaveLength(1);
  });
  test("somebody who logged in while the socket opened is told", async () => {
    await wait(1);
    bench.last().onopen?.();
    bench.who = 7;
    bench.last().say(snapshot());
    expect(bench.last().sent[1]).toEqual({ type: "employee", employee: 7 });
  });
  test("messages are passed on, broken ones are not", async () => {
    const socket = await connect();
    socket.onmessage?.({ data: "{" });
    socket.say(message("call_ringing"));
    expect(bench.heard.map(({ type }) => type)).toEqual(["snapshot", "snapshot", "call"]);
  });
});

describe("staying up", () => {
  test("a ping is answered with a pong", async () => {
    const socket = await connect();
    socket.say(message("ping"));
    expect(socket.sent[1]).toEqual(golden("register_pong"));
  });
  test("a minute of silence ends the socket, and a new one is opened", async () => {
    const socket = await connect();
    await wait(60_400);
    expect(socket.closed).toBe(true);
    expect(FakeSocket.all).toHaveLength(2);
  });
  test("pings are no silence", async () => {
    const socket = await connect();
    for (let round = 0; round < 10; round++) {
      await wait(25_000);
      socket.say(message("ping"));
    }
    expect(socket.closed).toBe(false);
  });
  test("words of a socket that was given up are not heard", async () => {
    const socket = await connect();
    await wait(60_400);
    const before = bench.heard.length;
    socket.say(message("call_ringing"));
    expect(bench.heard).toHaveLength(before);
  });
});

describe("coming back", () => {
  test("after a lost socket at 0.3 s, 1 s and then about every 2 s", async () => {
    const socket = await connect();
    await wait(10_000);
    bench.answer = async () => refused("offline");
    const lostAt = Date.now();
    socket.onclose?.({ code: 1006 });
    await wait(12_000);
    const pauses = bench.asked.slice(1).map((at, place, all) => at - (all[place - 1] ?? lostAt));
    expect(pauses.slice(0, 2)).toEqual([300, 1000]);
    for (const pause of pauses.slice(2)) expect(pause >= 1800 && pause <= 2300, String(pause)).toBe(true);
  });
  test.each([1, 10, 100, 1000])("within 3 s of the server, however long it was away (%i s)", async (away) => {
    const socket = await connect();
    bench.answer = async () => refused("offline");
    socket.onclose?.({ code: 1006 });
    await wait(away * 1000);
    bench.answer = async () => hello;
    await wait(2500);
    expect(FakeSocket.all).toHaveLength(2);
  });
  test("within 3 s even when every question of the time between hangs", async () => {
    const socket = await connect();
    const hung = () => new Promise<Hello>((resolve) => setTimeout(resolve, 17_000, refused("offline")));
    bench.answer = hung;
    socket.onclose?.({ code: 1006 });
    await wait(60_000);
    bench.answer = async () => hello;
    await wait(2500);
    expect(FakeSocket.all).toHaveLength(2);
  });
  test("a socket that dies at once does not make the register storm", async () => {
    bench.answer = async () => hello;
    for (let second = 0; second < 30; second++) {
      await wait(1000);
      bench.last().onopen?.();
      bench.last().say(snapshot());
      bench.last().onclose?.({ code: 4409 });
    }
    expect(bench.asked.length).toBeLessThan(18);
  });
});

describe("blocked sockets", () => {
  const fail = () => bench.last().onclose?.({ code: 1006 });

  test("polling takes over after 6 s, every 3 s", async () => {
    for (let half = 0; half < 60; half++) {
      await wait(500);
      fail();
    }
    expect(bench.links).toEqual(["connecting", "polling"]);
    const late = bench.asked.filter((at) => at > 1_000_000 + 12_000);
    expect(late.slice(1).map((at, place) => at - (late[place] as number))).toEqual(Array(late.length - 1).fill(3000));
  });
  test("a socket that hangs in opening does not delay the polls, and is given up", async () => {
    await wait(30_000);
    const late = bench.asked.filter((at) => at > 1_000_000 + 12_000);
    expect(late.length).toBeGreaterThanOrEqual(5);
    expect(FakeSocket.all.length).toBeGreaterThan(3);
    expect(FakeSocket.all[0]?.closed).toBe(true);
  });
  test("a socket that opens at last ends the polling", async () => {
    for (let half = 0; half < 20; half++) {
      await wait(500);
      fail();
    }
    await wait(3000);
    bench.last().onopen?.();
    bench.last().say(snapshot());
    await wait(1);
    const before = bench.asked.length;
    await wait(20_000);
    expect(bench.asked).toHaveLength(before);
    expect(bench.links[bench.links.length - 1]).toBe("socket");
  });
  test("sockets that cannot even be made leave polling", async () => {
    vi.stubGlobal("WebSocket", undefined);
    FakeSocket.all = [];
    const wire = bench.line as unknown as { wire: Wire };
    wire.wire.open = () => {
      throw new Error("SecurityError");
    };
    await wait(20_000);
    expect(bench.links).toContain("polling");
  });
  test("a change of employee is told at once", async () => {
    for (let half = 0; half < 20; half++) {
      await wait(500);
      fail();
    }
    const before = bench.asked.length;
    expect(bench.line.send({ type: "employee", employee: 7 })).toBe(false);
    bench.line.hurry();
    expect(bench.asked).toHaveLength(before + 1);
  });
  test("without a server the register says that it is offline, and says otherwise when it is back", async () => {
    bench = setUp();
    bench.answer = async () => refused("offline");
    bench.line.start();
    await wait(10_000);
    expect(bench.links).toEqual(["connecting", "offline"]);
    bench.answer = async () => hello;
    await wait(2500);
    await connect();
    expect(bench.links[bench.links.length - 1]).toBe("socket");
  });
});

describe("told why", () => {
  test.each([
    [4403, "account"],
    [4426, "protocol"],
  ])("%i: says so and comes back slowly", async (code, trouble) => {
    const socket = await connect();
    await wait(10_000);
    socket.onclose?.({ code });
    expect(bench.links[bench.links.length - 1]).toBe(`connecting/${trouble}`);
    const before = bench.asked.length;
    await wait(14_000);
    expect(bench.asked).toHaveLength(before);
    await wait(2_000);
    expect(bench.asked).toHaveLength(before + 1);
  });
  test.each([4400, 4401, 4408, 4409, 1012])("%i: comes back", async (code) => {
    const socket = await connect();
    await wait(10_000);
    socket.onclose?.({ code });
    await wait(400);
    expect(FakeSocket.all).toHaveLength(2);
  });
  test.each([
    ["not_connected", "account"],
    ["protocol", "protocol"],
    ["stale", "signature"],
  ])("the door's %s is shown as %s trouble and goes with the next welcome", async (error, trouble) => {
    bench = setUp();
    bench.answer = async () => refused(error);
    bench.line.start();
    await wait(1);
    expect(bench.links).toContain(`connecting/${trouble}`);
    bench.answer = async () => hello;
    await wait(20_000);
    expect(bench.links[bench.links.length - 1]).not.toContain("/");
  });
});
