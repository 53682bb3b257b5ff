import { defineConfig } from "vite";

// The field page's service worker: a classic script, to which the server adds what is to be kept.
export default defineConfig({
  base: "/static/field/",
  publicDir: false,
  build: {
    outDir: "../static/field",
    emptyOutDir: false,
    target: "es2022",
    modulePreload: false,
    rolldownOptions: {
      input: { worker: "src/worker.ts" },
      output: { format: "iife", codeSplitting: false, entryFileNames: "[name].js" },
    },
  },
});
