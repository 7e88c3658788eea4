import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { defineConfig } from "vite";
import { plainSpread } from "./pos_bundle/spread.ts";

const source = new URL("./pos_bundle/src/", import.meta.url);

/** Package version and a hash of the sources: two different bundles never call themselves the same. */
function version(): string {
  const hash = createHash("sha256");
  const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((name) => /\.\w+$/.test(name));
  for (const name of files.sort()) hash.update(name).update(readFileSync(new URL(name, source)));
  const { version: number } = JSON.parse(readFileSync(new URL("./package.json", import.meta.url), "utf8"));
  return `${number}-${hash.digest("hex").slice(0, 8)}`;
}

export default defineConfig({
  root: "pos_bundle",
  plugins: [plainSpread()],
  define: { __VERSION__: JSON.stringify(version()) },
  // Registers run web views as old as 2017, which know no object spread, and load one plain script.
  build: {
    target: "es2018",
    minify: "terser",
    terserOptions: { ecma: 2017, compress: { passes: 3, pure_getters: true, unsafe: true, unsafe_arrows: true } },
    cssTarget: "chrome60",
    outDir: "dist",
    emptyOutDir: true,
    reportCompressedSize: true,
    rolldownOptions: {
      input: "pos_bundle/src/main.ts",
      output: { format: "iife", entryFileNames: "bundle.js" },
    },
  },
  // Our objects are plain ones: spread and fields need none of the helpers that stranger ones would.
  oxc: {
    jsx: { runtime: "classic", pragma: "h", pragmaFrag: "Fragment" },
    assumptions: { setPublicClassFields: true, pureGetters: true },
  },
  test: { root: ".", include: ["pos_bundle/tests/**/*.test.{ts,tsx}"], environment: "node" },
} as Parameters<typeof defineConfig>[0]);
