import { useMemo, useState } from "preact/hooks";
import { ChartFrame } from "../../chart/frame.tsx";
import { comparable } from "../../model/comparison.ts";
import { icicle, type Box } from "../../model/icicle.ts";
import { differenceClass } from "../../model/difference.ts";
import { columnOf, figureOf, shareOf, type Metric } from "../../model/metric.ts";
import { mark, showsPower } from "../../model/quality.ts";
import { extentOf, stepClass, stepOf } from "../../model/scale.ts";
import { hasEnergy, passes } from "../../model/slice.ts";
import { moduleTree, titleOf } from "../../model/tree.ts";
import { Panel } from "../../parts/panel.tsx";
import { Check } from "../../parts/segments.tsx";
import { usePlace } from "../../state/navigation.tsx";
import { amountText, percent } from "../../text/amount.ts";
import { lastOf } from "../../text/name.ts";
import { metricOf, Where } from "../where.tsx";
import { Icicle, type Face } from "./drawing.tsx";
import { Scale } from "../scale.tsx";

/** The tree as boxes as wide as their energy or time; what a box holds stands beneath it. */
export function Flame() {
  const { footprint, route } = usePlace();
  const forest = footprint.forest(route.fold);
  const { tree } = forest;
  const { groups, ofNode } = footprint.grouping(forest);
  const filter = footprint.filter(route.device, route.pass);
  const slice = footprint.slice(forest, filter);
  const top = footprint.resolve(forest, route.module);
  const metric = metricOf(route.metric, hasEnergy(slice), showsPower(slice.quality[0]));
  const size: Metric = metric === "power" ? "time" : metric;
  const column = columnOf(slice, size);
  const [difference, setDifference] = useState(false);
  const base = useMemo(() => (footprint.page.base === null ? null : moduleTree(footprint.page.base.modules)), [footprint]);
  const compares = difference && base !== null && (size === "time" || comparable(footprint.report, footprint.page.base ?? footprint.report)) && !route.fold && route.pass === "" && route.device === "";

  const boxes = useMemo(() => icicle({
    tree, column,
    operations: (node) => ofNode[node].filter((group) => passes(filter, groups[group])).map((group) => ({ group, value: figureOf(groups[group], size) })),
  }, top, 0.0012), [tree, column, top, groups, ofNode, filter, size]);

  const watts = (box: Box) => (box.kind === "module" ? slice.power[box.id] : box.kind === "operation" ? groups[box.id].power : NaN);
  const range: [number, number] = metric === "power" ? extentOf(boxes.filter((b) => b.to - b.from > 0.004).map(watts)) : [0, 1];
  const whole = column[top];
  const faceOf = (box: Box): Face => {
    const module = box.kind === "module";
    const quality = module || box.kind === "more" ? slice.quality[box.id] : groups[box.id].quality;
    const figure = `${size === "energy" ? mark(quality) : ""}${amountText(box.value, size === "energy" ? "J" : "s")}`;
    const power = metric === "power" && !Number.isNaN(watts(box)) ? `, ${mark(quality)}${amountText(watts(box), "W")}` : "";
    const before = compares && module ? baseFigure(base, tree.nodes[box.id].path, size) : NaN;
    const change = Number.isNaN(before) ? "" : `, was ${amountText(before, size === "energy" ? "J" : "s")}`;
    return {
      box,
      name: module ? titleOf(tree.nodes[box.id]) : box.kind === "operation" ? lastOf(groups[box.id].name).last : `… ${box.count} more`,
      note: box.kind === "more" ? "" : times(module ? tree.nodes[box.id].members?.n : groups[box.id].rows.length),
      path: module ? footprint.addressOf(tree, box.id) : null,
      title: module ? tree.nodes[box.id].path : box.kind === "operation" ? groups[box.id].name : "",
      figures: `${figure}, ${percent(shareOf(box.value, whole))}${power}${change}`,
      fill: compares
        ? (module ? differenceClass(box.value, before) : "step-none")
        : box.kind === "more" ? "step-none"
          : metric === "power" ? stepClass(stepOf(watts(box), range[0], range[1]))
            : box.kind === "operation" ? `pass-${groups[box.id].pass}` : stepClass(Math.round(Math.sqrt(Math.max(0, box.to - box.from)) * 5)),
      estimated: size === "energy" && (quality === "estimated" || quality === "simulated") ? quality : null,
    };
  };

  const label = `Flame graph by ${metric}`;
  return (
    <>
      <Where slice={slice} node={top} fold metric pass device />
      <section class="view">
        <Panel tall title={metric === "power" ? "Time, coloured by power" : `Flame graph by ${size}`}
          about={compares ? "Modules are coloured by how they differ from the other recording; what it does not have is grey." : metric === "power" ? "A box is as wide as its time and as dark as its power: dark and wide is where the energy goes." : "A box is as wide as its share; what it holds stands beneath it, operations in the colour of their pass. Choose a box to make it the whole."}>
          {base !== null && (
            <div class="tools">
              <Check label="colour by the difference from the other recording" on={difference} onChange={setDifference} />
              {difference && !compares && <span class="soft">Only of whole modules, and of joules of the same quality: switch off folding, pass and device, or take time.</span>}
            </div>
          )}
          {boxes.length === 0
            ? <p class="empty">Nothing of this pass and device is in this module.</p>
            : (
              <ChartFrame name={`flame-${metric}`} label={label}
                legend={compares ? <DifferenceLegend /> : metric === "power" ? <Scale metric="power" low={range[0]} high={range[1]} unit="W" /> : <PassLegend passes={footprint.passes} />}
                table={() => ({ columns: ["depth", "kind", "name", size === "energy" ? "J per step" : "s per step", "share"], rows: boxes.map((b) => [b.depth, b.kind, faceOf(b).title || faceOf(b).name, b.value, shareOf(b.value, whole)]) })}>
                <Icicle boxes={boxes} faceOf={faceOf} metric={metric} label={label} above={tree.parent[top] >= 0 ? { name: titleOf(tree.nodes[tree.parent[top]]), path: footprint.addressOf(tree, tree.parent[top]) } : null} />
              </ChartFrame>
            )}
        </Panel>
      </section>
    </>
  );
}

function baseFigure(base: ReturnType<typeof moduleTree>, path: string, size: Metric): number {
  const node = base.byPath.get(path);
  const figure = node === undefined ? null : size === "energy" ? base.nodes[node].energy_j : base.nodes[node].time_s;
  return figure ?? NaN;
}

function times(n: number | undefined): string {
  return n === undefined || n === 1 ? "" : `×${n}`;
}

function PassLegend({ passes: shown }: { readonly passes: readonly string[] }) {
  return <ul class="legend">{shown.map((p) => <li key={p}><span class={`swatch pass-${p}`} style={{ background: "var(--fill)" }} />{p}</li>)}</ul>;
}

function DifferenceLegend() {
  const entries = [["less-3", "−30 % and less"], ["less-2", "−10 %"], ["less-1", "−2 %"], ["same", "same"], ["more-1", "+2 %"], ["more-2", "+10 %"], ["more-3", "+30 % and more"]];
  return <ul class="legend">{entries.map(([fill, text]) => <li key={fill}><span class={`swatch ${fill}`} style={{ background: "var(--fill)" }} />{text}</li>)}</ul>;
}
