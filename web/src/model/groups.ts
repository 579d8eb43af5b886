import type { Pass, Quality, ReportOperation } from "../data/report.ts";
import { visible } from "../text/name.ts";
import { labelOf } from "./device.ts";
import { starred } from "./folding.ts";
import { worst } from "./quality.ts";
import type { ModuleTree } from "./tree.ts";

/** Operations that are shown as one: in the whole tree each alone, in the folded tree those that folding makes one. Of one device and pass; of one module unless it says so. */
export interface OperationGroup {
  readonly name: string;
  readonly type: string;
  readonly device: string;
  /** The device, with its rank where its name is that of several. */
  readonly label: string;
  readonly pass: Pass;
  /** The node of its first row in the tree that it was made for. */
  readonly node: number;
  readonly rows: readonly number[];
  readonly calls: number;
  /** s */
  readonly time: number;
  /** J; NaN is unknown. */
  readonly energy: number;
  /** J, step to step; NaN is unknown: what varies together cannot be added. */
  readonly sd: number;
  /** W; NaN is unknown. */
  readonly power: number;
  readonly quality: Quality | null;
}

/**
 * The name under which operations of folded layers are one: the module's part of it as the folded tree has it. An operation whose name
 * does not hold its module (the optimizer's `Mul_641`) loses its number.
 */
export function foldedName(operation: ReportOperation, foldedPath: string): string {
  const at = operation.module === "" ? -1 : operation.operation.indexOf(operation.module);
  return at < 0
    ? starred(operation.operation)
    : operation.operation.slice(0, at) + foldedPath + operation.operation.slice(at + operation.module.length);
}

/** Every operation for itself. */
export function singleGroups(operations: readonly ReportOperation[], nodeOf: ArrayLike<number>): OperationGroup[] {
  return operations.map((_, row) => groupOf(operations, [row], nodeOf[row], null, null));
}

/** What the program says about the operations that folding makes one. */
export interface GivenGroups {
  readonly of: readonly number[];
  readonly energy_sd_j: readonly (number | null)[];
}

/**
 * Operations that folding makes one.
 * @param acrossModules Whether those of one name are one wherever they belong, as in the report's own ranking: the optimizer's `Mul_*` are of all modules. Else
 * each module has its own, without a deviation where that is of them all.
 */
export function foldedGroups(operations: readonly ReportOperation[], nodeOf: ArrayLike<number>, tree: ModuleTree, given: GivenGroups | undefined, acrossModules: boolean): OperationGroup[] {
  const sizes = new Map<number, number>();
  given?.of.forEach((g) => sizes.set(g, (sizes.get(g) ?? 0) + 1));
  const names = new Map<string | number, { rows: number[]; name: string; of: number }>();
  operations.forEach((operation, row) => {
    const name = foldedName(operation, tree.nodes[nodeOf[row]].path);
    const key = given === undefined ? `${operation.device}\n${operation.pass}\n${nodeOf[row]}\n${name}` : acrossModules ? given.of[row] : `${given.of[row]} ${nodeOf[row]}`;
    const group = names.get(key);
    if (group === undefined) {
      names.set(key, { rows: [row], name, of: given?.of[row] ?? -1 });
    } else {
      group.rows.push(row);
    }
  });
  return [...names.values()].map(({ rows, name, of }) =>
    groupOf(operations, rows, nodeOf[rows[0]], rows.length > 1 ? name : null, rows.length === sizes.get(of) ? (given?.energy_sd_j[of] ?? null) : null));
}

function groupOf(operations: readonly ReportOperation[], rows: readonly number[], node: number, name: string | null, sd: number | null): OperationGroup {
  const first = operations[rows[0]];
  let calls = 0;
  let time = 0;
  let energy = NaN;
  let covered = 0;
  let quality: Quality | null = null;
  for (const row of rows) {
    const operation = operations[row];
    calls += operation.calls;
    time += operation.time_s;
    if (operation.energy_j !== null) {
      energy = (Number.isNaN(energy) ? 0 : energy) + operation.energy_j;
      covered += operation.covered_s;
      quality = worst(quality, operation.quality);
    }
  }

  return {
    name: name ?? first.operation, type: first.type, device: first.device, label: labelOf(first), pass: first.pass, node, rows, calls, time, energy, quality,
    sd: sd ?? (rows.length === 1 ? (first.energy_sd_j ?? NaN) : NaN),
    power: covered > 0 ? energy / covered : NaN,
  };
}

/** What stands after a name in a ranking: how many it is, and where there are several devices on which: the same name runs on each. */
export function noteOf(group: OperationGroup, severalDevices: boolean): string {
  return [group.rows.length > 1 ? `×${group.rows.length}` : "", severalDevices ? visible(group.label) : ""].filter((t) => t !== "").join(" ");
}

/** Groups in falling order of a figure; what is not known comes last. Sorts numbers only: there may be 200,000. */
export function inOrder(groups: readonly OperationGroup[], figure: (group: OperationGroup) => number): OperationGroup[] {
  const keys = Float64Array.from(groups, (g) => {
    const value = figure(g);
    return Number.isNaN(value) ? -Infinity : value;
  });
  const order = Uint32Array.from(keys, (_, i) => i).sort((a, b) => keys[b] - keys[a] || a - b);
  return Array.from(order, (i) => groups[i]);
}

/** The few with the largest figure, in falling order. */
export function largestOf(groups: readonly OperationGroup[], most: number, figure: (group: OperationGroup) => number): OperationGroup[] {
  if (groups.length <= most) {
    return inOrder(groups, figure);
  }

  const keys = Float64Array.from(groups, (g) => figure(g) || 0).sort();
  const least = keys[keys.length - most];
  return inOrder(groups.filter((g) => figure(g) >= least), figure).slice(0, most);
}
