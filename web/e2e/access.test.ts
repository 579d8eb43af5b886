import axe from "axe-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Page } from "playwright-core";
import { madeUpPage } from "../fixture/page.ts";
import { views } from "../src/state/route.ts";
import { Reports, visit } from "./browser.ts";

let reports: Reports;
let simulated: string;
let mixed: string;
beforeAll(async () => {
  reports = await Reports.start();
  simulated = reports.write("simulated", madeUpPage({ withBase: true }));
  mixed = reports.write("mixed", madeUpPage({ devices: { "CPU:0": "estimated", "GPU:0": "measured" } }));
});
afterAll(() => reports.stop());

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  // `skip-link` takes every address within the page for one, as soon as it is scrolled out of sight; the page's own skip link is tried by keys below.
  const found = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run(document, { resultTypes: ["violations"], rules: { "skip-link": { enabled: false } } }));
  return found.violations.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(" | ")}`);
}

describe.each(["light", "dark"] as const)("%s", (scheme) => {
  test("no view breaks a rule of axe", async () => {
    for (const [address, width] of [[simulated, 1280], [mixed, 1280], [simulated, 400]] as const) {
      const { page } = await reports.open(address, { scheme, width });
      for (const view of views) {
        await visit(page, `${view}?module=model/encoder`);
        expect(await violations(page), `${view} at ${width}`).toEqual([]);
      }

      await page.close();
    }
  });

  test("text on every step of the colour scales can be read", async () => {
    const { page } = await reports.open(simulated, { scheme });
    const poor = await page.evaluate(() => {
      const canvas = document.createElement("canvas");
      canvas.width = canvas.height = 1;
      const pen = canvas.getContext("2d", { willReadFrequently: true });
      const luminance = (colour: string) => {
        if (pen === null) {
          return NaN;
        }

        pen.fillStyle = colour;
        pen.fillRect(0, 0, 1, 1);
        const [r, g, b] = [...pen.getImageData(0, 0, 1, 1).data].map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const found: string[] = [];
      const classes = [...Array.from({ length: 9 }, (_, i) => `step-${i}`), "step-none", "same", "less-1", "less-2", "less-3", "more-1", "more-2", "more-3", "pass-forward", "pass-backward", "pass-recompute", "pass-optimizer", "pass-other"];
      for (const metric of ["energy", "time", "power"]) {
        const holder = document.createElement("div");
        holder.dataset.metric = metric;
        document.body.append(holder);
        for (const name of classes) {
          const box = document.createElement("div");
          box.className = name;
          box.style.cssText = "background: var(--fill); color: var(--on)";
          holder.append(box);
          const style = getComputedStyle(box);
          const [a, b] = [luminance(style.backgroundColor), luminance(style.color)];
          const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
          if (!(contrast >= 4.5)) {
            found.push(`${metric} ${name}: ${contrast.toFixed(2)}`);
          }
        }

        holder.remove();
      }

      return found;
    });
    expect(poor).toEqual([]);
  });
});

describe("by keys alone", () => {
  test("from the tabs into the tree, and a module is chosen", async () => {
    const { page } = await reports.open(simulated);
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("To the view");
    await page.keyboard.press("Enter");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("main");
    await page.evaluate(() => { (document.activeElement as HTMLElement).blur(); });
    await page.focus(".skip");
    for (let i = 0; i < 2; i++) {
      await page.keyboard.press("Tab");
    }

    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Modules");
    await page.keyboard.press("Enter");
    await page.waitForSelector("[role=treegrid]");
    for (let i = 0; i < 30 && (await page.evaluate(() => document.activeElement?.getAttribute("role"))) !== "treegrid"; i++) {
      await page.keyboard.press("Tab");
    }

    const active = () => page.evaluate(() => document.getElementById(document.activeElement?.getAttribute("aria-activedescendant") ?? "")?.innerText.split("\n").map((t) => t.trim()).find((t) => t !== "" && !"▾▸".includes(t)));
    expect(await active()).toBe("all operations");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    expect(await active()).toBe("encoder");
    const count = () => page.getAttribute("[role=treegrid]", "aria-rowcount").then(Number);
    const open = await count();
    await page.keyboard.press("ArrowLeft");
    expect(await count()).toBeLessThan(open);
    await page.keyboard.press("ArrowRight");
    expect(await count()).toBe(open);
    await page.keyboard.press("End");
    await page.keyboard.press("Home");
    expect(await active()).toBe("all operations");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => location.hash.includes("module=model"));
  });

  test("through the flame graph, in and out", async () => {
    const { page } = await reports.open(simulated);
    await visit(page, "flame");
    await page.focus(".icicle");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    expect(await page.innerText(".readout b")).toBe("model/encoder");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.querySelector(".crumbs [aria-current]")?.textContent === "encoder");
    await page.keyboard.press("Backspace");
    await page.waitForFunction(() => location.hash.endsWith("module=model"));
  });

  test("into a box of the graph", async () => {
    const { page } = await reports.open(simulated);
    await visit(page, "graph?module=model");
    await page.waitForSelector(".graph a");
    await page.focus(".graph a:has-text('encoder')");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => location.hash.includes("model/encoder"));
  });

  test("along the timeline, closer and to a module", async () => {
    const { page } = await reports.open(simulated);
    await visit(page, "timeline");
    await page.focus("canvas.lanes");
    const told = () => page.innerText(".readout");
    await page.keyboard.press("ArrowRight");
    const first = await told();
    await page.keyboard.press("ArrowRight");
    expect(await told()).not.toBe(first);
    await page.keyboard.press("ArrowDown");
    expect(await told()).toContain("lane 1");
    await page.keyboard.press("+");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => location.hash.includes("module="));
  });

  test("along the power of a step", async () => {
    const { page } = await reports.open(simulated);
    await visit(page, "power");
    await page.focus(".profile");
    await page.keyboard.press("End");
    expect(await page.getAttribute(".profile", "aria-valuenow")).toBe("59");
    expect(await page.getAttribute(".profile", "aria-valuetext")).toMatch(/ms, \?[\d.]+ W ± /);
    await page.keyboard.press("Home");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => location.hash.includes("module="));
  });
});

test("behind every chart there is a table with its figures", async () => {
  const { page } = await reports.open(simulated);
  for (const view of ["summary", "graph", "flame", "operations", "power", "timeline"]) {
    await visit(page, view);
    const buttons = await page.$$(".chart-foot button:has-text('Table')");
    expect(buttons.length, view).toBeGreaterThan(0);
    for (const button of buttons) {
      await button.click();
    }

    await page.waitForSelector(".chart-table");
    expect(await page.$$eval(".chart-table", (tables) => tables.map((t) => t.querySelectorAll("tbody tr").length)).then((n) => Math.min(...n)), view).toBeGreaterThan(0);
    expect(await violations(page), view).toEqual([]);
  }
});

test("on paper there are no controls, and rows that scroll on a screen are laid out", async () => {
  const { page } = await reports.open(reports.write("long", madeUpPage({ layers: 30 })));
  await visit(page, "modules?fold=no");
  await page.click("text=open all");
  const before = await page.$$eval("[role=row]", (rows) => rows.length);
  await page.emulateMedia({ media: "print" });
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  await page.waitForTimeout(100);
  expect(await page.isVisible(".tabs")).toBe(false);
  expect(await page.isVisible(".chart-foot")).toBe(false);
  expect(await page.$$eval("[role=row]", (rows) => rows.length)).toBeGreaterThan(before);
});
