import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";

/** The file that goes to the registers. */

const MOST = 20_000;

let folder = "";
let code = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dzvinok-"));
  const configFile = join(import.meta.dirname, "../../vite.config.ts");
  await build({ configFile, build: { outDir: folder }, logLevel: "error" });
  code = readFileSync(join(folder, "bundle.js"), "utf8");
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));

test("is one file with everything in it", () => {
  expect(readdirSync(folder)).toEqual(["bundle.js"]);
  expect(code).toContain("min-height:48px");
});

test("weighs at most 20 KB, all four languages included", () => {
  expect(gzipSync(code, { level: 9 }).length).toBeLessThanOrEqual(MOST);
  for (const word of ["Вхідний дзвінок", "Входящий звонок", "Incoming call", "Połączenie przychodzące"])
    expect(code).toContain(word);
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

test("uses no syntax younger than ES2019", () => {
  expect(code).not.toMatch(/\?\.[a-z([]|\?\?|\|\|=|&&=|\d_\d{3}|\bimport\.meta\b|#[a-z]\w*[=(;]/i);
});

test("asks for no PIN", () => {
  expect(code).not.toContain("posPass");
});
