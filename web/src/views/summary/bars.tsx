import { Bars, type BarRow } from "../../chart/bars.tsx";
import { ChartFrame } from "../../chart/frame.tsx";
import type { OperationGroup } from "../../model/groups.ts";
import { frontier, tellingColumn } from "../../model/frontier.ts";
import { type Footprint } from "../../model/footprint.ts";
import { figureOf, shareOf } from "../../model/metric.ts";
import { everything } from "../../model/slice.ts";
import { hashOf, type Route } from "../../state/route.ts";
import { lastOf } from "../../text/name.ts";
import { Legend } from "../../parts/legend.tsx";

interface Props {
  readonly footprint: Footprint;
  readonly route: Route;
}

/** The few modules that tell where the whole goes, each by pass. */
export function TopModules({ footprint, route }: Props) {
  const { tree } = footprint.folded;
  const slice = footprint.slice(footprint.folded, everything);
  const energy = footprint.hasEnergy;
  const column = tellingColumn(slice);
  const whole = column[0];
  const parts = frontier(tree, column);
  const rest = whole - parts.reduce((sum, p) => sum + p.value, 0);
  const rows: BarRow[] = parts.map((part) => {
    const node = tree.nodes[part.node];
    const { above, last } = lastOf(node.path);
    const byPass = part.direct ? [] : footprint.passes.map((pass) => ({ fill: `fill-${pass}`, value: (energy ? node.by_pass[pass]?.energy_j : node.by_pass[pass]?.time_s) ?? 0 }));
    return {
      key: `${part.node}${part.direct}`,
      above: part.direct ? (node.path === "" ? "" : "directly in ") : above,
      label: part.direct ? (node.path === "" ? "(no module)" : last) : last,
      note: node.members !== null && !part.direct ? `×${node.members.n}` : "",
      value: part.value, spread: part.direct ? NaN : slice.sd[part.node], share: shareOf(part.value, whole), quality: slice.quality[part.node],
      parts: byPass.length > 0 ? byPass : directParts(footprint, part.node, energy),
      href: hashOf({ ...route, view: "modules", module: node.path, fold: true }),
    };
  });
  if (rest > whole * 0.0005) {
    rows.push({ key: "rest", above: "", label: "everything else", note: "", value: rest, spread: NaN, share: shareOf(rest, whole), quality: slice.quality[0], parts: [{ fill: "fill-rest", value: rest }], href: null });
  }

  return (
    <ChartFrame name="modules" label="Modules that take most" legend={<Legend entries={footprint.passes.map((pass) => ({ fill: `fill-${pass}`, text: pass }))} />} table={() => ({ columns: ["module", energy ? "J per step" : "s per step", "share"], rows: rows.map((r) => [r.above + r.label, r.value, r.share]) })}>
      <Bars rows={rows} unit={energy ? "J" : "s"} label="Modules that take most" />
    </ChartFrame>
  );
}

/** Passes of the operations directly in a node. */
function directParts(footprint: Footprint, node: number, energy: boolean): { fill: string; value: number }[] {
  const sums = new Map<string, number>();
  const { groups, ofNode } = footprint.grouping(footprint.folded);
  for (const group of ofNode[node]) {
    const { pass } = groups[group];
    sums.set(pass, (sums.get(pass) ?? 0) + (figureOf(groups[group], energy ? "energy" : "time") || 0));
  }

  return footprint.passes.map((pass) => ({ fill: `fill-${pass}`, value: sums.get(pass) ?? 0 }));
}

export function Passes({ footprint, route }: Props) {
  const root = footprint.report.modules[0];
  const energy = footprint.hasEnergy;
  const whole = energy ? (root.energy_j ?? NaN) : root.time_s;
  const rows: BarRow[] = footprint.passes.map((pass) => {
    const value = (energy ? root.by_pass[pass]?.energy_j : root.by_pass[pass]?.time_s) ?? 0;
    return { key: pass, above: "", label: pass, note: "", value, spread: NaN, share: shareOf(value, whole), quality: root.quality, parts: [{ fill: `fill-${pass}`, value }], href: hashOf({ ...route, view: "graph", pass }) };
  });
  return (
    <ChartFrame name="passes" label="Passes" table={() => ({ columns: ["pass", energy ? "J per step" : "s per step", "share"], rows: rows.map((r) => [r.label, r.value, r.share]) })}>
      <Bars rows={rows} unit={energy ? "J" : "s"} label="Passes" />
    </ChartFrame>
  );
}

const operationsShown = 7;

export function TopOperations({ footprint, route }: Props) {
  const energy = footprint.hasEnergy;
  const root = footprint.report.modules[0];
  const whole = energy ? (root.energy_j ?? NaN) : root.time_s;
  const all = footprint.grouping(footprint.folded).groups;
  const value = (group: OperationGroup) => figureOf(group, energy ? "energy" : "time");
  const rows: BarRow[] = all.filter((r) => value(r) > 0).sort((a, b) => value(b) - value(a)).slice(0, operationsShown).map((r) => ({
    key: `${r.name}${r.pass}${r.device}`, above: lastOf(r.name).above, label: lastOf(r.name).last, note: r.rows.length > 1 ? `×${r.rows.length}` : "",
    value: value(r), spread: energy ? r.sd : NaN, share: shareOf(value(r), whole), quality: r.quality, parts: [{ fill: `fill-${r.pass}`, value: value(r) }],
    href: hashOf({ ...route, view: "operations", module: footprint.folded.tree.nodes[r.node].path }),
  }));
  return (
    <ChartFrame name="operations" label="Operations that take most" table={() => ({ columns: ["operation", energy ? "J per step" : "s per step", "share"], rows: rows.map((r) => [r.above + r.label, r.value, r.share]) })}>
      <Bars rows={rows} unit={energy ? "J" : "s"} label="Operations that take most" labels={0.54} />
    </ChartFrame>
  );
}
