import type { ModuleTree } from "./tree.ts";

/** A line of the tree as it is listed. */
export interface OutlineRow {
  readonly kind: "module" | "operation";
  /** Node, or group of operations. */
  readonly id: number;
  readonly level: number;
}

export interface OutlineInput {
  readonly tree: ModuleTree;
  readonly expanded: ReadonlySet<number>;
  /** Which nodes are listed; null for all. */
  readonly listed: Uint8Array | null;
  readonly order: (a: number, b: number) => number;
  /** Operations directly in a node, in order; none where only modules are listed. */
  readonly operations: (node: number) => readonly number[];
}

/** The lines of a tree of which some nodes are open. */
export function outline(input: OutlineInput): OutlineRow[] {
  const rows: OutlineRow[] = [];
  const open: { node: number; level: number }[] = [{ node: 0, level: 1 }];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    rows.push({ kind: "module", id: at.node, level: at.level });
    if (!input.expanded.has(at.node)) {
      continue;
    }

    const children = input.tree.children[at.node].filter((c) => input.listed === null || input.listed[c] === 1).sort(input.order);
    const operations = input.operations(at.node);
    for (let i = children.length - 1; i >= 0; i--) {
      open.push({ node: children[i], level: at.level + 1 });
    }

    for (const group of operations) {
      rows.push({ kind: "operation", id: group, level: at.level + 1 });
    }
  }

  return rows;
}

/** Nodes whose name holds a text, with all above them: what is listed and what is open. */
export function found(tree: ModuleTree, text: string): { listed: Uint8Array; expanded: Set<number>; hits: ReadonlySet<number> } {
  const needle = text.toLowerCase();
  const listed = new Uint8Array(tree.nodes.length);
  const expanded = new Set<number>();
  const hits = new Set<number>();
  listed[0] = 1;
  tree.nodes.forEach((node, i) => {
    // A text with a slash is looked for in whole paths.
    if (!(needle.includes("/") ? node.path : node.name).toLowerCase().includes(needle) || i === 0) {
      return;
    }

    hits.add(i);
    listed[i] = 1;
    for (let at = tree.parent[i]; at >= 0 && !expanded.has(at); at = tree.parent[at]) {
      listed[at] = 1;
      expanded.add(at);
    }
  });
  return { listed, expanded, hits };
}
