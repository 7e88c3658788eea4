import type { Hello, Identity } from "./door";
import { type Message, type Outgoing, PROTOCOL, readMessage } from "./messages";
import type { Link, Trouble } from "./state";

/** What the connection needs from the rest of the bundle. */
export interface Wire {
  hello(): Promise<Hello>;
  identity(): Identity;
  open(url: string): WebSocket;
  heard(message: Message): void;
  linked(link: Link, trouble: Trouble | null): void;
}

type Timer = ReturnType<typeof setTimeout> | undefined;

const EAGER = [300, 1000];
const RETRY = 1800;
const JITTER = 500;
const POLL = 3000;
const SLOW = 15000;
/** This long without a socket, and polling takes over. */
const PATIENCE = 6000;
const OPENING = 5000;
const SILENCE = 60000;
/** A socket that lived shorter is no reason to be eager again. */
const SETTLED = 5000;
/** A question gets this long before the next one is asked beside it: a request may hang longer than a server is away. */
const ANSWER = 1900;
const AT_ONCE = 9;

const CLOSED: { [code: number]: Trouble } = { 4403: "account", 4426: "protocol" };
const REFUSED: { [error: string]: Trouble } = {
  not_connected: "account",
  account: "account",
  protocol: "protocol",
  signature: "signature",
  stale: "signature",
  headers: "signature",
};

/** Keeps the register in touch: a socket whenever one can be had, polling through the signed door meanwhile. */
export class Line {
  private socket: WebSocket | null = null;
  private up = false;
  private upAt = 0;
  private downAt = Date.now();
  private heardAt = 0;
  private askedAt = 0;
  private asked = 0;
  private tries = 0;
  private told: number | null = null;
  private trouble: Trouble | null = null;
  /** The socket, and not the door, said that we are not welcome. */
  private barred = false;
  private failing = false;
  private beats: Timer;
  private silence: Timer;

  constructor(private wire: Wire) {}

  start(): void {
    this.downAt = Date.now();
    this.beat(true);
  }

  /** Only when the socket is up; polling tells the server who is here with each question. */
  send(message: Outgoing): boolean {
    if (!this.socket || !this.up) return false;
    if (message.type === "employee") this.told = message.employee;
    this.socket.send(JSON.stringify(message));
    return true;
  }

  /** Something changed: ask now and not at the next beat. What is under way will tell it anyway. */
  hurry(): void {
    if (!this.up && !this.socket && !this.asked) this.beat(true);
  }

  private patient = () => Date.now() - this.downAt < PATIENCE;
  private answered = () => this.heardAt > 0 && Date.now() - this.heardAt < 3 * POLL;

  private tell(): void {
    const fallen = this.answered() ? "polling" : "offline";
    this.wire.linked(this.up ? "socket" : this.patient() ? "connecting" : fallen, this.trouble);
  }

  private delay(): number {
    if (this.trouble) return SLOW;
    if (!this.patient() && this.answered() && !this.failing) return POLL;
    return EAGER[this.tries++] || RETRY + Math.random() * JITTER;
  }

  private schedule(): void {
    clearTimeout(this.beats);
    this.beats = setTimeout(() => this.beat(false), this.delay());
  }

  private beat(now: boolean): void {
    const trying = this.socket && this.patient();
    const waiting = this.asked > 0 && Date.now() - this.askedAt < ANSWER;
    if (now || (!trying && !waiting && this.asked < AT_ONCE)) this.ask();
    this.schedule();
    this.tell();
  }

  private async ask(): Promise<void> {
    this.asked++;
    this.askedAt = Date.now();
    const reply = await this.wire.hello();
    this.asked--;
    this.failing = !reply.ok;
    if (this.up) return;
    if (reply.ok) this.welcomed(reply);
    else this.trouble = REFUSED[reply.error] || (this.barred ? this.trouble : null);
    this.tell();
  }

  private welcomed({ message, socket, ticket }: Hello & { ok: true }): void {
    this.heardAt = Date.now();
    if (!this.barred) this.trouble = null;
    const snapshot = readMessage(message);
    if (snapshot) this.wire.heard(snapshot);
    if (!this.socket) this.connect(socket, ticket);
  }

  private connect(url: string, ticket: string): void {
    try {
      const socket = this.wire.open(url);
      const opening = setTimeout(() => this.up || this.drop(socket), OPENING);
      this.socket = socket;
      socket.onopen = () => this.greet(socket, ticket);
      socket.onmessage = (event) => socket === this.socket && this.listen(event.data);
      socket.onclose = (event) => {
        clearTimeout(opening);
        if (socket === this.socket) this.lost(event.code);
      };
    } catch (_) {
      this.socket = null;
    }
  }

  private greet(socket: WebSocket, ticket: string): void {
    const identity = this.wire.identity();
    this.told = identity.employee;
    socket.send(JSON.stringify({ type: "hello", ticket, protocol: PROTOCOL, ...identity }));
  }

  private listen(data: unknown): void {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.socket && this.drop(this.socket), SILENCE);
    const message = readMessage(data);
    if (!message) return;
    if (message.type === "ping") this.send({ type: "pong" });
    if (message.type === "snapshot" && !this.up) this.arrived();
    this.wire.heard(message);
  }

  private arrived(): void {
    this.up = true;
    this.upAt = this.heardAt = Date.now();
    this.trouble = null;
    this.barred = false;
    clearTimeout(this.beats);
    this.tell();
    const { employee } = this.wire.identity();
    if (employee !== this.told) this.send({ type: "employee", employee });
  }

  /** Leaves a socket without waiting for its own farewell, which may never come. */
  private drop(socket: WebSocket): void {
    socket.onopen = socket.onmessage = socket.onclose = null;
    try {
      socket.close();
    } finally {
      if (socket === this.socket) this.lost(0);
    }
  }

  private lost(code: number): void {
    clearTimeout(this.silence);
    this.socket = null;
    this.barred = code in CLOSED;
    this.trouble = CLOSED[code] || this.trouble;
    if (this.up) this.fell();
    this.tell();
  }

  private fell(): void {
    const now = Date.now();
    this.up = false;
    this.downAt = now;
    if (now - this.upAt > SETTLED) this.tries = 0;
    this.schedule();
  }
}
