import type { ReportModule } from "../data/report.ts";

/** A module tree by index: node 0 is its root, parents stand before their children. */
export interface ModuleTree {
  readonly nodes: readonly ReportModule[];
  /** -1 for the root. */
  readonly parent: Int32Array;
  readonly children: readonly (readonly number[])[];
  readonly byPath: ReadonlyMap<string, number>;
}

export function moduleTree(nodes: readonly ReportModule[]): ModuleTree {
  const byPath = new Map<string, number>();
  const parent = new Int32Array(nodes.length).fill(-1);
  const children: number[][] = nodes.map(() => []);
  nodes.forEach((node, i) => {
    if (i > 0) {
      const above = byPath.get(node.path.slice(0, Math.max(0, node.path.length - node.name.length - 1)));
      parent[i] = above ?? 0;
      children[parent[i]].push(i);
    }

    // Siblings of one pattern and different structure fold into nodes of one path: the first keeps it.
    if (!byPath.has(node.path)) {
      byPath.set(node.path, i);
    }
  });
  return { nodes, parent, children, byPath };
}

/** From the root to the node, both included. */
export function ancestry(tree: ModuleTree, node: number): number[] {
  const chain: number[] = [];
  for (let at = node; at >= 0; at = tree.parent[at]) {
    chain.push(at);
  }

  return chain.reverse();
}

/** The node and everything beneath it, as a mask. */
export function beneath(tree: ModuleTree, roots: readonly number[]): Uint8Array {
  const mask = new Uint8Array(tree.nodes.length);
  for (const root of roots) {
    mask[root] = 1;
  }

  for (let i = 1; i < mask.length; i++) {
    if (mask[tree.parent[i]] === 1) {
      mask[i] = 1;
    }
  }

  return mask;
}

/** The ancestor of `node` (or itself) whose parent is `top`; -1 where `node` is `top` or not beneath it. */
export function childTowards(tree: ModuleTree, top: number, node: number): number {
  let at = node;
  while (at >= 0 && tree.parent[at] !== top) {
    at = tree.parent[at];
  }

  return at;
}

/** For each node what `childTowards` says, in one pass over the tree. */
export function branches(tree: ModuleTree, top: number): Int32Array {
  const branch = new Int32Array(tree.nodes.length).fill(-1);
  for (let i = top + 1; i < branch.length; i++) {
    branch[i] = tree.parent[i] === top ? i : branch[tree.parent[i]];
  }

  return branch;
}

/** What a node is called: the root holds all operations. */
export function titleOf(node: ReportModule): string {
  return node.path === "" ? "all operations" : node.name === "" ? node.path : node.name;
}
