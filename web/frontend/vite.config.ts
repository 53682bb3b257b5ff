import { defineConfig } from "vitest/config";

// Fixed file names: the templates name map.js and map.css, and the server revalidates them by ETag.
export default defineConfig({
  base: "/static/map/",
  publicDir: false,
  build: {
    outDir: "../static/map",
    emptyOutDir: true,
    target: "es2022",
    cssCodeSplit: false,
    modulePreload: false,
    // An inlined asset would be a data: URL, which the page's policy allows for images only.
    assetsInlineLimit: 0,
    // The licences of what is bundled travel with the bundle.
    license: { fileName: "licences.md" },
    rolldownOptions: {
      input: { map: "src/main.ts" },
      output: {
        codeSplitting: false,
        entryFileNames: "[name].js",
        assetFileNames: "map[extname]",
      },
    },
  },
  test: {
    environment: "happy-dom",
    include: ["tests/**/*.test.ts"],
  },
});
