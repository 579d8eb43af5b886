import type { Pass } from "../data/report.ts";
import { allPasses } from "../model/footprint.ts";
import type { Metric } from "../model/metric.ts";

export const views = ["summary", "modules", "graph", "flame", "operations", "power", "timeline", "compare"] as const;
export type View = (typeof views)[number];

/** What the page shows: all of it is in the address, so that a link shows the same and back goes back. */
export interface Route {
  readonly view: View;
  /** Path of the chosen module, in either tree; empty is the root. */
  readonly module: string;
  readonly metric: Metric;
  readonly fold: boolean;
  readonly pass: Pass | "";
  readonly device: string;
  /** Number of the step in the timeline; null is the first one there. */
  readonly step: number | null;
}

export const home: Route = { view: "summary", module: "", metric: "energy", fold: true, pass: "", device: "", step: null };

const metrics: readonly Metric[] = ["energy", "time", "power"];

export function hashOf(route: Route): string {
  const query = new URLSearchParams();
  if (route.module !== "") {
    query.set("module", route.module);
  }

  if (route.metric !== home.metric) {
    query.set("metric", route.metric);
  }

  if (!route.fold) {
    query.set("fold", "no");
  }

  if (route.pass !== "") {
    query.set("pass", route.pass);
  }

  if (route.device !== "") {
    query.set("device", route.device);
  }

  if (route.step !== null) {
    query.set("step", String(route.step));
  }

  const text = query.toString().replaceAll("%2F", "/").replaceAll("%3A", ":").replaceAll("%2A", "*");
  return `#${route.view}${text === "" ? "" : `?${text}`}`;
}

/** Reads an address; what it does not understand is as at home. */
export function routeOf(hash: string): Route {
  const [name, text = ""] = split(hash.replace(/^#/, ""));
  const query = new URLSearchParams(text);
  const step = query.get("step");
  return {
    view: views.find((v) => v === name) ?? home.view,
    module: query.get("module") ?? "",
    metric: metrics.find((m) => m === query.get("metric")) ?? home.metric,
    fold: query.get("fold") !== "no",
    pass: allPasses.find((p) => p === query.get("pass")) ?? "",
    device: query.get("device") ?? "",
    step: step !== null && /^-?\d{1,15}$/.test(step) ? Number(step) : null,
  };
}

function split(text: string): [string, string?] {
  const at = text.indexOf("?");
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
