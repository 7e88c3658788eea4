import { defineConfig } from "vite";

// The Manage page's pictures: a script of their own, which is loaded only where a page has one. Classes keep their
// static fields (es2022), without which a bundler cannot tell that a kind of chart is not used and may go.
export default defineConfig({
  publicDir: false,
  build: {
    target: "es2022",
    minify: "terser",
    terserOptions: { ecma: 2020, compress: { pure_getters: true, unsafe_arrows: true } },
    outDir: "manage_ui/static",
    emptyOutDir: false,
    rolldownOptions: {
      input: "manage_ui/src/charts.ts",
      treeshake: { propertyReadSideEffects: false },
      output: { format: "iife", entryFileNames: "charts.js" },
    },
  },
} as Parameters<typeof defineConfig>[0]);
