import type { OperationGroup } from "./groups.ts";
import type { Slice } from "./slice.ts";

export type Metric = "energy" | "time" | "power";

export const unitOf: Readonly<Record<Metric, "J" | "s" | "W">> = { energy: "J", time: "s", power: "W" };

export function columnOf(slice: Slice, metric: Metric): Float64Array {
  return metric === "energy" ? slice.energy : metric === "time" ? slice.time : slice.power;
}

/** NaN is unknown. */
export function figureOf(group: OperationGroup, metric: Metric): number {
  return metric === "energy" ? group.energy : metric === "time" ? group.time : group.power;
}

/** Of a whole; NaN where it cannot be told. */
export function shareOf(part: number, whole: number): number {
  return whole > 0 ? part / whole : NaN;
}
