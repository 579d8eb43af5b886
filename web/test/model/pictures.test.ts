import { describe, expect, test } from "vitest";
import { madeUpPage, modulesOf } from "../../fixture/page.ts";
import { differenceClass } from "../../src/model/difference.ts";
import { moduleFlow, type FlowInput } from "../../src/model/flow.ts";
import { Footprint } from "../../src/model/footprint.ts";
import { frontier } from "../../src/model/frontier.ts";
import { icicle } from "../../src/model/icicle.ts";
import { dotOf, placedOf } from "../../src/model/layout.ts";
import { nearestOf, stackOf, stepArea, stepLine } from "../../src/model/profile.ts";
import { extentOf, stepOf } from "../../src/model/scale.ts";
import { moduleTree } from "../../src/model/tree.ts";

const footprint = new Footprint(madeUpPage({ layers: 12, operationsPerModule: 3 }));
const { tree } = footprint.full;
const slice = footprint.slice(footprint.full, footprint.filter("", ""));

describe("frontier", () => {
  test("its parts sum to the whole, but for the smallest, and none holds another", () => {
    for (const forest of [footprint.full, footprint.folded]) {
      const { energy } = footprint.slice(forest, footprint.filter("", ""));
      const parts = frontier(forest.tree, energy);
      const sum = parts.reduce((s, p) => s + p.value, 0);
      expect(sum).toBeLessThanOrEqual(energy[0] * (1 + 1e-9));
      expect(sum).toBeGreaterThan(energy[0] * 0.9);
      expect(parts.length).toBeGreaterThan(1);
    }
  });

  test("folded, it goes down to where layers differ", () => {
    const { energy } = footprint.slice(footprint.folded, footprint.filter("", ""));
    expect(frontier(footprint.folded.tree, energy).map((p) => footprint.folded.tree.nodes[p.node].path)).toContain("model/encoder/layer_*/ffn");
  });

  // KittiBox: 97 % of the time is in `Validation/conv*_*`, and the summary was one nameless bar.
  test("a chain that holds nearly all is followed to where it parts", () => {
    const chain = moduleTree(modulesOf(["", "Validation", "Validation/conv*_*", "Validation/decoder", "Validation/decoder/Overfeat"].map((path) => ({ ...madeUpPage().report.operations[0], module: path }))));
    const column = Float64Array.from(chain.nodes, (n) => ({ "": 100, "Validation": 99.9, "Validation/conv*_*": 97, "Validation/decoder": 2.9, "Validation/decoder/Overfeat": 1 })[n.path] ?? NaN);
    expect(frontier(chain, column).map((p) => chain.nodes[p.node].path)).toEqual(["Validation/conv*_*", "Validation/decoder"]);
    const leaf = moduleTree(modulesOf([{ ...madeUpPage().report.operations[0], module: "" }]));
    expect(frontier(leaf, Float64Array.of(5))).toEqual([{ node: 0, direct: false, value: 5 }]);
  });

  test("nothing known is one part of nothing", () => {
    expect(frontier(tree, new Float64Array(tree.nodes.length).fill(NaN)).every((p) => p.value === 0)).toBe(true);
  });
});

describe("icicle", () => {
  const { groups, ofNode } = footprint.grouping(footprint.full);
  const boxes = (top: number, narrowest: number) => icicle({ tree, column: slice.energy, operations: (n) => ofNode[n].map((g) => ({ group: g, value: groups[g].energy })) }, top, narrowest);

  test("what a box holds is as wide as the box", () => {
    const all = boxes(0, 0);
    for (const box of all.filter((b) => b.kind === "module")) {
      const held = all.filter((b) => b.depth === box.depth + 1 && b.from >= box.from - 1e-9 && b.to <= box.to + 1e-9).reduce((sum, b) => sum + b.to - b.from, 0);
      expect(held).toBeCloseTo(box.to - box.from, 6);
    }
  });

  test("what is too narrow is summed, and counted", () => {
    const drawn = boxes(0, 0.01);
    expect(drawn.length).toBeLessThan(boxes(0, 0).length / 2);
    expect(drawn.every((b) => b.to - b.from >= 0.01 - 1e-12)).toBe(true);
    expect(drawn.filter((b) => b.kind === "more").every((b) => b.count > 1)).toBe(true);
  });

  test("a chosen module is the whole", () => {
    const top = tree.byPath.get("model/encoder/layer_3") ?? -1;
    expect(boxes(top, 0)[0]).toMatchObject({ id: top, depth: 0, from: 0, to: 1 });
  });

  test("nothing known draws nothing", () => {
    expect(icicle({ tree, column: new Float64Array(tree.nodes.length).fill(NaN), operations: () => [] }, 0, 0)).toEqual([]);
  });
});

describe("moduleFlow", () => {
  const { groups, ofRow } = footprint.grouping(footprint.full);
  const input: FlowInput = {
    tree, nodeOf: footprint.full.nodeOf, groupOf: ofRow, edges: footprint.page.edges, start: footprint.page.first_start_s, column: slice.energy,
    value: (g) => groups[g].energy, keeps: () => true,
  };
  const encoder = tree.byPath.get("model/encoder") ?? -1;
  const names = (flow: ReturnType<typeof moduleFlow>) => flow.nodes.map((n) => (n.kind === "module" ? tree.nodes[n.id].name : groups[n.id].name));

  test("the layers stand in the order in which they run, one arrow from each to the next", () => {
    const flow = moduleFlow(input, encoder, 60, 0);
    expect(names(flow)).toEqual(Array.from({ length: 12 }, (_, i) => `layer_${i}`));
    expect(flow.edges.map((e) => [e.from, e.to])).toEqual(Array.from({ length: 11 }, (_, i) => [i, i + 1]));
    expect(flow.hidden).toBe(0);
  });

  test("what is not drawn is led through, and summed", () => {
    const flow = moduleFlow(input, encoder, 5, 0);
    expect(flow.nodes).toHaveLength(5);
    expect(flow.hidden).toBe(7);
    expect(flow.edges).toHaveLength(4);
    const drawn = flow.nodes.reduce((s, n) => s + n.value, 0);
    expect(drawn + flow.hiddenValue).toBeCloseTo(slice.energy[encoder], 9);
    const indices = flow.nodes.map((n) => Number(tree.nodes[n.id].name.slice(6)));
    flow.edges.forEach((e) => { expect(e.through).toBe(indices[e.to] - indices[e.from] > 1); });
  });

  test("parallel arrows are one, with their bytes together", () => {
    const rows = groups.flatMap((g, i) => (g.name.startsWith("model/encoder/layer_0/ffn/") || g.name.startsWith("model/encoder/layer_1/ffn/") ? [i] : []));
    const edges = { from: [rows[0], rows[1], rows[0]], to: [rows[6], rows[7], rows[8]], bytes: [10, null, 5] };
    const flow = moduleFlow({ ...input, edges }, encoder, 60, 0);
    expect(flow.edges).toEqual([{ from: 0, to: 1, bytes: 15, through: false }]);
  });

  test("a leaf's boxes are its operations", () => {
    const flow = moduleFlow(input, tree.byPath.get("model/encoder/layer_0/ffn") ?? -1, 60, 0);
    expect(flow.nodes.every((n) => n.kind === "operation")).toBe(true);
    expect(flow.nodes).toHaveLength(12);
  });
});

describe("layout", () => {
  const sizes = [{ width: 72, height: 36 }, { width: 72, height: 36 }, { width: 72, height: 36 }];
  const edges = [{ from: 0, to: 1, bytes: 1000, through: false }, { from: 0, to: 1, bytes: 1, through: false }];

  test("Graphviz is told numbers only, nothing of what stands alone, and slight arrows say no order", () => {
    const dot = dotOf(sizes, edges);
    expect(dot).toContain("n0 [width=1.0000 height=0.5000]");
    expect(dot).not.toContain("n2");
    expect(dot.match(/constraint=false/g)).toHaveLength(1);
  });

  test("its answer is read from the lower left to the upper left", () => {
    const placed = placedOf("graph 1 2 4\nnode n0 1 3.75 1 0.5 a solid box black lightgrey\nnode n1 1 0.25 1 0.5 b solid box black lightgrey\nedge n0 n1 4 1 3.5 1 3 1 1 1 0.5 solid black\nedge n0 n1 4 1 3.5 2 3 2 1 1 0.5 solid black\nstop\n", 3, edges);
    expect(placed.boxes).toEqual([{ x: 72, y: 18 }, { x: 72, y: 270 }, null]);
    expect(placed.edges[0].path).toBe("M72.0 36.0C72.0 72.0 72.0 216.0 72.0 252.0");
    expect(placed.edges[1].path).toContain("144.0 72.0");
    expect([placed.width, placed.height]).toEqual([144, 288]);
  });
});

describe("profile", () => {
  test("shares of each bin sum to one whatever the categories", () => {
    const profile = footprint.page.profiles[0];
    const nodes = tree.nodes.flatMap((n, i) => (n.depth === 3 ? [i] : [])).slice(0, 4);
    const stack = stackOf(profile, nearestOf(tree, nodes), nodes.length);
    for (let bin = 0; bin < profile.mean_w.length; bin++) {
      const sum = [...stack.shares.subarray(bin * 5, bin * 5 + 5)].reduce((a, b) => a + b, 0);
      const told = profile.share.slice(profile.offset[bin], profile.offset[bin + 1]).reduce((a, b) => a + b, 0);
      expect(sum).toBeCloseTo(told, 9);
    }
  });

  test("the nearest of nested nodes wins", () => {
    const encoder = tree.byPath.get("model/encoder") ?? -1;
    const layer = tree.byPath.get("model/encoder/layer_2") ?? -1;
    const nearest = nearestOf(tree, [encoder, layer]);
    expect(nearest[tree.byPath.get("model/encoder/layer_2/ffn") ?? -1]).toBe(1);
    expect(nearest[tree.byPath.get("model/encoder/layer_3/ffn") ?? -1]).toBe(0);
    expect(nearest[0]).toBe(-1);
  });

  test("lines and areas break where nothing is known", () => {
    const x = (bin: number) => bin * 10;
    const y = (value: number) => 100 - value;
    expect(stepLine([1, 2, null, 3], x, y)).toBe("M0.0 99.0H10.0L10.0 98.0H20.0M30.0 97.0H40.0");
    expect(stepArea([0, null, 0], [5, 6, 7], x, y)).toBe("M0.0 95.0H10.0L10.0 100.0H0.0ZM20.0 93.0H30.0L30.0 100.0H20.0Z");
  });
});

describe("scales", () => {
  test("steps run from 0 to 8, and the unknown has none", () => {
    expect([0, 5, 10, NaN].map((v) => stepOf(v, 0, 10))).toEqual([0, 4, 8, -1]);
    expect(stepOf(3, 3, 3)).toBe(4);
    expect(extentOf([NaN, 3, 1, 2])).toEqual([1, 3]);
    expect(extentOf([])).toEqual([NaN, NaN]);
  });

  test("differences within two per cent are none; the unknown is not judged", () => {
    expect([100, 101.9, 95, 60, 112, 140].map((v) => differenceClass(v, 100))).toEqual(["same", "same", "less-1", "less-3", "more-2", "more-3"]);
    expect(differenceClass(NaN, 1)).toBe("step-none");
    expect(differenceClass(1, 0)).toBe("more-3");
  });
});
