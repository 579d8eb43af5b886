import type { Pass, Quality, ReportOperation } from "../data/report.ts";
import { worst } from "./quality.ts";
import type { ModuleTree } from "./tree.ts";

/** Figures of every node of a tree, means per step; NaN is unknown. */
export interface Slice {
  /** J */
  readonly energy: Float64Array;
  /** J, step to step; known only where all operations are in. */
  readonly sd: Float64Array;
  /** s */
  readonly time: Float64Array;
  /** W, energy over covered time */
  readonly power: Float64Array;
  readonly calls: Float64Array;
  readonly quality: readonly (Quality | null)[];
}

/** Which operations are in. */
export interface Filter {
  /** Their devices; null for all. */
  readonly devices: ReadonlySet<string> | null;
  /** Their pass; empty for all. */
  readonly pass: Pass | "";
}

export function passes(filter: Filter, operation: { readonly device: string; readonly pass: Pass }): boolean {
  return (filter.devices === null || filter.devices.has(operation.device)) && (filter.pass === "" || operation.pass === filter.pass);
}

export function hasEnergy(slice: Slice): boolean {
  return !Number.isNaN(slice.energy[0]);
}

/** The report's own figures. */
export function wholeSlice(tree: ModuleTree): Slice {
  const column = (pick: (i: number) => number | null) => Float64Array.from(tree.nodes, (_, i) => pick(i) ?? NaN);
  return {
    energy: column((i) => tree.nodes[i].energy_j),
    sd: column((i) => tree.nodes[i].energy_sd_j),
    time: column((i) => tree.nodes[i].time_s),
    power: column((i) => tree.nodes[i].power_w),
    calls: column((i) => tree.nodes[i].calls),
    quality: tree.nodes.map((n) => n.quality),
  };
}

/** The sums of the operations that pass a filter. */
export function filteredSlice(tree: ModuleTree, operations: readonly ReportOperation[], nodeOf: ArrayLike<number>, filter: Filter): Slice {
  const n = tree.nodes.length;
  const energy = new Float64Array(n).fill(NaN);
  const covered = new Float64Array(n);
  const time = new Float64Array(n);
  const calls = new Float64Array(n);
  const quality = new Array<Quality | null>(n).fill(null);
  const add = (to: number, joules: number) => {
    energy[to] = Number.isNaN(energy[to]) ? joules : energy[to] + joules;
  };

  operations.forEach((operation, row) => {
    if (!passes(filter, operation)) {
      return;
    }

    const at = nodeOf[row];
    time[at] += operation.time_s;
    calls[at] += operation.calls;
    if (operation.energy_j !== null) {
      add(at, operation.energy_j);
      covered[at] += operation.covered_s;
      quality[at] = worst(quality[at], operation.quality);
    }
  });
  for (let i = n - 1; i > 0; i--) {
    const above = tree.parent[i];
    time[above] += time[i];
    calls[above] += calls[i];
    covered[above] += covered[i];
    if (!Number.isNaN(energy[i])) {
      add(above, energy[i]);
      quality[above] = worst(quality[above], quality[i]);
    }
  }

  return { energy, sd: new Float64Array(n).fill(NaN), time, calls, quality, power: energy.map((joules, i) => (covered[i] > 0 ? joules / covered[i] : NaN)) };
}
