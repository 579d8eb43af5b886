import { describe, expect, test } from "vitest";
import { madeUpPage } from "../../fixture/page.ts";
import { isOf, labelOf } from "../../src/model/device.ts";
import { inOrder, largestOf, noteOf } from "../../src/model/groups.ts";
import { Footprint } from "../../src/model/footprint.ts";

const close = (a: number, b: number) => { expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(b))); };

describe("slices", () => {
  const footprint = new Footprint(madeUpPage({ layers: 6, operationsPerModule: 2 }));

  test.each([false, true])("folded %s: the sums of operations are the report's own figures", (folded) => {
    const forest = footprint.forest(folded);
    const whole = footprint.slice(forest, footprint.filter("", ""));
    const parts = footprint.passes.map((pass) => footprint.slice(forest, footprint.filter("", pass)));
    forest.tree.nodes.forEach((node, i) => {
      close(parts.reduce((sum, p) => sum + (p.energy[i] || 0), 0), node.energy_j ?? NaN);
      close(parts.reduce((sum, p) => sum + p.time[i], 0), node.time_s);
      close(whole.energy[i], node.energy_j ?? NaN);
      for (const [p, pass] of footprint.passes.entries()) {
        close(parts[p].energy[i] || 0, node.by_pass[pass]?.energy_j ?? 0);
      }
    });
  });

  test("what has no power is not known, and not nothing", () => {
    const timeOnly = new Footprint(madeUpPage({ devices: { "CPU:0": null } }));
    const slice = timeOnly.slice(timeOnly.full, timeOnly.filter("", "forward"));
    expect(slice.energy[0]).toBeNaN();
    expect(slice.power[0]).toBeNaN();
    expect(slice.time[0]).toBeGreaterThan(0);
  });

  test("joules of different quality are never added", () => {
    const mixed = new Footprint(madeUpPage({ devices: { "CPU:0": "estimated", "GPU:0": "measured", "GPU:1": "measured" } }));
    expect(mixed.totals().map((t) => [t.quality, t.devices])).toEqual([["measured", ["GPU:0", "GPU:1"]], ["estimated", ["CPU:0"]]]);
    const own = mixed.slice(mixed.full, mixed.filter("", ""));
    expect(own.quality[0]).toBe("derived");
    const gpus = mixed.report.operations.filter((o) => o.device !== "CPU:0").reduce((sum, o) => sum + (o.energy_j ?? 0), 0);
    close(own.energy[0], gpus);
    expect(mixed.slice(mixed.full, mixed.filter("estimated", "")).quality[0]).toBe("estimated");
  });
});

describe("devices of a job", () => {
  const page = madeUpPage({ devices: { "node1/CPU:0": "measured", "1/GPU:0": "measured" } });
  const [cpu, gpu] = page.report.devices;
  const footprint = new Footprint({ ...page, report: { ...page.report, devices: [{ ...cpu, rank: 0 }, { ...cpu, rank: 1 }, { ...gpu, rank: 1 }] } });

  test("each rank's part of a host's processors has a name of its own", () => {
    expect(footprint.report.devices.map(labelOf)).toEqual(["node1/CPU:0 rank 0", "node1/CPU:0 rank 1", "1/GPU:0"]);
    expect(isOf("node1/CPU:0 rank 1", "node1/CPU:0")).toBe(true);
    expect(isOf("node1/CPU:0 rank 1", "node1/CPU:01")).toBe(false);
    expect(footprint.qualityOf("node1/CPU:0 rank 1")).toBe("measured");
  });

  test("they are added, and said to be several", () => {
    expect(footprint.totals()).toMatchObject([{ quality: "measured", parts: 3, devices: ["node1/CPU:0", "1/GPU:0"] }]);
    close(footprint.totals()[0].joules, 2 * (cpu.energy_j ?? NaN) + (gpu.energy_j ?? NaN));
    expect(footprint.filter("", "").devices).toBeNull();
  });
});

describe("folding", () => {
  const footprint = new Footprint(madeUpPage({ layers: 12 }));

  test("every layer is where the folded tree has it", () => {
    const { tree } = footprint.folded;
    footprint.full.tree.nodes.forEach((node, i) => {
      expect(tree.nodes[footprint.foldedOf[i]].path).toBe(node.path.replace(/layer_\d+/, "layer_*"));
    });
    expect(footprint.members[tree.byPath.get("model/encoder/layer_*/ffn") ?? -1]).toHaveLength(12);
  });

  test("the program's own word on where a module was folded to goes first", () => {
    const page = madeUpPage();
    const told = new Footprint({ ...page, folded_of: page.report.modules.map(() => 0) });
    expect([...new Set(told.foldedOf)]).toEqual([0]);
  });

  test("a path of one tree means something in the other", () => {
    expect(footprint.folded.tree.nodes[footprint.resolve(footprint.folded, "model/encoder/layer_7/ffn")].path).toBe("model/encoder/layer_*/ffn");
    expect(footprint.full.tree.nodes[footprint.resolve(footprint.full, "model/encoder/layer_*/ffn")].path).toMatch(/^model\/encoder\/layer_\d+\/ffn$/);
    expect(footprint.full.tree.nodes[footprint.resolve(footprint.full, "model/encoder/nowhere/at/all")].path).toBe("model/encoder");
    expect(footprint.resolve(footprint.full, "nowhere")).toBe(0);
  });

  test("a folded module stands for all its members", () => {
    const chosen = footprint.chosen("model/encoder/layer_*/attention");
    footprint.full.tree.nodes.forEach((node, i) => {
      expect(chosen[i]).toBe(/layer_\d+\/attention/.test(node.path) ? 1 : 0);
    });
    expect([...footprint.chosen("")].every((c) => c === 1)).toBe(true);
  });

  test("a name too long for an address is found by its number", () => {
    const long = new Footprint(madeUpPage({ hostileName: "x".repeat(5000) }));
    const node = long.full.tree.nodes.findIndex((n) => n.name.length === 5000);
    const address = long.addressOf(long.full.tree, node);
    expect(address.length).toBeLessThan(40);
    expect(long.resolve(long.full, address)).toBe(node);
    expect(long.chosen(address)[node]).toBe(1);
    expect(long.chosen(address)[0]).toBe(0);
  });
});

describe("operations", () => {
  test("folded, the layers' operations are one, of one device and pass, and nothing is lost", () => {
    const footprint = new Footprint(madeUpPage({ layers: 12, devices: { "CPU:0": "simulated", "GPU:0": "simulated" } }));
    const { groups, ofRow, ofNode } = footprint.grouping(footprint.folded);
    const products = groups.filter((g) => g.name === "gradients/model/encoder/layer_*/ffn/MatMul_grad/MatMul");
    expect(products.map((g) => [g.device, g.pass, g.rows.length])).toEqual([["CPU:0", "backward", 12], ["GPU:0", "backward", 12]]);
    close(groups.reduce((sum, g) => sum + g.energy, 0), footprint.report.modules[0].energy_j ?? NaN);
    expect(ofNode.flat().sort((a, b) => a - b)).toEqual(groups.map((_, i) => i));
    ofRow.forEach((g, row) => { expect(groups[g].rows).toContain(row); });
  });

  test("they are put in order as by sorting, the unknown last, and the largest few are the first of all", () => {
    const footprint = new Footprint(madeUpPage({ layers: 5, devices: { "CPU:0": null, "GPU:0": "measured" } }));
    const { groups } = footprint.grouping(footprint.full);
    const ordered = inOrder(groups, (g) => g.energy);
    expect(new Set(ordered).size).toBe(groups.length);
    expect(ordered.slice(0, groups.length / 2).map((g) => g.energy)).toEqual(groups.flatMap((g) => (Number.isNaN(g.energy) ? [] : [g.energy])).sort((a, b) => b - a));
    expect(ordered.slice(groups.length / 2).every((g) => Number.isNaN(g.energy))).toBe(true);
    const known = groups.filter((g) => g.energy > 0);
    expect(largestOf(known, 7, (g) => g.energy)).toEqual(ordered.slice(0, 7));
    expect(largestOf(known, 1e6, (g) => g.energy)).toEqual(ordered.slice(0, known.length));
    expect(largestOf([...known.slice(0, 3), ...known.slice(0, 3)], 4, () => 1)).toHaveLength(4);
  });

  // The optimizer's `Mul_1`, `Mul_2`, … each work for one weight; together they were shown in the module of the first, wider than the module.
  test("operations of one name that belong to several modules are one in the ranking, and each module has its own", () => {
    const page = madeUpPage({ layers: 3 });
    const leaves = ["model/head", "model/encoder/layer_1/ffn"];
    const rows = page.report.operations.flatMap((o, row) => (o.pass === "forward" && leaves.includes(o.module) && o.type === "MatMul" ? [row] : []));
    expect(rows).toHaveLength(2);
    const of = page.report.operations.map((_, row) => (rows.includes(row) ? rows[0] : row));
    const told = new Footprint({ ...page, folded_operations: { of, energy_sd_j: of.map(() => 0.5) } });
    const ranked = told.ranking(told.folded).filter((g) => g.rows.includes(rows[0]));
    expect(ranked.map((g) => [g.rows, g.sd])).toEqual([[rows, 0.5]]);
    const { groups, ofNode } = told.grouping(told.folded);
    told.folded.tree.nodes.forEach((node, i) => {
      const held = ofNode[i].reduce((sum, g) => sum + groups[g].energy, 0) + told.folded.tree.children[i].reduce((sum, c) => sum + (told.folded.tree.nodes[c].energy_j ?? NaN), 0);
      close(held, node.energy_j ?? NaN);
    });
    for (const row of rows) {
      expect(groups.filter((g) => g.rows.includes(row)).map((g) => [g.rows.length, g.sd])).toEqual([[1, page.report.operations[row].energy_sd_j]]);
    }
  });

  // Two ranks on one host have the same operations on `node1/CPU:0`: each stood twice, without a word on why.
  test("of ranks on one host the ranking says whose an operation is", () => {
    const page = madeUpPage({ devices: { "node1/CPU:0": "measured" } });
    const operations = page.report.operations.map((o, i) => ({ ...o, rank: i % 2 }));
    const ranks = new Footprint({ ...page, report: { ...page.report, operations } });
    expect(ranks.severalPlaces).toBe(true);
    expect(noteOf(ranks.ranking(ranks.full)[1], ranks.severalPlaces)).toBe("node1/CPU:0 rank 1");
    expect(new Footprint(page).severalPlaces).toBe(false);
  });

  test("a deviation is shown only where it can be told", () => {
    const page = madeUpPage({ layers: 3 });
    const guessing = new Footprint(page).grouping(new Footprint(page).folded).groups;
    expect(guessing.filter((g) => g.rows.length > 1).every((g) => Number.isNaN(g.sd))).toBe(true);
    const footprint = new Footprint(page);
    const { ofRow, groups } = footprint.grouping(footprint.folded);
    const told = new Footprint({ ...page, folded_operations: { of: [...ofRow], energy_sd_j: groups.map((_, i) => i) } });
    expect(told.grouping(told.folded).groups.map((g) => g.sd)).toEqual(groups.map((_, i) => i));
  });
});
