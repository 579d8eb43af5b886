import { viteSingleFile } from "vite-plugin-singlefile";
import { defineConfig } from "vitest/config";
import { pageFile } from "./build/page-file.ts";
import { seal } from "./build/seal.ts";

export default defineConfig({
  plugins: [viteSingleFile({ removeViteModuleLoader: true }), seal(), pageFile("../src/Smaragdine.Formats/Reports/Html/page.html")],
  build: { target: "es2022", modulePreload: false, sourcemap: false, reportCompressedSize: false },
  test: { include: ["test/**/*.test.ts"] },
});
