import type { Quality, Report, ReportModule } from "./report.ts";

/** What the program puts into the page (`smaragdine.page/1`). Columns of one table have equal length; indices count from 0. */
export interface PageData {
  schema: "smaragdine.page/1";
  report: Report;
  /** The modules of the same report with `--fold-layers`. */
  folded: ReportModule[];
  /** Another recording to compare with. */
  base: Report | null;
  /** Data flow between rows of `report.operations`. */
  edges: { from: number[]; to: number[]; bytes: (number | null)[] };
  /** Of each operation: mean start, seconds after its step's start. */
  first_start_s: (number | null)[];
  /** Of each operation: the index of its module in `report.modules`. */
  module_of: number[];
  /** Of each module: the index in `folded` of the node that it was folded into; without it the names tell. */
  folded_of?: number[];
  /** Operations that folding makes one, each of one device and pass: of each operation its group, of each group its energy's step-to-step deviation. Without it the names tell. */
  folded_operations?: { of: number[]; energy_sd_j: (number | null)[] };
  per_step: PerStep[];
  profiles: Profile[];
  timeline: StepTimeline[];
  timeline_note: string | null;
}

/** A device's figures of each step. */
export interface PerStep {
  device: string;
  step: number[];
  window_s: number[];
  energy_j: (number | null)[];
}

/** A device's power over a step, in bins. */
export interface Profile {
  device: string;
  bin_s: number;
  mean_w: (number | null)[];
  sd_w: (number | null)[];
  steps_n: number[];
  /** Who was busy in bin i: entries offset[i]..offset[i + 1] of `module` (index in `report.modules`) and `share` (of busy time, 0..1). */
  offset: number[];
  module: number[];
  share: number[];
  steps: { step: number; w: (number | null)[] }[];
  readings: { step: number; domain: string; t_s: number[]; w: number[] }[];
  quality: Quality | null;
}

/** The spans of one step. */
export interface StepTimeline {
  step: number;
  start_unix_ns: string;
  devices: DeviceSpans[];
}

export interface DeviceSpans {
  device: string;
  lanes: string[];
  window_s: number;
  /** The first is after the step's start, each further one after its predecessor. */
  start_ns: number[];
  duration_ns: number[];
  lane: number[];
  operation: number[];
  /** w[i] holds from t_ns[i] to t_ns[i + 1]. */
  power: { t_ns: number[]; w: (number | null)[] };
}
