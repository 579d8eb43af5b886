import type { Profile } from "../data/page.ts";
import type { ModuleTree } from "./tree.ts";

/** For each node of a tree the nearest of some nodes that holds it (an index in `nodes`); -1 for none. */
export function nearestOf(tree: ModuleTree, nodes: readonly number[]): Int32Array {
  const nearest = new Int32Array(tree.nodes.length).fill(-1);
  nodes.forEach((node, i) => { nearest[node] = i; });
  for (let i = 1; i < nearest.length; i++) {
    if (nearest[i] < 0) {
      nearest[i] = nearest[tree.parent[i]];
    }
  }

  return nearest;
}

/** What each bin's busy time went to, by category: row i holds the shares of bin i; the last column is whatever is in no category. */
export interface Stack {
  readonly categories: number;
  readonly shares: Float64Array;
  /** Whether anything ran in a bin. */
  readonly busy: Uint8Array;
}

/** Sums the shares of modules (of the whole tree) to categories. */
export function stackOf(profile: Profile, categoryOf: ArrayLike<number>, categories: number): Stack {
  const bins = profile.mean_w.length;
  const columns = categories + 1;
  const shares = new Float64Array(bins * columns);
  const busy = new Uint8Array(bins);
  for (let bin = 0; bin < bins; bin++) {
    for (let e = profile.offset[bin]; e < profile.offset[bin + 1]; e++) {
      const category = categoryOf[profile.module[e]];
      shares[bin * columns + (category < 0 ? categories : category)] += profile.share[e];
      busy[bin] = 1;
    }
  }

  return { categories, shares, busy };
}

/** A path along the tops of bins, broken where a value is not known. */
export function stepLine(values: readonly (number | null)[], x: (bin: number) => number, y: (value: number) => number): string {
  let path = "";
  let open = false;
  values.forEach((value, bin) => {
    if (value === null || Number.isNaN(value)) {
      open = false;
      return;
    }

    path += `${open ? "L" : "M"}${x(bin).toFixed(1)} ${y(value).toFixed(1)}H${x(bin + 1).toFixed(1)}`;
    open = true;
  });
  return path;
}

/** The area between two step lines, where both are known. */
export function stepArea(low: readonly (number | null)[], high: readonly (number | null)[], x: (bin: number) => number, y: (value: number) => number): string {
  let path = "";
  for (let bin = 0; bin < high.length;) {
    if (high[bin] === null || low[bin] === null) {
      bin++;
      continue;
    }

    const first = bin;
    let there = "";
    for (; bin < high.length && high[bin] !== null && low[bin] !== null; bin++) {
      there += `${bin === first ? "M" : "L"}${x(bin).toFixed(1)} ${y(high[bin] ?? 0).toFixed(1)}H${x(bin + 1).toFixed(1)}`;
    }

    for (let back = bin - 1; back >= first; back--) {
      there += `L${x(back + 1).toFixed(1)} ${y(low[back] ?? 0).toFixed(1)}H${x(back).toFixed(1)}`;
    }

    path += `${there}Z`;
  }

  return path;
}
