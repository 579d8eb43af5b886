import { copyFileSync, mkdirSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Plugin } from "vite";

const largest = 3_000_000; // bytes, without data

/** Copies the built page to where the program takes it from. */
export function pageFile(target: string): Plugin {
  let out = "";
  return {
    name: "page-file",
    apply: "build",
    configResolved(config) {
      out = resolve(config.root, config.build.outDir, "index.html");
      target = resolve(config.root, target);
    },
    closeBundle() {
      const size = statSync(out).size;
      if (size > largest) {
        throw new Error(`${out} has ${size} bytes; at most ${largest} are allowed`);
      }

      mkdirSync(dirname(target), { recursive: true });
      copyFileSync(out, target);
      this.info(`${join(target)}: ${size} bytes`);
    },
  };
}
