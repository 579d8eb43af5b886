// How long a report's page takes in a browser: until it is painted, until its summary is there, and from a click to what it shows.
// Usage: node bench/page_clicks.mjs PAGE.html [ROUNDS], after `npm ci` in web/. Writes a Markdown table. bench/page.sh runs it.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const { chromium } = createRequire(new URL("../web/package.json", import.meta.url))("playwright-core");

const executable = process.env.CHROMIUM ?? "/usr/bin/chromium";
const [path, rounds = "5"] = process.argv.slice(2);
if (path === undefined) {
  throw new Error("usage: node bench/page_clicks.mjs PAGE.html [ROUNDS]");
}

const ways = ["modules?fold=no", "operations?fold=no", "operations", "flame?fold=no", "graph?fold=no", "power", "timeline", "summary"];
const browser = await chromium.launch({ executablePath: executable, args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"] });
const taken = new Map();
const note = (name, ms) => taken.set(name, [...(taken.get(name) ?? []), ms]);
for (let round = 0; round < Number(rounds); round++) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await page.goto(pathToFileURL(path).href);
  await page.waitForSelector("#main");
  note("first paint", await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0].startTime));
  note("the summary is there", await page.evaluate(() => new Promise((painted) => requestAnimationFrame(() => setTimeout(() => { painted(performance.now()); })))));
  for (const way of ways) {
    // Two frames: what is drawn in one is painted when the next begins. A graph is laid out later still.
    note(`to \`${way}\``, await page.evaluate(async (to) => {
      const frame = () => new Promise((painted) => requestAnimationFrame(() => setTimeout(painted)));
      const start = performance.now();
      location.hash = to;
      await frame();
      await frame();
      while (document.body.innerText.includes("Laying out …")) {
        await frame();
      }

      return performance.now() - start;
    }, way));
  }

  await page.close();
}

const version = browser.version();
await browser.close();
const median = (all) => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)];
console.log(`Chromium ${version}, ${rounds} rounds.\n\n| | median ms | least | most |\n|---|---|---|---|`);
for (const [name, all] of taken) {
  console.log(`| ${name} | ${median(all).toFixed(0)} | ${Math.min(...all).toFixed(0)} | ${Math.max(...all).toFixed(0)} |`);
}
