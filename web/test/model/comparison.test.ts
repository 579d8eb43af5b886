import { describe, expect, test } from "vitest";
import { madeUpPage } from "../../fixture/page.ts";
import { comparable, compared, disparities } from "../../src/model/comparison.ts";

const page = madeUpPage({ layers: 3, withBase: true });
const now = page.report;
const before = page.base ?? now;

describe("compared", () => {
  const rows = compared(now, before, true);

  test("holds every module of both once, parents before children", () => {
    expect(rows.map((r) => r.path).sort()).toEqual([...new Set([...now.modules, ...before.modules].map((m) => m.path))].sort());
    rows.forEach((row, i) => {
      expect(row.parent).toBeLessThan(i);
      if (row.parent >= 0) {
        expect(rows[row.parent].children).toContain(i);
        expect(row.path.startsWith(rows[row.parent].path)).toBe(true);
      }
    });
  });

  test("a module of one of them is not known in the other", () => {
    const gone = rows.find((r) => r.path === "model/encoder/layer_3");
    expect(gone).toMatchObject({ now: null, valueNow: NaN });
    expect(gone?.valueBefore).toBeGreaterThan(0);
    expect(gone?.spread).toBeNaN();
  });

  test("the spread is of the difference", () => {
    expect(rows[0].spread).toBeCloseTo(Math.hypot(now.modules[0].energy_sd_j ?? NaN, before.modules[0].energy_sd_j ?? NaN), 12);
  });
});

test("joules are compared where both are from sensors, or from one kind of model", () => {
  const of = (quality: "measured" | "estimated" | "simulated" | null) => madeUpPage({ devices: { "CPU:0": quality } }).report;
  expect(comparable(of("measured"), of("measured"))).toBe(true);
  expect(comparable(of("measured"), of("estimated"))).toBe(false);
  expect(comparable(of("simulated"), of("simulated"))).toBe(true);
  expect(comparable(of(null), of(null))).toBe(false);
});

test("what else differs is said", () => {
  expect(disparities(now, before)).toEqual(["modules: 0 only here, 5 only in the other"]);
  expect(disparities(now, { ...now, attribution: "fit", recording: { ...now.recording, model: null } })).toEqual(["model: made up here, unknown in the other", "attribution: split here, fit in the other"]);
});
