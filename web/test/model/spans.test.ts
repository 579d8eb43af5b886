import { describe, expect, test } from "vitest";
import { madeUpPage } from "../../fixture/page.ts";
import { firstAbove, meanPower, spanAt, strips, unpackSpans, type Lane } from "../../src/model/spans.ts";

const packed = madeUpPage({ layers: 8, operationsPerModule: 20 }).timeline[0].devices[0];
const device = unpackSpans(packed);

describe("unpackSpans", () => {
  test("spans come back where they were", () => {
    let start = 0;
    const next = device.lanes.map(() => 0);
    packed.start_ns.forEach((delta, i) => {
      start += delta;
      const lane = device.lanes[packed.lane[i]];
      const at = next[packed.lane[i]]++;
      expect([lane.start[at], lane.end[at], lane.operation[at]]).toEqual([start, start + packed.duration_ns[i], packed.operation[i]]);
    });
  });
});

/** By looking at every span. */
function slowCover(lane: Lane, from: number, to: number): number {
  let sum = 0;
  lane.start.forEach((s, i) => { sum += Math.max(0, Math.min(to, lane.end[i]) - Math.max(from, s)); });
  return sum;
}

describe("strips", () => {
  const categoryOf = new Int8Array(100_000).fill(1);

  test.each([[0, 1], [0.3, 0.31], [0.5, 0.5001]])("from %d to %d of a step they cover what the spans cover", (a, b) => {
    const from = a * device.length;
    const to = b * device.length;
    const width = 800;
    for (const lane of device.lanes) {
      const drawn = strips(lane, from, to, width, categoryOf, 3);
      expect(drawn.length).toBeLessThanOrEqual(2 * width);
      expect(drawn.every((s) => s.x >= 0 && s.x + s.width <= width + 1e-6 && s.category === 1)).toBe(true);
      const wide = drawn.filter((s) => s.span >= 0).reduce((sum, s) => sum + s.width, 0);
      const share = (slowCover(lane, from, to) / (to - from)) * width;
      expect(wide).toBeLessThanOrEqual(share + 1e-6);
      expect(wide + drawn.filter((s) => s.span < 0).reduce((sum, s) => sum + s.cover, 0)).toBeGreaterThanOrEqual(share - 1);
    }
  });

  test("200,000 spans are drawn in no more than the pixels there are", () => {
    const n = 200_000;
    const start = Float64Array.from({ length: n }, (_, i) => i * 10);
    const end = start.map((s) => s + 8);
    const lane: Lane = { name: "", start, end, reach: end, operation: new Int32Array(n) };
    expect(strips(lane, 0, n * 10, 1000, new Int8Array(1), 1)).toHaveLength(1000);
  });

  test("a span that began before what is seen, over others, is seen", () => {
    const lane: Lane = { name: "", start: Float64Array.from([0, 10, 20]), end: Float64Array.from([1000, 15, 25]), reach: Float64Array.from([1000, 1000, 1000]), operation: new Int32Array(3) };
    expect(strips(lane, 500, 600, 100, new Int8Array(1), 1)).toEqual([{ x: 0, width: 100, span: 0, category: 0, cover: 1 }]);
    expect(spanAt(lane, 550, 1)).toBe(0);
    expect(spanAt(lane, 12, 0)).toBe(1);
    expect(spanAt(lane, 2000, 10)).toBe(-1);
  });
});

describe("meanPower", () => {
  const power = { t: Float64Array.from([0, 10, 20, 30]), w: [5, null, 20] };

  test("is over what is known only", () => {
    expect(meanPower(power, 0, 10)).toBe(5);
    expect(meanPower(power, 5, 25)).toBe(12.5);
    expect(meanPower(power, 11, 19)).toBeNaN();
    expect(meanPower(power, 40, 50)).toBeNaN();
  });

  test("without any power there is none", () => {
    expect(meanPower({ t: new Float64Array(), w: [] }, 0, 10)).toBeNaN();
  });
});

test("firstAbove finds the place by halves as by looking", () => {
  const column = Float64Array.from([1, 2, 2, 3, 8]);
  for (const value of [0, 1, 2, 2.5, 3, 8, 9]) {
    const slow = column.findIndex((c) => c > value);
    expect(firstAbove(column, value)).toBe(slow < 0 ? column.length : slow);
  }
});
