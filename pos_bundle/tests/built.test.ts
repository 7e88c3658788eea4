import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { parseAst } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";

/** The file that goes to the registers. */

const MOST = 25_000;

let folder = "";
let code = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dzvinok-"));
  const cwd = join(import.meta.dirname, "../..");
  const command = ["node_modules/vite/bin/vite.js", "build", "--outDir", folder, "--logLevel", "error"];
  execFileSync(process.execPath, command, { cwd, env: { ...process.env, NODE_ENV: "production" } });
  code = readFileSync(join(folder, "bundle.js"), "utf8");
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));

test("is one file with everything in it", () => {
  expect(readdirSync(folder)).toEqual(["bundle.js"]);
  expect(code).toContain("min-height:48px");
});

test("weighs at most 25 KB, with what it must say without us in four languages", () => {
  expect(gzipSync(code, { level: 9 }).length).toBeLessThanOrEqual(MOST);
  for (const word of ["Працівник", "Сотрудник", "Employee", "Pracownik"]) expect(code).toContain(word);
});

test("has one place for the server's address", () => {
  expect(code.split("__DZVINOK_PUBLIC_URL__")).toHaveLength(2);
});

test("carries its version", () => {
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8"));
  expect(code).toMatch(new RegExp(`"${version.replace(/\./g, "\\.")}-[0-9a-f]{8}"`));
});

test("is a plain script that evaluates nothing at run time", () => {
  expect(code).not.toMatch(/\beval\(|new Function|\bimport\b\s*[("{]|\bexport\b\s*[{d]|\bmodule\.|\brequire\(/);
});

const YOUNG = [
  "ChainExpression",
  "ImportExpression",
  "MetaProperty",
  "PropertyDefinition",
  "PrivateIdentifier",
  "StaticBlock",
];

interface Node {
  type: string;
  operator?: string;
  bigint?: string;
  properties?: Node[];
  param?: Node | null;
  await?: boolean;
}

function* nodes(node: unknown): Generator<Node> {
  if (typeof node !== "object" || node === null) return;
  if ("type" in node) yield node as Node;
  for (const inner of Object.values(node)) yield* nodes(inner);
}

/** What of 2018 and later a node is, in a word; "" when browsers of 2017 can read it. */
function youth({ type, operator = "", bigint, properties = [], param, await: waits }: Node): string {
  if (YOUNG.includes(type)) return type;
  if (bigint || /\?\?|(\|\||&&)=/.test(operator)) return operator || "bigint";
  if (properties.some((one) => one.type === "SpreadElement" || one.type === "RestElement")) return "object spread";
  if (type === "CatchClause" && param === null) return "catch without a name";
  return type === "ForOfStatement" && waits ? "for await" : "";
}

test("uses no syntax younger than ES2017", () => {
  expect([...new Set([...nodes(parseAst(code))].map(youth))]).toEqual([""]);
});

test("asks for no PIN", () => {
  expect(code).not.toContain("posPass");
});
