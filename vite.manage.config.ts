import { defineConfig } from "vite";

// The Manage page's script: one plain file beside the style sheet, because the page's policy allows no inline script.
export default defineConfig({
  publicDir: false,
  build: {
    target: "es2019",
    outDir: "manage_ui/static",
    emptyOutDir: false,
    rolldownOptions: {
      input: "manage_ui/src/manage.ts",
      output: { format: "iife", entryFileNames: "manage.js" },
    },
  },
});
