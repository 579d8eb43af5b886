import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium, type Browser, type Page } from "playwright-core";
import { filled } from "../fixture/fill.ts";
import type { PageData } from "../src/data/page.ts";
import { executable } from "./chromium.ts";

const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

export interface Screen {
  readonly width?: number;
  readonly height?: number;
  readonly scheme?: "light" | "dark";
}

/** An opened report and everything that went wrong in it. */
export interface Opened {
  readonly page: Page;
  /** Errors of scripts, messages of the console, breaches of the policy, requests to anywhere, dialogs. */
  readonly wrongs: string[];
}

/** A browser with its own empty profile, and reports in a folder of their own. */
export class Reports {
  private constructor(private readonly browser: Browser, private readonly folder: string) {}

  static async start(): Promise<Reports> {
    return new Reports(await chromium.launch({ executablePath: executable, args: flags }), mkdtempSync(join(tmpdir(), "smaragdine-page-")));
  }

  async stop(): Promise<void> {
    await this.browser.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  write(name: string, data: PageData | string): string {
    const path = join(this.folder, `${name}.html`);
    writeFileSync(path, filled(data));
    return pathToFileURL(path).href;
  }

  async open(address: string, { width = 1280, height = 900, scheme = "light" }: Screen = {}): Promise<Opened> {
    const page = await this.browser.newPage({ viewport: { width, height }, colorScheme: scheme, acceptDownloads: true });
    const wrongs: string[] = [];
    page.on("pageerror", (error) => wrongs.push(`error: ${error.message}`));
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") {
        wrongs.push(`console: ${message.text()}`);
      }
    });
    page.on("dialog", (dialog) => {
      wrongs.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    const own = new URL(address);
    page.on("request", (request) => {
      const url = new URL(request.url());
      if (!["blob:", "data:"].includes(url.protocol) && (url.protocol !== own.protocol || url.host !== own.host || (url.protocol === "file:" && url.pathname !== own.pathname))) {
        wrongs.push(`request: ${request.url()}`);
      }
    });
    await page.addInitScript(() => {
      addEventListener("securitypolicyviolation", (e) => { console.error(`policy: ${e.violatedDirective} ${e.blockedURI}`); });
    });
    await page.goto(address);
    await page.waitForSelector("#main, .failure");
    return { page, wrongs };
  }
}

/** Goes to an address within the page and waits until it is painted. */
export async function visit(page: Page, hash: string): Promise<void> {
  await page.evaluate(async (to) => {
    location.hash = to;
    for (let i = 0; i < 3; i++) {
      await new Promise((painted) => requestAnimationFrame(() => setTimeout(painted)));
    }
  }, hash);
  await page.waitForFunction(() => !document.body.innerText.includes("Laying out …"));
}
