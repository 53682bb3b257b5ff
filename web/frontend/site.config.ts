import { readFileSync } from "node:fs";

import { defineConfig, type Plugin } from "vite";

const FONT = "node_modules/@fontsource/noto-sans-mongolian/";

// The letters of Mongolian script for machines without them, with their licence (SIL OFL 1.1).
// site.css names the file; a browser asks for it only where such letters occur.
function mongolianFont(): Plugin {
  const files: Record<string, string> = {
    "noto-sans-mongolian.woff2": `${FONT}files/noto-sans-mongolian-mongolian-400-normal.woff2`,
    "noto-sans-mongolian-OFL.txt": `${FONT}LICENSE`,
  };
  return {
    name: "mongolian-font",
    generateBundle() {
      for (const [fileName, source] of Object.entries(files)) {
        this.emitFile({ type: "asset", fileName, source: readFileSync(source) });
      }
    },
  };
}

// The small script of the pages beside the map: one file, without the map's libraries.
export default defineConfig({
  base: "/static/front/",
  publicDir: false,
  plugins: [mongolianFont()],
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
