import { expect, test } from "vitest";
import { plainColour } from "../../src/chart/save.ts";
import { SvgSurface } from "../../src/chart/surface.ts";

test("names cannot leave their text", () => {
  const surface = new SvgSurface();
  surface.text(1, 2, '</text><script>"&', "#000", 12);
  expect(surface.document(10, 10)).toContain("&lt;/text&gt;&lt;script&gt;&quot;&amp;</text>");
});

test("colours that only browsers know become plain ones", () => {
  expect(plainColour("color(srgb 0.5 0 1)")).toBe("rgb(128,0,255)");
  expect(plainColour("color(srgb 0.5 0 1 / 0.5)")).toBe("rgba(128,0,255,0.5)");
  expect(plainColour("rgb(1, 2, 3)")).toBe("rgb(1, 2, 3)");
});
