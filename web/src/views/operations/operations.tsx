import { useMemo, useState } from "preact/hooks";
import { Bars, type BarRow } from "../../chart/bars.tsx";
import { ChartFrame } from "../../chart/frame.tsx";
import { inOrder, noteOf, type OperationGroup } from "../../model/groups.ts";
import { columnOf, figureOf, shareOf, unitOf } from "../../model/metric.ts";
import { showsPower } from "../../model/quality.ts";
import { hasEnergy, passes } from "../../model/slice.ts";
import { titleOf } from "../../model/tree.ts";
import { Legend } from "../../parts/legend.tsx";
import { Panel } from "../../parts/panel.tsx";
import { usePlace } from "../../state/navigation.tsx";
import { lastOf, shortened } from "../../text/name.ts";
import { metricOf, Where } from "../where.tsx";
import { Scatter } from "./scatter.tsx";
import { OperationTable } from "./table.tsx";

const barsShown = 15;

/** Operations in order of what they take. */
export function Operations() {
  const { footprint, route } = usePlace();
  const forest = footprint.forest(route.fold);
  const filter = footprint.filter(route.device, route.pass);
  const slice = footprint.slice(forest, filter);
  const node = footprint.resolve(forest, route.module);
  const power = showsPower(slice.quality[0]);
  const metric = metricOf(route.metric, hasEnergy(slice), power);
  const [query, setQuery] = useState("");
  const groups = node === 0 ? footprint.ranking(forest) : footprint.grouping(forest).groups;

  const inside = useMemo(() => {
    if (node === 0 && filter.devices === null && filter.pass === "") {
      return groups;
    }

    const chosen = footprint.chosen(route.module);
    const moduleOf = footprint.full.nodeOf;
    return groups.filter((g) => passes(filter, g) && (node === 0 || g.rows.some((row) => chosen[moduleOf[row]] === 1)));
  }, [footprint, groups, route.module, filter, node]);
  const shown = useMemo(() => {
    const needle = query.trim().toLowerCase();
    const found = needle === "" ? inside : inside.filter((g) => g.name.toLowerCase().includes(needle) || g.type.toLowerCase().includes(needle));
    return inOrder(found, (g) => figureOf(g, metric));
  }, [inside, query, metric]);

  const whole = columnOf(slice, metric)[node];
  // Watts of what hardly runs say little: a ranking by power is of operations that matter.
  const worthwhile = metric === "power" ? shown.filter((g) => g.energy >= slice.energy[node] * 0.001) : shown;
  const top = worthwhile.slice(0, barsShown);
  const rows: BarRow[] = top.map((g) => ({
    key: String(g.rows[0]), above: lastOf(g.name).above, label: lastOf(g.name).last, note: noteOf(g, footprint.severalPlaces),
    value: figureOf(g, metric), spread: metric === "energy" ? g.sd : NaN, share: metric === "power" ? NaN : shareOf(figureOf(g, metric), whole),
    quality: metric === "time" ? null : g.quality, parts: [{ fill: `fill-${g.pass}`, value: figureOf(g, metric) }], href: null,
  }));
  const where = node === 0 ? "" : ` in ${shortened(titleOf(forest.tree.nodes[node]), 50)}`;
  return (
    <>
      <Where slice={slice} node={node} fold metric pass device />
      <section class="view">
        <div class="pair">
          <Panel title={`Most ${metric}${where}`} about={metric === "power" ? "of operations with at least 0.1 % of the energy" : metric === "energy" ? "± is from step to step; none where it cannot be told" : "sum of the spans' durations a step"}>
            {rows.length === 0
              ? <p class="empty">No operation here.</p>
              : (
                <ChartFrame name={`operations-${metric}`} label={`Operations by ${metric}`} legend={<Legend entries={footprint.passes.map((p) => ({ fill: `fill-${p}`, text: p }))} />} table={() => rankingTable(worthwhile, power)}>
                  <Bars rows={rows} unit={unitOf[metric]} label={`Operations by ${metric}`} labels={0.54} />
                </ChartFrame>
              )}
          </Panel>
          <Panel title="Power against time" about="each circle an operation, as large as its energy">
            {power
              ? <Scatter groups={inside} passes={footprint.passes} />
              : <p class="empty">{footprint.hasEnergy ? "Power is withheld: estimated joules are processor time rescaled, and watts made of them would tell nothing about an operation. A sensor, or a log of one with --power, gives measured ones." : "No power is known in this recording."}</p>}
          </Panel>
        </div>
        <Panel tall title={`All operations${where}`}>
          <div class="tools">
            <input type="search" placeholder="Find an operation or a type …" aria-label="Find an operation or a type" value={query} onInput={(e) => { setQuery(e.currentTarget.value); }} />
            <span class="soft" role="status">{shown.length.toLocaleString("en-US")} {shown.length === 1 ? "operation" : "operations"}</span>
          </div>
          <OperationTable groups={shown} metric={metric} whole={slice} node={node} power={power} table={() => rankingTable(shown, power)} />
        </Panel>
      </section>
    </>
  );
}

function rankingTable(groups: readonly OperationGroup[], power: boolean) {
  return {
    columns: ["operation", "type", "device", "pass", "instances", "calls", "time_s", "energy_j", "energy_sd_j", ...(power ? ["power_w"] : []), "quality"],
    rows: groups.map((g) => [g.name, g.type, g.label, g.pass, g.rows.length, g.calls, g.time, g.energy, g.sd, ...(power ? [g.power] : []), g.quality]),
  };
}
