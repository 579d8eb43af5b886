import { hasEnergy, type Slice } from "./slice.ts";
import type { ModuleTree } from "./tree.ts";

/** A module as a whole, or only the operations directly in it. */
export interface FrontierPart {
  readonly node: number;
  readonly direct: boolean;
  readonly value: number;
}

const splitAbove = 0.3;
const largestParts = 9;

/**
 * The few modules that tell where the whole goes: from the root, or a node, on, what has more than 30 % of it is taken apart into what it holds, as long as it
 * falls into several and there are not more than nine. What holds all is opened in any case. Parts sum to the whole; those below 1 % are left to the caller's rest.
 */
export function frontier(tree: ModuleTree, column: Float64Array, top = 0): FrontierPart[] {
  const total = column[top];
  const known = (value: number) => (Number.isNaN(value) ? 0 : value);
  const taken = (node: number): FrontierPart[] => {
    let direct = known(column[node]);
    const parts: FrontierPart[] = [];
    for (const child of tree.children[node]) {
      direct -= known(column[child]);
      parts.push({ node: child, direct: false, value: known(column[child]) });
    }

    parts.push({ node, direct: true, value: Math.max(0, direct) });
    return parts.filter((p) => p.value >= total * 0.01);
  };

  let parts: FrontierPart[] = [{ node: top, direct: false, value: known(total) }];
  for (;;) {
    const open = parts.filter((p) => !p.direct && p.value > total * splitAbove).sort((a, b) => b.value - a.value);
    // What holds all is no answer: a whole in one piece is opened as far as there is something in it.
    const next = open.find((p) => splits(p.node)) ?? (parts.length === 1 ? open.find((p) => tree.children[p.node].length > 0) : undefined);
    if (next === undefined) {
      break;
    }

    const apart = taken(next.node);
    if (parts.length - 1 + apart.length > largestParts && parts.length > 1) {
      break;
    }

    parts = [...parts.filter((p) => p !== next), ...apart];
  }

  return parts.sort((a, b) => b.value - a.value);

  /** Whether a node falls into several parts, here or further down one chain. */
  function splits(node: number): boolean {
    for (let at = node; ;) {
      const heaviest = tree.children[at].reduce((best, c) => (best < 0 || known(column[c]) > known(column[best]) ? c : best), -1);
      if (heaviest < 0) {
        return false;
      }

      if (known(column[heaviest]) < known(column[at]) * 0.9) {
        return true;
      }

      at = heaviest;
    }
  }
}

/** The column of a slice that the whole can be told by: energy, else time. */
export function tellingColumn(slice: Slice): Float64Array {
  return hasEnergy(slice) ? slice.energy : slice.time;
}
