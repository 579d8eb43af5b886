import { existsSync } from "node:fs";

export const executable = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** Says at once what is missing. */
export default function setup(): void {
  if (!existsSync(executable)) {
    throw new Error(`no browser at ${executable}: install chromium (Debian: apt-get install chromium), or say in CHROMIUM where it is`);
  }
}
