import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Call, Guest, Message, Snapshot } from "../src/messages";

/** The golden messages that pytest reads too. */
const folder = join(import.meta.dirname, "../../tests/messages");

// biome-ignore lint/suspicious/noExplicitAny: a golden file may hold any message.
export const golden = (name: string): any => JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8"));

export const goldenNames = () =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name) => name.slice(0, -5));

export const ringing = (more: Partial<Call> = {}): Call => ({ ...golden("call_ringing").call, ...more });

export const guest = (name: string): Guest => golden(name).guest;

export const snapshot = (calls: Call[] = [], more: Partial<Snapshot> = {}): Snapshot => ({
  ...golden("snapshot_quiet"),
  calls: calls.map((call) => ({ call, guest: null })),
  ...more,
});

export const message = (name: string): Message => golden(name);
