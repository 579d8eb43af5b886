import { describe, expect, test } from "vitest";
import { amount, amountText, count, percent, threeDigits, tickText } from "../../src/text/amount.ts";
import { csv } from "../../src/text/csv.ts";
import { lastOf, shortened, visible } from "../../src/text/name.ts";

describe("amounts", () => {
  test.each<[number | null, string, string]>([
    [12.4269, "J", "12.4 J"], [0.5857, "J", "586 mJ"], [89.2896, "J", "89.3 J"], [1039.7, "J", "1.04 kJ"], [6.4e7, "J", "64.0 MJ"], [0.9999, "J", "1.00 J"], [999.6, "J", "1.00 kJ"],
    [3.2e-6, "s", "3.20 µs"], [1.9965, "s", "2.00 s"], [4500, "s", "4,500 s"], [0, "J", "0 J"], [-2.5, "W", "−2.50 W"], [2e-13, "J", "0.000200 nJ"], [null, "J", "–"], [NaN, "W", "–"], [100, "W", "100 W"], [99.96, "W", "100 W"],
  ])("%d %s is %s", (value, unit, text) => {
    expect(amountText(value, unit)).toBe(text);
  });

  test("missing is never nothing, and has no unit", () => {
    expect(amount(null, "J")).toEqual({ digits: "–", unit: "" });
    expect(amount(0, "J")).toEqual({ digits: "0", unit: "J" });
  });

  test("any figure keeps three digits", () => {
    for (let e = -9; e < 9; e += 0.37) {
      const value = 10 ** e;
      const { digits, unit } = amount(value, "J");
      const factor = { G: 1e9, M: 1e6, k: 1e3, m: 1e-3, µ: 1e-6, n: 1e-9 }[unit.slice(0, -1)] ?? 1;
      expect(Math.abs(Number(digits.replaceAll(",", "")) * factor - value) / value).toBeLessThan(0.0051);
      expect(digits.replaceAll(/[.,]/g, "").replace(/^0+/, "").length).toBe(3);
    }
  });

  test.each([[1, "100 %"], [0.9251, "92.5 %"], [0.0273, "2.7 %"], [0.0001, "< 0.1 %"], [0, "0.0 %"], [-0.094, "−9.4 %"], [NaN, "–"], [5.66, "566 %"]])("%d is %s", (share, text) => {
    expect(percent(share)).toBe(text);
  });

  test("counts and ticks", () => {
    expect([6678, 0.5, 12.34, NaN].map(count)).toEqual(["6,678", "0.500", "12.3", "–"]);
    expect([0, 1e-5, 0.2, 1.2, 100].map((t) => tickText(t, "s"))).toEqual(["0", "10 µs", "200 ms", "1.2 s", "100 s"]);
    expect(threeDigits(12345.6)).toBe("12,346");
  });
});

describe("names", () => {
  test("what cannot be seen is written out", () => {
    expect(visible("a\u202eb\u0000c\u200b\n")).toBe("a\\u202eb\\u0000c\\u200b\\u000a");
    expect(visible("שלום/层/naïve")).toBe("שלום/层/naïve");
  });

  test("a long name loses its middle, never half a character", () => {
    expect(shortened("abcdefghij", 7)).toBe("abc…hij");
    expect(shortened("abc", 7)).toBe("abc");
    const text = shortened("😀".repeat(50), 6);
    expect(text.isWellFormed()).toBe(true);
    expect(shortened("x".repeat(1_000_000), 60)).toHaveLength(60);
  });

  test("a path and its last name", () => {
    expect(lastOf("a/b/c")).toEqual({ above: "a/b/", last: "c" });
    expect(lastOf("c")).toEqual({ above: "", last: "c" });
  });
});

describe("csv", () => {
  test("quotes what must be, leaves out what is not known, and is no formula", () => {
    expect(csv({ columns: ["a", "b"], rows: [["x,y", 1.5], ['say "hi"', null], ["=SUM(A1)", NaN], ["line\nbreak", 0]] }))
      .toBe('a,b\n"x,y",1.5\n"say ""hi""",\n\'=SUM(A1),\n"line\nbreak",0\n');
  });
});
