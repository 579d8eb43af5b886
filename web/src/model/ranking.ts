import type { Quality, ReportOperation } from "../data/report.ts";
import type { Footprint } from "./footprint.ts";
import { starred } from "./folding.ts";
import { worst } from "./quality.ts";
import { passes, type Filter } from "./slice.ts";

/** One operation, or those that folding makes one. */
export interface Ranked {
  readonly name: string;
  readonly type: string;
  readonly device: string;
  readonly pass: ReportOperation["pass"];
  /** Node of the tree that it was ranked by. */
  readonly node: number;
  /** Rows of `report.operations`. */
  readonly rows: readonly number[];
  readonly calls: number;
  readonly time: number;
  /** J; NaN is unknown. */
  readonly energy: number;
  /** J, step to step; NaN is unknown. */
  readonly sd: number;
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

/** Operations beneath the chosen modules that pass the filter, in no order. */
export function ranked(footprint: Footprint, fold: boolean, filter: Filter, chosen: Uint8Array): Ranked[] {
  const forest = footprint.forest(fold);
  const operations = footprint.report.operations;
  const groups = new Map<string, number[]>();
  const alone: number[] = [];
  const moduleOf = footprint.full.nodeOf;
  operations.forEach((operation, row) => {
    if (chosen[moduleOf[row]] === 0 || !passes(filter, operation)) {
      return;
    }

    if (!fold) {
      alone.push(row);
      return;
    }

    const key = `${operation.device}\n${operation.pass}\n${foldedName(operation, forest.tree.nodes[forest.nodeOf[row]].path)}`;
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, [row]);
    } else {
      group.push(row);
    }
  });
  return fold
    ? [...groups.values()].map((rows) => sum(operations, rows, forest.nodeOf[rows[0]], rows.length > 1 ? foldedName(operations[rows[0]], forest.tree.nodes[forest.nodeOf[rows[0]]].path) : null))
    : alone.map((row) => sum(operations, [row], forest.nodeOf[row], null));
}

function sum(operations: readonly ReportOperation[], rows: readonly number[], node: number, name: string | null): Ranked {
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
    name: name ?? first.operation, type: first.type, device: first.device, pass: first.pass, node, rows, calls, time, energy, quality,
    sd: rows.length === 1 ? (first.energy_sd_j ?? NaN) : NaN,
    power: covered > 0 ? energy / covered : NaN,
  };
}
