import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Page } from "playwright-core";
import { madeUpPage } from "../fixture/page.ts";
import type { PageData } from "../src/data/page.ts";
import { mark } from "../src/model/quality.ts";
import { views } from "../src/state/route.ts";
import { moduleTree } from "../src/model/tree.ts";
import { amountText, percent } from "../src/text/amount.ts";
import { shortened } from "../src/text/name.ts";
import { Reports, visit } from "./browser.ts";

// Pages of every kind; REPORT_HTML names one more, as the program wrote it.
const pages: Record<string, PageData> = {
  simulated: madeUpPage({ withBase: true, layers: 6 }),
  estimated: madeUpPage({ devices: { "CPU:0": "estimated" } }),
  measured: madeUpPage({ devices: { "CPU:0": "measured" }, steps: 1 }),
  mixed: madeUpPage({ devices: { "CPU:0": "estimated", "GPU:0": "measured", "GPU:1": null } }),
  timeOnly: madeUpPage({ devices: { "CPU:0": null } }),
  bare: { ...madeUpPage(), edges: { from: [], to: [], bytes: [] }, profiles: [], timeline: [], per_step: [], timeline_note: "no spans" },
};
const job = madeUpPage({ devices: { "node1/CPU:0": "measured", "1/GPU:0": "measured" } });
pages.job = { ...job, report: { ...job.report, devices: [{ ...job.report.devices[0], rank: 0 }, { ...job.report.devices[0], rank: 1 }, { ...job.report.devices[1], rank: 1 }] } };
const given = process.env.REPORT_HTML;
if (given !== undefined) {
  pages.given = dataOf(given);
}

function dataOf(path: string): PageData {
  const text = /<script id="smaragdine-data"[^>]*>([^<]*)</.exec(readFileSync(path, "utf8"))?.[1] ?? "";
  return JSON.parse(gunzipSync(Buffer.from(text, "base64")).toString()) as PageData;
}

let reports: Reports;
const addresses: Record<string, string> = {};
beforeAll(async () => {
  reports = await Reports.start();
  for (const [name, data] of Object.entries(pages)) {
    addresses[name] = name === "given" && given !== undefined ? pathToFileURL(given).href : reports.write(name, data);
  }
});
afterAll(() => reports.stop());

const rowTexts = (page: Page) => page.$$eval(".grid [role=row][aria-level]", (rows) => rows.map((row) => [...row.querySelectorAll("[role=gridcell],[role=rowheader]")].map((cell) => (cell as HTMLElement).innerText.replaceAll(/\s+/g, " ").replaceAll(/([~?]) (?:estimated|simulated) /g, "$1").trim())));

describe.each(Object.keys(pages))("%s", (name) => {
  test("every view opens without a fault, light and dark, narrow and wide, and never wider than the screen", async () => {
    for (const screen of [{ width: 360, scheme: "light" as const }, { width: 1280, scheme: "dark" as const }, { width: 2560, scheme: "light" as const }]) {
      const { page, wrongs } = await reports.open(addresses[name], screen);
      for (const view of views) {
        await visit(page, view);
        expect(await page.textContent(".tabs [aria-current]").then((t) => t?.toLowerCase()), view).toBe(view);
        expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), `${view} at ${screen.width}`).toBeLessThanOrEqual(0);
        expect((await page.innerText("#main")).length, view).toBeGreaterThan(20);
      }

      expect(wrongs).toEqual([]);
      await page.close();
    }
  });

  test("the tree's figures are the report's", async () => {
    const { page } = await reports.open(addresses[name]);
    const { modules } = pages[name].report;
    const groups = new Set(pages[name].report.devices.flatMap((d) => d.quality ?? []));
    await visit(page, "modules?fold=no");
    await page.click("text=open all");
    await page.waitForTimeout(100);
    const header = await page.$$eval(".grid [role=columnheader]", (cells) => cells.map((c) => (c as HTMLElement).innerText.replaceAll(/[↓↑\s]/g, "")));
    const rows = await rowTexts(page);
    expect(rows.length).toBeGreaterThan(3);
    if (groups.size > 1) {
      return; // figures of one quality only: told in the unit tests
    }

    // All that the tree should list, in its order: the largest child first.
    const { children } = moduleTree(modules);
    const size = (i: number) => (modules[0].energy_j === null ? modules[i].time_s : modules[i].energy_j) ?? 0;
    const expected: string[][] = [];
    const walk = (i: number) => {
      const m = modules[i];
      const energy = m.energy_j === null ? [] : [mark(m.quality) + amountText(m.energy_j, "J"), amountText(m.energy_sd_j, "J"), percent(size(i) / size(0))];
      expected.push([shortened(m.path === "" ? "all operations" : m.name, 60), ...energy, amountText(m.time_s, "s"), ...(energy.length > 0 ? [] : [percent(size(i) / size(0))])]);
      [...children[i]].sort((x, y) => size(y) - size(x)).forEach(walk);
    };
    walk(0);
    expect(header.slice(0, expected[0].length)).toEqual(modules[0].energy_j === null ? ["module", "time", "share"] : ["module", "energy", "±step", "share", "time"]);
    expect(rows.map((row) => row.slice(0, expected[0].length).map((cell) => cell.replace(/^[▾▸] ?/, "").replace(/ shared$/, "")))).toEqual(expected.slice(0, rows.length));
  });

  test("the headline is the sum of the devices of one quality", async () => {
    const { page } = await reports.open(addresses[name]);
    const headlines = await page.$$eval(".headline .figure", (figures) => figures.map((f) => (f as HTMLElement).innerText.replaceAll(/\s+/g, " ").replaceAll(/([~?]) (?:estimated|simulated) /g, "$1")));
    const sums = new Map<string, number>();
    for (const d of pages[name].report.devices) {
      if (d.energy_j !== null && d.quality !== null) {
        sums.set(d.quality, (sums.get(d.quality) ?? 0) + d.energy_j);
      }
    }

    expect(headlines).toHaveLength(Math.max(1, sums.size));
    for (const [quality, joules] of sums) {
      expect(headlines.some((h) => h.startsWith(mark(quality as "measured") + amountText(joules, "J"))), headlines.join()).toBe(true);
    }
  });
});

describe("what is not known is not shown as if it were", () => {
  test("estimated joules have no watts anywhere", async () => {
    const { page } = await reports.open(addresses.estimated);
    await visit(page, "modules");
    expect(await page.innerText(".grid-head")).not.toContain("power");
    await visit(page, "operations?metric=power");
    expect(await page.getAttribute("[aria-label=By] button:has-text('power')", "disabled")).not.toBeNull();
    expect(await page.innerText("#main")).toContain("Power is withheld");
    expect(await page.innerText(".grid-head")).not.toContain("power");
    expect(await page.innerText("#main h2")).toContain("energy");
    await visit(page, "summary");
    expect(await page.innerText(".headline")).not.toMatch(/\dW| W/);
    expect(await page.$$eval(".hero rect[fill^=url]", (r) => r.length)).toBeGreaterThan(0);
  });

  test("without power there is no joule", async () => {
    const { page } = await reports.open(addresses.timeOnly);
    for (const view of ["summary", "modules", "operations", "flame", "graph"]) {
      await visit(page, view);
      expect(await page.innerText("#main"), view).not.toMatch(/\d (µ|m|k)?J\b/);
    }
  });

  test("devices of different quality are told apart, one after the other", async () => {
    const { page } = await reports.open(addresses.mixed);
    await visit(page, "modules");
    const first = (await rowTexts(page))[0].join(" ");
    await page.selectOption("label:has-text('Device') select", "estimated");
    await page.waitForTimeout(200);
    const second = (await rowTexts(page))[0].join(" ");
    expect(first).not.toContain("~");
    expect(second).toContain("~");
    expect(new URL(page.url()).hash).toContain("device=estimated");
  });

  test("one step has no ±", async () => {
    const data = madeUpPage({ steps: 1 });
    data.report.devices[0].energy_sd_j = null;
    data.report.modules.concat(data.folded).forEach((m) => { m.energy_sd_j = null; });
    const { page } = await reports.open(reports.write("one-step", data));
    expect(await page.innerText(".headline")).not.toContain("±");
    await visit(page, "modules");
    const header = await page.$$eval(".grid [role=columnheader]", (cells) => cells.map((c) => (c as HTMLElement).innerText.trim()));
    expect((await rowTexts(page)).every((row) => row[header.indexOf("± step")] === "–")).toBe(true);
  });
});

test("a module chosen in one view is chosen in all, and back goes back", async () => {
  const { page, wrongs } = await reports.open(addresses.simulated);
  await visit(page, "modules");
  await page.click(".grid [role=row]:has-text('attention')");
  // The address changes before the page is drawn anew.
  const shows = (selector: string) => expect.poll(() => page.innerText(selector), { timeout: 20_000 });
  const crumb = () => shows(".crumbs [aria-current]");
  await page.waitForFunction(() => location.hash.includes("attention"));
  await crumb().toBe("attention");
  await page.click(".tabs >> text=Graph");
  await page.waitForSelector(".graph a");
  await crumb().toBe("attention");
  await expect.poll(() => page.$$eval(".graph a", (boxes) => boxes.map((b) => `${b.getAttribute("data-kind") ?? ""} ${b.querySelector(".label")?.textContent ?? ""}`)), { timeout: 20_000 })
    .toEqual(expect.arrayContaining(["module query ×6", "module key ×6", "operation Softmax ×6"]));
  await page.click(".graph a:has-text('query')");
  await page.waitForFunction(() => location.hash.includes("query"));
  await page.click(".tabs >> text=Flame");
  await page.waitForSelector(".icicle");
  await crumb().toBe("query");
  await shows(".readout b").toBe("model/encoder/layer_*/attention/query");
  await page.click(".tabs >> text=Timeline");
  await page.waitForSelector("canvas.lanes");
  await crumb().toBe("query");
  await shows(".legend").toContain("other modules");
  await page.click(".tabs >> text=Operations");
  await shows("#main h2").toContain("in query");
  for (const view of ["timeline", "flame", "graph"]) {
    await page.goBack();
    await page.waitForFunction((v) => location.hash.startsWith(`#${v}`), view);
  }

  await page.goBack();
  await page.waitForFunction(() => !location.hash.includes("query"));
  await crumb().toBe("attention");
  expect(wrongs).toEqual([]);
});

test("a link shows what it was copied from", async () => {
  const { page } = await reports.open(`${addresses.simulated}#operations?module=model/encoder/layer_3/ffn&metric=time&fold=no&pass=backward`);
  expect(await page.innerText(".crumbs [aria-current]")).toBe("ffn");
  expect(await page.innerText("#main h2")).toBe("Most time in ffn");
  expect(await page.getAttribute("[aria-label=Pass] button:has-text('backward')", "aria-pressed")).toBe("true");
  expect(await page.isChecked("label:has-text('fold layers') input")).toBe(false);
});

test("the graph leaves out nothing without saying so", async () => {
  const { page } = await reports.open(reports.write("many", madeUpPage({ layers: 90 })));
  await visit(page, "graph?module=model/encoder&fold=no");
  await page.waitForSelector(".graph a");
  expect(await page.$$eval(".graph a", (a) => a.length)).toBe(60);
  expect(await page.innerText("#main")).toMatch(/… 30 more, [\d.]+ % together/);
});

test("comparing shows the other recording's figures and what it has alone", async () => {
  const { page } = await reports.open(addresses.simulated);
  const base = pages.simulated.base?.modules[0];
  await visit(page, "compare");
  const rows = await rowTexts(page);
  expect(rows[0].join(" ")).toContain(`?${amountText(base?.energy_j ?? NaN, "J")}`);
  expect(rows.some((row) => row[0].includes("gone"))).toBe(true);
  const { page: without } = await reports.open(addresses.estimated);
  await visit(without, "compare");
  expect(await without.innerText("#main")).toContain("--base OTHER");
});

test("a module of 1 MB, with script, marks and control characters in its name, is only text", async () => {
  const name = `</script><img src=x onerror=alert(1)><b>\u202eevil\u0000"';&${"x".repeat(1_000_000)}`.replaceAll("/", "∕");
  const { page, wrongs } = await reports.open(reports.write("hostile", madeUpPage({ hostileName: name })));
  for (const view of views) {
    await visit(page, view);
    expect(await page.$$("img, script:not([type=module]), #main b b").then((e) => e.length), view).toBe(0);
    expect((await page.content()).length, view).toBeLessThan(4_000_000);
  }

  await visit(page, "modules");
  await page.click(".grid [role=row]:has-text('onerror')");
  await page.waitForSelector(".full-name");
  expect(await page.innerText(".crumbs [aria-current]")).toContain("…");
  expect(page.url().length).toBeLessThan(500);
  await page.click(".full-name summary");
  const whole = await page.inputValue(".full-name textarea");
  expect(whole).toContain("\\u202eevil\\u0000");
  expect(whole.length).toBeGreaterThan(1_000_000);
  await visit(page, "timeline?module=@full:2");
  expect(wrongs).toEqual([]);
});

// `record -- sleep 1` was "a step" of joules, with empty charts of operations and a bar of 0 s.
test("a run without a trace is shown as a run, and nothing is made up about steps and operations", async () => {
  const made = madeUpPage({ devices: { "CPU:0": "measured" }, steps: 1 });
  const root = { ...made.report.modules[0], calls: 0, time_s: 0, energy_j: null, self_j: null, quality: null, by_pass: {} };
  const [device] = made.report.devices;
  const { page, wrongs } = await reports.open(reports.write("untraced", {
    ...made, report: { ...made.report, operations: [], modules: [root], devices: [{ ...device, operations_j: 0, outside_j: device.energy_j }], run: made.report.run && { ...made.report.run, between_steps_j: 0, traced_share: 0 } },
    folded: [root], module_of: [], folded_of: [0], folded_operations: { of: [], energy_sd_j: [] }, first_start_s: [], edges: { from: [], to: [], bytes: [] }, timeline: [],
    profiles: made.profiles.map((p) => ({ ...p, offset: p.offset.map(() => 0), module: [], share: [] })),
  }));
  for (const view of ["summary", "power"]) {
    await visit(page, view);
    expect((await page.innerText("#main")).toLowerCase(), view).not.toMatch(/\b(a|per|1) step|between steps|no module|operations that/);
  }

  await visit(page, "summary");
  expect(await page.innerText(".hero")).toMatch(/the whole run, measured[^]*program/);
  expect(await page.$$eval(".tabs a", (tabs) => tabs.map((t) => t.textContent))).toEqual(["Summary", "Power"]);
  await visit(page, "operations");
  expect(await page.innerText("#main")).toContain("no trace");
  expect(wrongs).toEqual([]);
  await page.close();
});

test("where an operation runs on two devices the ranking says which, and watts of different quality are not added", async () => {
  const { page } = await reports.open(reports.write("devices", madeUpPage({ devices: { "CPU:0": "simulated", "GPU:0": "measured" } })));
  expect(await page.innerText(".hero")).not.toContain("on average");
  await visit(page, "operations?device=GPU:0");
  expect(await page.textContent("figure.chart svg")).toContain("×4 GPU:0");
  await page.close();
});
