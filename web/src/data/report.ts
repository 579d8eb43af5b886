/** `smaragdine report --format json`, as docs/report-format.md tells it. Energies in joules, times in seconds, power in watts; missing is null. */

export type Quality = "measured" | "derived" | "estimated" | "simulated";
export type Pass = "forward" | "backward" | "recompute" | "optimizer" | "other";

export interface Report {
  schema: string;
  recording: { path: string; framework: string | null; model: string | null; host: string | null; started_unix_ns: number | null };
  attribution: "split" | "fit" | "paper";
  steps: { step: number; start_unix_ns: number | null; end_unix_ns: number | null }[];
  run: ReportRun | null;
  per?: { unit: string; count_per_step: number };
  devices: ReportDevice[];
  operations: ReportOperation[];
  modules: ReportModule[];
  warnings: { code: string; text: string }[];
}

export interface ReportRun {
  duration_s: number;
  energy_j: number | null;
  between_steps_j: number | null;
  traced_share: number;
  by_domain: Record<string, number | null>;
  by_quality: Partial<Record<Quality, number>>;
  covered_s: Record<string, number>;
  whole_machine: Record<string, number | null>;
  tracing_overhead: { time: number; energy: number | null } | null;
}

export interface ReportDevice {
  device: string;
  rank: number | null;
  domains: { domain: string; energy_j: number | null; quality: Quality | null; source: string }[];
  quality: Quality | null;
  window_s: number;
  covered_s: number;
  uncovered_s: number;
  busy_s: number;
  energy_j: number | null;
  energy_sd_j: number | null;
  operations_j: number | null;
  idle_j: number | null;
  other_processes_j: number | null;
  outside_j: number | null;
  unattributed_j: number | null;
  sensor_residual_j: number | null;
  static_j: number | null;
}

export interface ReportOperation {
  device: string;
  rank: number | null;
  pass: Pass;
  module: string;
  operation: string;
  type: string;
  calls: number;
  time_s: number;
  covered_s: number;
  energy_j: number | null;
  energy_sd_j: number | null;
  energy_se_j: number | null;
  power_w: number | null;
  quality: Quality | null;
  by_domain: Record<string, number | null>;
  flags: string[];
}

export interface ReportModule {
  path: string;
  name: string;
  depth: number;
  kind: "root" | "module" | "shared" | "folded";
  class: string | null;
  calls: number;
  time_s: number;
  self_j: number | null;
  energy_j: number | null;
  energy_sd_j: number | null;
  energy_se_j: number | null;
  power_w: number | null;
  quality: Quality | null;
  by_pass: Partial<Record<Pass, { energy_j: number | null; time_s: number }>>;
  by_domain: Record<string, number | null>;
  members: { n: number; mean_j: number | null; sd_j: number | null; differing_leaves: number } | null;
}
