import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { filled } from "../fixture/fill.ts";
import { madeUpPage } from "../fixture/page.ts";
import { Reports, visit } from "./browser.ts";

let reports: Reports;
beforeAll(async () => { reports = await Reports.start(); });
afterAll(() => reports.stop());

describe("what is saved", () => {
  test.each(["summary", "graph", "flame", "operations", "power", "timeline"])("%s: SVG, PNG and CSV of every chart", async (view) => {
    const { page, wrongs } = await reports.open(reports.write(`save-${view}`, madeUpPage()));
    await visit(page, view);
    await page.waitForTimeout(200);
    for (const figure of await page.$$("figure.chart")) {
      const saved: Record<string, Buffer> = {};
      for (const ending of ["CSV", "SVG", "PNG"]) {
        const [download] = await Promise.all([page.waitForEvent("download"), figure.$(`button:has-text('${ending}')`).then((b) => b?.click())]);
        expect(download.suggestedFilename()).toMatch(new RegExp(`^[\\w-]+\\.${ending.toLowerCase()}$`));
        saved[ending] = readFileSync(await download.path());
      }

      expect(saved.CSV.toString().split("\n").length).toBeGreaterThan(2);
      expect(saved.PNG.subarray(1, 4).toString()).toBe("PNG");
      expect(saved.PNG.readUInt32BE(16)).toBeGreaterThan(100);
      const svg = saved.SVG.toString();
      expect(svg).not.toMatch(/color-mix|var\(|color\(/);
      expect(await page.evaluate((text) => new DOMParser().parseFromString(text, "image/svg+xml").querySelector("parsererror")?.textContent ?? "", svg)).toBe("");
      expect(svg.match(/<(rect|path|polyline|circle)/g)?.length).toBeGreaterThan(1);
    }

    expect(wrongs).toEqual([]);
    await page.close();
  });
});

describe("what cannot be read", () => {
  test.each([["nothing", "%SMARAGDINE_" + "DATA%", "empty page"], ["damaged data", "H4sIAAAA", "cut short"], ["another version", gzipSync('{"schema":"smaragdine.page/9"}').toString("base64"), "different versions"]])("%s is said in words", async (name, data, words) => {
    const { page } = await reports.open(reports.write(`bad-${name.replaceAll(" ", "-")}`, data));
    expect(await page.innerText(".failure")).toContain(words);
  });
});

test("served, the page fetches its data from beside it, and from nowhere else", async () => {
  const server = createServer((request, response) => {
    if (request.url === "/") {
      response.setHeader("content-type", "text/html; charset=utf-8").end(filled("src:data").replace("connect-src 'none'", "connect-src 'self'"));
    } else if (request.url === "/data") {
      response.setHeader("content-type", "application/octet-stream").end(gzipSync(JSON.stringify(madeUpPage())));
    } else {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  try {
    const { page, wrongs } = await reports.open(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    expect(await page.innerText("h1")).toBe("made up");
    expect(wrongs).toEqual([]);
    expect(await page.evaluate(() => fetch("https://example.org/").then(() => "fetched", () => "refused"))).toBe("refused");
  } finally {
    server.close();
  }
});

test("a report of 200,000 operations is shown soon, and only what is in sight is in the document", async () => {
  const data = madeUpPage({ layers: 48, operationsPerModule: 259 });
  expect(data.report.operations.length).toBeGreaterThan(195_000);
  const { page, wrongs } = await reports.open(reports.write("large", data));
  // Generous: the machine may be busy. docs/report.md says how it is measured.
  expect(await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0].startTime)).toBeLessThan(4000);
  await visit(page, "operations?fold=no");
  expect(await page.innerText("#main")).toContain(`${data.report.operations.length.toLocaleString("en-US")} operations`);
  expect(await page.$$eval("[role=row]", (rows) => rows.length)).toBeLessThan(100);
  expect(await page.getAttribute("[role=grid]", "aria-rowcount")).toBe(String(data.report.operations.length + 1));
  for (const view of ["modules?fold=no", "timeline", "flame?fold=no", "graph?module=model/encoder/layer_1/ffn&fold=no", "power?fold=no"]) {
    await visit(page, view);
    expect(await page.$$eval("*", (all) => all.length), view).toBeLessThan(9000);
  }

  expect(wrongs).toEqual([]);
});
