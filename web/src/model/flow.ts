import { branches, type ModuleTree } from "./tree.ts";

/** A box of a module's graph. */
export interface FlowNode {
  readonly kind: "module" | "operation";
  /** Node of the tree, or group of operations. */
  readonly id: number;
  readonly value: number;
  /** s after the step's start; NaN where it is not known. */
  readonly start: number;
}

export interface FlowEdge {
  /** Indices in `nodes`. */
  readonly from: number;
  readonly to: number;
  /** B per step; NaN where the trace has no shapes. */
  readonly bytes: number;
  /** Leads through boxes that are not drawn. */
  readonly through: boolean;
}

export interface Flow {
  readonly nodes: readonly FlowNode[];
  readonly edges: readonly FlowEdge[];
  /** What is not drawn: how many, and their sum. */
  readonly hidden: number;
  readonly hiddenValue: number;
}

export interface FlowInput {
  readonly tree: ModuleTree;
  /** Of each row. */
  readonly nodeOf: ArrayLike<number>;
  /** Of each row. */
  readonly groupOf: ArrayLike<number>;
  readonly edges: { readonly from: readonly number[]; readonly to: readonly number[]; readonly bytes: readonly (number | null)[] };
  readonly start: readonly (number | null)[];
  /** Of nodes. */
  readonly column: Float64Array;
  /** Of groups; NaN is unknown. */
  readonly value: (group: number) => number;
  /** Whether a group is in. */
  readonly keeps: (group: number) => boolean;
}

/** The children of a module and what flows between them: the largest `most`, none below `smallest` of the module. */
export function moduleFlow(input: FlowInput, top: number, most: number, smallest: number): Flow {
  const { tree, nodeOf, groupOf, edges } = input;
  const branch = branches(tree, top);

  // A box for each child module that has an operation in, and each group of operations directly in the module.
  const boxOfChild = new Map<number, number>();
  const boxOfGroup = new Map<number, number>();
  const boxOfRow = new Int32Array(nodeOf.length).fill(-1);
  const all: { kind: "module" | "operation"; id: number; value: number; start: number }[] = [];
  for (let row = 0; row < nodeOf.length; row++) {
    const node = nodeOf[row];
    if ((node !== top && branch[node] < 0) || !input.keeps(groupOf[row])) {
      continue;
    }

    let box: number;
    if (node === top) {
      const group = groupOf[row];
      box = boxOfGroup.get(group) ?? all.push({ kind: "operation", id: group, value: input.value(group), start: NaN }) - 1;
      boxOfGroup.set(group, box);
    } else {
      const child = branch[node];
      box = boxOfChild.get(child) ?? all.push({ kind: "module", id: child, value: input.column[child], start: NaN }) - 1;
      boxOfChild.set(child, box);
    }

    boxOfRow[row] = box;
    const start = input.start[row];
    if (start !== null && !(all[box].start <= start)) {
      all[box].start = start;
    }
  }

  const size = (i: number) => (Number.isNaN(all[i].value) ? 0 : all[i].value);
  const bySize = all.map((_, i) => i).sort((a, b) => size(b) - size(a));
  const whole = bySize.reduce((sum, i) => sum + size(i), 0);
  const drawn = bySize.slice(0, most).filter((i, rank) => rank === 0 || size(i) >= whole * smallest);
  drawn.sort((a, b) => order(all[a].start, all[b].start));
  const shown = new Int32Array(all.length).fill(-1);
  drawn.forEach((box, i) => {
    shown[box] = i;
  });

  // Edges between boxes, parallel ones as one.
  const direct = new Map<number, Map<number, number>>();
  for (let e = 0; e < edges.from.length; e++) {
    const a = boxOfRow[edges.from[e]];
    const b = boxOfRow[edges.to[e]];
    if (a >= 0 && b >= 0 && a !== b) {
      const out = direct.get(a) ?? new Map<number, number>();
      const bytes = edges.bytes[e] ?? NaN;
      const before = out.get(b);
      out.set(b, before === undefined || Number.isNaN(before) ? bytes : before + (Number.isNaN(bytes) ? 0 : bytes));
      direct.set(a, out);
    }
  }

  const result: FlowEdge[] = [];
  for (const box of drawn) {
    const from = shown[box];
    const reached = new Set<number>();
    const seen = new Set<number>();
    const hiddenNext: number[] = [];
    for (const [to, bytes] of direct.get(box) ?? []) {
      if (shown[to] >= 0) {
        reached.add(to);
        result.push({ from, to: shown[to], bytes, through: false });
      } else {
        hiddenNext.push(to);
      }
    }

    for (let at = hiddenNext.pop(); at !== undefined; at = hiddenNext.pop()) {
      if (seen.has(at)) {
        continue;
      }

      seen.add(at);
      for (const to of direct.get(at)?.keys() ?? []) {
        if (shown[to] < 0) {
          hiddenNext.push(to);
        } else if (to !== box && !reached.has(to)) {
          reached.add(to);
          result.push({ from, to: shown[to], bytes: NaN, through: true });
        }
      }
    }
  }

  const nodes = drawn.map((i) => all[i]);
  const drawnValue = drawn.reduce((sum, i) => sum + size(i), 0);
  return { nodes, edges: result, hidden: all.length - drawn.length, hiddenValue: whole - drawnValue };
}

function order(a: number, b: number): number {
  return Number.isNaN(a) ? (Number.isNaN(b) ? 0 : 1) : Number.isNaN(b) ? -1 : a - b;
}
