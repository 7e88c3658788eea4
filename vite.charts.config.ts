import { defineConfig } from "vite";

// The Manage page's pictures: a script of their own, which is loaded only where a page has one.
export default defineConfig({
  publicDir: false,
  build: {
    target: "es2019",
    outDir: "manage_ui/static",
    emptyOutDir: false,
    rolldownOptions: {
      input: "manage_ui/src/charts.ts",
      output: { format: "iife", entryFileNames: "charts.js" },
    },
  },
});
