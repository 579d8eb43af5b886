import { Bars, type BarRow } from "../../chart/bars.tsx";
import { ChartFrame } from "../../chart/frame.tsx";
import { largestOf, noteOf, type OperationGroup } from "../../model/groups.ts";
import { frontier, tellingColumn } from "../../model/frontier.ts";
import { type Footprint } from "../../model/footprint.ts";
import { figureOf, shareOf } from "../../model/metric.ts";
import { hasEnergy, passes } from "../../model/slice.ts";
import { hashOf, type Route } from "../../state/route.ts";
import { lastOf } from "../../text/name.ts";
import { useSeen } from "../../parts/seen.ts";
import { Legend } from "../../parts/legend.tsx";

interface Props {
  readonly footprint: Footprint;
  readonly route: Route;
}

/** The few modules that tell where the whole goes, each by pass. */
export function TopModules({ footprint, route }: Props) {
  const { tree } = footprint.folded;
  const slice = footprint.slice(footprint.folded, footprint.filter(route.device, ""));
  const energy = hasEnergy(slice);
  const byPass = footprint.passes.map((pass) => ({ pass, column: tellingColumn(footprint.slice(footprint.folded, footprint.filter(route.device, pass))) }));
  const column = tellingColumn(slice);
  const whole = column[0];
  const parts = frontier(tree, column);
  const rest = whole - parts.reduce((sum, p) => sum + p.value, 0);
  const rows: BarRow[] = parts.map((part) => {
    const node = tree.nodes[part.node];
    const { above, last } = lastOf(node.path);
    const nameless = node.path === "" && (part.direct || tree.children[part.node].length === 0);
    const left = (column: Float64Array) => (part.direct ? tree.children[part.node].reduce((rest, child) => rest - (column[child] || 0), column[part.node] || 0) : column[part.node] || 0);
    return {
      key: `${part.node}${part.direct}`,
      above: part.direct ? (node.path === "" ? "" : "directly in ") : above,
      label: nameless ? "(no module)" : last,
      note: node.members !== null && !part.direct ? `×${node.members.n}` : "",
      value: part.value, spread: part.direct ? NaN : slice.sd[part.node], share: shareOf(part.value, whole), quality: slice.quality[part.node],
      parts: byPass.map(({ pass, column: ofPass }) => ({ fill: `fill-${pass}`, value: Math.max(0, left(ofPass)) })),
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

export function Passes({ footprint, route }: Props) {
  const slice = footprint.slice(footprint.folded, footprint.filter(route.device, ""));
  const energy = hasEnergy(slice);
  const whole = tellingColumn(slice)[0];
  const rows: BarRow[] = footprint.passes.map((pass) => {
    const value = tellingColumn(footprint.slice(footprint.folded, footprint.filter(route.device, pass)))[0] || 0;
    return { key: pass, above: "", label: pass, note: "", value, spread: NaN, share: shareOf(value, whole), quality: slice.quality[0], parts: [{ fill: `fill-${pass}`, value }], href: hashOf({ ...route, view: "graph", pass }) };
  });
  return (
    <ChartFrame name="passes" label="Passes" table={() => ({ columns: ["pass", energy ? "J per step" : "s per step", "share"], rows: rows.map((r) => [r.label, r.value, r.share]) })}>
      <Bars rows={rows} unit={energy ? "J" : "s"} label="Passes" />
    </ChartFrame>
  );
}

const operationsShown = 7;

export function TopOperations({ footprint, route }: Props) {
  const filter = footprint.filter(route.device, "");
  const slice = footprint.slice(footprint.folded, filter);
  const energy = hasEnergy(slice);
  const whole = tellingColumn(slice)[0];
  const seen = useSeen();
  if (!seen) {
    return <div style={{ minHeight: `${operationsShown * 29 + 40}px` }} />;
  }

  const all = footprint.ranking(footprint.folded);
  const value = (group: OperationGroup) => figureOf(group, energy ? "energy" : "time");
  const rows: BarRow[] = largestOf(all.filter((r) => passes(filter, r) && value(r) > 0), operationsShown, value).map((r) => ({
    key: `${r.name}${r.pass}${r.device}`, above: lastOf(r.name).above, label: lastOf(r.name).last, note: noteOf(r, footprint.severalPlaces),
    value: value(r), spread: energy ? r.sd : NaN, share: shareOf(value(r), whole), quality: r.quality, parts: [{ fill: `fill-${r.pass}`, value: value(r) }],
    // Those of several modules are found among all.
    href: hashOf({ ...route, view: "operations", module: r.rows.every((row) => footprint.folded.nodeOf[row] === r.node) ? footprint.folded.tree.nodes[r.node].path : "" }),
  }));
  return (
    <ChartFrame name="operations" label="Operations that take most" table={() => ({ columns: ["operation", "note", energy ? "J per step" : "s per step", "share"], rows: rows.map((r) => [r.above + r.label, r.note, r.value, r.share]) })}>
      <Bars rows={rows} unit={energy ? "J" : "s"} label="Operations that take most" labels={0.54} />
    </ChartFrame>
  );
}
