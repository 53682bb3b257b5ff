import { defineConfig } from "vite";

// The small script of the pages beside the map: one file, without the map's libraries.
export default defineConfig({
  base: "/static/front/",
  publicDir: false,
  build: {
    outDir: "../static/front",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: false,
    rolldownOptions: {
      input: { site: "src/site.ts" },
      output: { codeSplitting: false, entryFileNames: "[name].js" },
    },
  },
});
