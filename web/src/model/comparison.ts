import type { Quality, Report, ReportModule } from "../data/report.ts";
import { worst } from "./quality.ts";

/** A module in two recordings. What one of them does not have is NaN. */
export interface Compared {
  readonly path: string;
  readonly name: string;
  readonly depth: number;
  /** Index of its parent in the list; -1 for the root. */
  readonly parent: number;
  readonly children: number[];
  readonly now: ReportModule | null;
  readonly before: ReportModule | null;
  /** In the unit of the comparison. */
  readonly valueNow: number;
  readonly valueBefore: number;
  readonly quality: Quality | null;
  /** Step-to-step deviation of the difference; NaN where it cannot be told. */
  readonly spread: number;
}

/** Joins the modules of two reports by their paths, parents before children. */
export function compared(now: Report, before: Report, energy: boolean): Compared[] {
  const old = new Map(before.modules.map((m) => [m.path, m]));
  const own = new Map(now.modules.map((m) => [m.path, m]));
  const rows: Compared[] = [];
  const at = new Map<string, number>();
  const value = (m: ReportModule | undefined) => (m === undefined ? NaN : (energy ? m.energy_j : m.time_s) ?? NaN);
  const add = (path: string, name: string, depth: number) => {
    const left = own.get(path);
    const right = old.get(path);
    const parent = depth === 0 || rows.length === 0 ? -1 : (at.get(path.slice(0, Math.max(0, path.length - name.length - 1))) ?? 0);
    const sdNow = energy ? (left?.energy_sd_j ?? NaN) : NaN;
    const sdBefore = energy ? (right?.energy_sd_j ?? NaN) : NaN;
    at.set(path, rows.length);
    if (parent >= 0) {
      rows[parent].children.push(rows.length);
    }

    rows.push({
      path, name, depth, parent, children: [], now: left ?? null, before: right ?? null, valueNow: value(left), valueBefore: value(right),
      quality: worst(left?.quality ?? null, right?.quality ?? null), spread: Math.hypot(sdNow, sdBefore),
    });
  };

  for (const m of now.modules) {
    add(m.path, m.name, m.depth);
  }

  for (const m of before.modules) {
    if (!own.has(m.path)) {
      add(m.path, m.name, m.depth);
    }
  }

  return rows;
}

/** Whether joules of two reports can be set against each other: both from sensors, or both from the same kind of model. */
export function comparable(now: Report, before: Report): boolean {
  const kind = (quality: Quality | null) => (quality === "measured" ? "derived" : quality);
  return kind(now.modules[0].quality) !== null && kind(now.modules[0].quality) === kind(before.modules[0].quality);
}

/** What may make two recordings differ although no module does: says so in words. */
export function disparities(now: Report, before: Report): string[] {
  const words: string[] = [];
  const differ = (what: string, left: string | null, right: string | null) => {
    if (left !== right) {
      words.push(`${what}: ${left ?? "unknown"} here, ${right ?? "unknown"} in the other`);
    }
  };
  differ("model", now.recording.model, before.recording.model);
  differ("framework", now.recording.framework, before.recording.framework);
  differ("host", now.recording.host, before.recording.host);
  differ("attribution", now.attribution, before.attribution);
  differ("quality", now.modules[0].quality ?? null, before.modules[0].quality ?? null);
  differ("steps", String(now.steps.length), String(before.steps.length));
  const here = new Set(now.modules.map((m) => m.path));
  const there = new Set(before.modules.map((m) => m.path));
  const only = now.modules.filter((m) => !there.has(m.path)).length;
  const gone = before.modules.filter((m) => !here.has(m.path)).length;
  if (only > 0 || gone > 0) {
    words.push(`modules: ${only} only here, ${gone} only in the other`);
  }

  return words;
}
