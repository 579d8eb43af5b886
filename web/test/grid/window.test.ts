import { expect, test } from "vitest";
import { scrollTo, windowOf } from "../../src/grid/window.ts";

test("only rows in sight are drawn, however many there are", () => {
  expect(windowOf(0, 600, 30, 200_000)).toEqual({ first: 0, last: 28 });
  expect(windowOf(3_000_000, 600, 30, 200_000)).toEqual({ first: 99_992, last: 100_028 });
  expect(windowOf(9_999, 600, 30, 3)).toEqual({ first: 3, last: 3 });
  expect(windowOf(0, 600, 30, 0)).toEqual({ first: 0, last: 0 });
});

test("scrolling to a row moves no further than it must", () => {
  expect(scrollTo(5, 0, 300, 30)).toBe(0);
  expect(scrollTo(20, 0, 300, 30)).toBe(330);
  expect(scrollTo(2, 300, 300, 30)).toBe(60);
});
