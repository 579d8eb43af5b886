import { useMemo } from "preact/hooks";
import type { Pass } from "../../data/report.ts";
import { ChartFrame } from "../../chart/frame.tsx";
import { moduleFlow } from "../../model/flow.ts";
import { columnOf, figureOf, shareOf, type Metric } from "../../model/metric.ts";
import { mark, showsPower } from "../../model/quality.ts";
import { hasEnergy, passes } from "../../model/slice.ts";
import { titleOf } from "../../model/tree.ts";
import { Panel } from "../../parts/panel.tsx";
import { usePlace } from "../../state/navigation.tsx";
import { amountText, percent } from "../../text/amount.ts";
import { lastOf, shortened } from "../../text/name.ts";
import { metricOf, Where } from "../where.tsx";
import { Drawing, type Card } from "./drawing.tsx";
import { useGraphviz } from "./graphviz.ts";

const most = 60;
const smallest = 0.0005;

/** The paper's figure: what a module is made of, in the order in which data flows. */
export function Graph() {
  const { footprint, route } = usePlace();
  const graphviz = useGraphviz();
  const forest = footprint.forest(route.fold);
  const { tree } = forest;
  const { groups, ofRow } = footprint.grouping(forest);
  const pass: Pass | "" = route.pass !== "" || footprint.passes.length < 2 ? route.pass : footprint.passes[0];
  const filter = footprint.filter(route.device, pass);
  const slice = footprint.slice(forest, filter);
  const node = footprint.resolve(forest, route.module);
  const power = showsPower(slice.quality[0]);
  const metric = metricOf(route.metric, hasEnergy(slice), power);
  const size: Metric = metric === "power" ? "energy" : metric;

  const flow = useMemo(() => moduleFlow({
    tree, nodeOf: forest.nodeOf, groupOf: ofRow, edges: footprint.page.edges, start: footprint.page.first_start_s, column: columnOf(slice, size),
    value: (group) => figureOf(groups[group], size), keeps: (group) => passes(filter, groups[group]),
  }, node, most, smallest), [tree, forest, footprint, slice, size, filter, node, groups, ofRow]);

  const whole = columnOf(slice, size)[node];
  const cards: Card[] = flow.nodes.map((n) => {
    const module = n.kind === "module";
    const watts = module ? slice.power[n.id] : groups[n.id].power;
    const quality = module ? slice.quality[n.id] : groups[n.id].quality;
    const members = module ? tree.nodes[n.id].members : null;
    const share = shareOf(n.value, whole);
    return {
      kind: n.kind, id: n.id, quality, share, watts,
      name: module ? titleOf(tree.nodes[n.id]) : lastOf(groups[n.id].name).last,
      note: times(module ? members?.n : groups[n.id].rows.length),
      figure: metric === "power" ? mark(quality) + amountText(watts, "W") : percent(share),
      detail: metric === "power" ? percent(share) : size === "energy" ? mark(quality) + amountText(n.value, "J") : amountText(n.value, "s"),
      path: module ? footprint.addressOf(tree, n.id) : null,
      title: module ? tree.nodes[n.id].path : `${groups[n.id].name} (${groups[n.id].type})`,
    };
  });

  const title = titleOf(tree.nodes[node]);
  const label = `Graph of ${shortened(title, 60)}${pass === "" ? "" : `, ${pass}`}`;
  return (
    <>
      <Where slice={slice} node={node} fold metric pass={footprint.passes.length > 1} passShown={pass} device />
      <section class="view">
        <Panel tall title={`${shortened(title, 60)}${pass === "" ? "" : `, ${pass}`}`}
          about={<>Boxes are what it holds, in the order in which data flows; the figure is the share {metric === "power" ? "of energy beside the power" : `of its ${size} in this pass`}. Choose a rounded box to go in.</>}>
          {flow.nodes.length === 0
            ? <p class="empty">No operation of this pass is in this module.</p>
            : graphviz instanceof Error
              ? <p class="empty">The graph could not be laid out: WebAssembly does not run here. The module tree shows the same figures.</p>
              : (
                <ChartFrame name="graph" label={label}
                  table={() => ({
                    columns: ["name", "kind", "J per step", "s per step", "W", "share", "leads to"],
                    rows: flow.nodes.map((n, i) => [cards[i].title, n.kind,
                      n.kind === "module" ? slice.energy[n.id] : groups[n.id].energy, n.kind === "module" ? slice.time[n.id] : groups[n.id].time, power ? cards[i].watts : null, cards[i].share,
                      flow.edges.filter((e) => e.from === i).map((e) => cards[e.to].name).join("; ")]),
                  })}>
                  <Drawing flow={flow} cards={cards} metric={metric} graphviz={graphviz} label={label} />
                  {flow.hidden > 0 && <p class="soft">… {flow.hidden.toLocaleString("en-US")} more, {percent(shareOf(flow.hiddenValue, whole))} together: too small to draw{flow.edges.some((e) => e.through) ? "; dashed arrows lead through them" : ""}.</p>}
                </ChartFrame>
              )}
        </Panel>
      </section>
    </>
  );
}

function times(n: number | undefined): string {
  return n === undefined || n === 1 ? "" : `×${n}`;
}
