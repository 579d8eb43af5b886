import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Page } from "playwright-core";
import { Reports, visit } from "./browser.ts";

// The pictures of README and docs: drawn from a page that the program wrote of samples/bert-base-finetune. `npm run pictures` draws them anew.
const given = process.env.REPORT_HTML;
const draw = process.env.DRAW === "1";
const pictures = [
  { file: "summary.png", hash: "summary", height: 720 },
  { file: "graph.png", hash: "graph?module=bert%2Fencoder%2Flayer_*%2Fattention%2Fself", height: 900 },
  { file: "power.png", hash: "power", height: 780 },
];

let reports: Reports;
beforeAll(async () => {
  reports = await Reports.start();
});
afterAll(() => reports.stop());

/** Share of pixels that differ visibly; 1 where the sizes differ. Browsers draw letters a little differently from one version to the next. */
const difference = (page: Page, one: Buffer, other: Buffer) => page.evaluate(async (sources) => {
  const [a, b] = await Promise.all(sources.map(async (source) => {
    const bitmap = await createImageBitmap(new Blob([Uint8Array.from(atob(source), (c) => c.charCodeAt(0))]));
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
    context?.drawImage(bitmap, 0, 0);
    return context?.getImageData(0, 0, bitmap.width, bitmap.height);
  }));
  if (b === undefined || a?.width !== b.width || a.height !== b.height) {
    return 1;
  }

  let differing = 0;
  for (let i = 0; i < a.data.length; i += 4) {
    const most = Math.max(...[0, 1, 2].map((c) => Math.abs(a.data[i + c] - b.data[i + c])));
    differing += most > 48 ? 1 : 0;
  }

  return differing / (a.data.length / 4);
}, [one.toString("base64"), other.toString("base64")]);

test.skipIf(given === undefined).each(pictures)("$file shows what the page shows", async ({ file, hash, height }) => {
  const { page } = await reports.open(pathToFileURL(given ?? "").href, { width: 1280, height });
  await visit(page, hash);
  await page.waitForTimeout(500);
  const drawn = await page.screenshot();
  const path = fileURLToPath(new URL(`../../docs/images/${file}`, import.meta.url));
  if (draw) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, drawn);
  }

  expect(await difference(page, drawn, readFileSync(path))).toBeLessThan(0.03);
  await page.close();
});
