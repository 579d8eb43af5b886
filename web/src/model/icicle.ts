import type { ModuleTree } from "./tree.ts";

/** A box of an icicle: a module, an operation directly in one, or several too narrow to draw. */
export interface Box {
  readonly kind: "module" | "operation" | "more";
  /** Module's node; for an operation its group; for `more` the module that holds them. */
  readonly id: number;
  readonly depth: number;
  /** 0..1 of the width */
  readonly from: number;
  readonly to: number;
  readonly value: number;
  /** How many it stands for. */
  readonly count: number;
}

export interface IcicleInput {
  readonly tree: ModuleTree;
  readonly column: Float64Array;
  /** Operations directly in a module, with their values; asked for only where they can be seen. */
  readonly operations: (node: number) => { group: number; value: number }[];
}

/**
 * Lays out what lies beneath a node, largest first, nothing narrower than `narrowest` (of the width): what is smaller is summed.
 * The work is bounded by what can be seen, not by the size of the tree.
 */
export function icicle(input: IcicleInput, top: number, narrowest: number): Box[] {
  const { tree, column } = input;
  const whole = column[top];
  const boxes: Box[] = [];
  if (!(whole > 0)) {
    return boxes;
  }

  const open: { node: number; depth: number; from: number }[] = [{ node: top, depth: 0, from: 0 }];
  boxes.push({ kind: "module", id: top, depth: 0, from: 0, to: 1, value: whole, count: 1 });
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const { node, depth } = at;
    const parts: { kind: "module" | "operation"; id: number; value: number }[] = [];
    for (const child of tree.children[node]) {
      parts.push({ kind: "module", id: child, value: column[child] });
    }

    for (const { group, value } of input.operations(node)) {
      parts.push({ kind: "operation", id: group, value });
    }

    parts.sort((a, b) => b.value - a.value);
    let from = at.from;
    let rest = 0;
    let restCount = 0;
    for (const part of parts) {
      if (!(part.value > 0)) {
        continue;
      }

      const width = part.value / whole;
      if (width < narrowest) {
        rest += part.value;
        restCount++;
        continue;
      }

      boxes.push({ kind: part.kind, id: part.id, depth: depth + 1, from, to: from + width, value: part.value, count: 1 });
      if (part.kind === "module") {
        open.push({ node: part.id, depth: depth + 1, from });
      }

      from += width;
    }

    if (rest / whole >= narrowest) {
      boxes.push({ kind: "more", id: node, depth: depth + 1, from, to: from + rest / whole, value: rest, count: restCount });
    }
  }

  return boxes;
}
