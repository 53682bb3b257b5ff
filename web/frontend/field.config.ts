import { defineConfig } from "vite";

// The page for the field: one script, beside the worker that keeps it (worker.config.ts).
export default defineConfig({
  base: "/static/field/",
  publicDir: false,
  build: {
    outDir: "../static/field",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: false,
    rolldownOptions: {
      input: { field: "src/field.ts" },
      output: { codeSplitting: false, entryFileNames: "[name].js" },
    },
  },
});
