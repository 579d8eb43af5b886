import { describe, expect, test } from "vitest";
import { madeUpPage } from "../../fixture/page.ts";
import { foldedOf, starred } from "../../src/model/folding.ts";
import { found, outline } from "../../src/model/outline.ts";
import { ancestry, beneath, branches, childTowards, moduleTree } from "../../src/model/tree.ts";
import type { ReportModule } from "../../src/data/report.ts";

const module = (path: string, name = path.split("/").at(-1) ?? ""): ReportModule => ({
  path, name, depth: path === "" ? 0 : path.split("/").length, kind: "module", class: null, calls: 0, time_s: 0, self_j: null, energy_j: null, energy_sd_j: null, energy_se_j: null,
  power_w: null, quality: null, by_pass: {}, by_domain: {}, members: null,
});
const tree = moduleTree(madeUpPage({ layers: 3 }).report.modules);
const at = (path: string) => tree.byPath.get(path) ?? -1;

describe("moduleTree", () => {
  test("each node hangs under the one that its path says", () => {
    tree.nodes.forEach((node, i) => {
      expect(tree.parent[i] < 0 ? "" : tree.nodes[tree.parent[i]].path).toBe(node.path.split("/").slice(0, -1).join("/"));
    });
  });

  test("a tree of one module has that module as its root", () => {
    const part = moduleTree([module("a/b"), module("a/b/c")]);
    expect([...part.parent]).toEqual([-1, 0]);
  });

  test("a name with slashes in it is one name", () => {
    const odd = moduleTree([module("", ""), module("a"), module("a/b/c", "b/c")]);
    expect([...odd.parent]).toEqual([-1, 0, 1]);
  });

  test("ancestry, branches and what lies beneath agree", () => {
    const encoder = at("model/encoder");
    const query = at("model/encoder/layer_1/attention/query");
    expect(ancestry(tree, query).map((n) => tree.nodes[n].name)).toEqual(["", "model", "encoder", "layer_1", "attention", "query"]);
    expect(childTowards(tree, encoder, query)).toBe(at("model/encoder/layer_1"));
    const branch = branches(tree, encoder);
    const mask = beneath(tree, [encoder]);
    tree.nodes.forEach((_, i) => {
      expect(branch[i] >= 0).toBe(i !== encoder && mask[i] === 1);
      if (branch[i] >= 0) {
        expect(branch[i]).toBe(childTowards(tree, encoder, i));
      }
    });
  });
});

describe("foldedOf", () => {
  test.each([["layer_3", "layer_*"], ["conv2d_1", "conv2d_*"], ["conv2d", "conv2d"], ["group_0_3", "group_*_*"], ["a1b", "a1b"], ["layer.7", "layer.*"]])("%s is %s", (name, pattern) => {
    expect(starred(name)).toBe(pattern);
  });

  test("a name goes to itself before a pattern, its stem counts as the first, and what has no place stays with its parent", () => {
    const full = moduleTree(["", "a", "a/norm", "a/norm_1", "a/norm_2", "a/dense_1", "a/odd"].map((p) => module(p)));
    const folded = moduleTree(["", "a", "a/norm_*", "a/dense_1", "a/dense_*"].map((p) => module(p)));
    expect([...foldedOf(full, folded)]).toEqual([0, 1, 2, 2, 2, 3, 1]);
  });
});

describe("outline", () => {
  const all = (expanded: ReadonlySet<number>) => outline({ tree, expanded, listed: null, order: (a, b) => a - b, operations: () => [] });

  test("lists what is open, in order, with levels", () => {
    expect(all(new Set()).map((r) => r.id)).toEqual([0]);
    const open = all(new Set(tree.nodes.map((_, i) => i)));
    expect(open.map((r) => r.id)).toEqual(tree.nodes.map((_, i) => i));
    expect(open.map((r) => r.level)).toEqual(tree.nodes.map((n) => n.depth + 1));
  });

  test("operations stand before the modules beneath", () => {
    const rows = outline({ tree, expanded: new Set([0]), listed: null, order: (a, b) => a - b, operations: (n) => (n === 0 ? [5, 6] : []) });
    expect(rows.map((r) => `${r.kind} ${r.id}`)).toEqual(["module 0", "operation 5", "operation 6", "module 1"]);
  });

  test("what is looked for is listed with all above it; a slash looks in whole paths", () => {
    const names = (text: string) => {
      const { listed, expanded } = found(tree, text);
      return outline({ tree, expanded, listed, order: (a, b) => a - b, operations: () => [] }).map((r) => tree.nodes[r.id].path);
    };
    expect(names("QUERY")).toContain("model/encoder/layer_0/attention/query");
    expect(names("QUERY")).not.toContain("model/encoder/layer_0/attention/key");
    expect(names("layer_1/attention")).toEqual(expect.arrayContaining(["model/encoder/layer_1/attention/key"]));
    expect(names("layer_1/attention")).not.toContain("model/encoder/layer_0");
    expect(found(tree, "nothing like it").hits.size).toBe(0);
  });
});
