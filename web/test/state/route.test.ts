import { describe, expect, test } from "vitest";
import { hashOf, home, routeOf, type Route } from "../../src/state/route.ts";

describe("routes", () => {
  const routes: Route[] = [
    home,
    { view: "graph", module: "bert/encoder/layer_*/attention", metric: "power", fold: false, pass: "backward", device: "1/GPU:0", step: -3 },
    { ...home, view: "timeline", module: "a b&c=d#e?f%g/ü\u202e</script>", step: 12 },
  ];

  test.each(routes)("an address says all of %o", (route) => {
    expect(routeOf(hashOf(route))).toEqual(route);
  });

  test("an address is legible", () => {
    expect(hashOf({ ...home, view: "graph", module: "bert/encoder/layer_*", pass: "forward" })).toBe("#graph?module=bert/encoder/layer_*&pass=forward");
    expect(hashOf(home)).toBe("#summary");
  });

  test.each(["", "#", "#nonsense", "#nonsense?module", "#summary?metric=zeal&pass=x&step=1e9&fold=maybe"])("%s is home", (hash) => {
    expect(routeOf(hash)).toEqual(home);
  });
});
