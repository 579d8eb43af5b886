import { useEffect, useMemo } from "preact/hooks";
import { Masthead, Tabs } from "./masthead.tsx";
import { Panel } from "./parts/panel.tsx";
import type { Footprint } from "./model/footprint.ts";
import { PlaceContext, useAddress } from "./state/navigation.tsx";
import { views, type View } from "./state/route.ts";
import { Graph } from "./views/graph/graph.tsx";
import { Flame } from "./views/flame/flame.tsx";
import { Operations } from "./views/operations/operations.tsx";
import { Power } from "./views/power/power.tsx";
import { Timeline } from "./views/timeline/timeline.tsx";
import { Compare } from "./views/compare/compare.tsx";
import { Summary } from "./views/summary/summary.tsx";
import { Modules } from "./views/modules/modules.tsx";

const screens: Readonly<Record<View, () => preact.JSX.Element>> = {
  summary: Summary, modules: Modules, graph: Graph, flame: Flame, operations: Operations, power: Power, timeline: Timeline, compare: Compare,
};

/** Of a run without operations. */
const untracedViews: readonly View[] = ["summary", "power"];

function Untraced() {
  return <section class="view"><Panel title="Nothing was traced"><p class="empty">This recording has no trace, so there are no operations to show. `smaragdine record --trace` takes along what the framework writes.</p></Panel></section>;
}

export function App({ footprint }: { readonly footprint: Footprint }) {
  const route = useAddress();
  const place = useMemo(() => ({ footprint, route }), [footprint, route]);
  const Screen = screens[route.view];
  const shown = footprint.untraced ? untracedViews : views;
  useEffect(() => { scrollTo({ top: 0 }); }, [route.view]);
  return (
    <PlaceContext.Provider value={place}>
      <a class="skip" href="#main" onClick={(e) => { e.preventDefault(); document.getElementById("main")?.focus(); }}>To the view</a>
      <Masthead report={footprint.report} />
      <Tabs route={route} shown={shown} />
      <main id="main" tabIndex={-1}>{shown.includes(route.view) ? <Screen /> : <Untraced />}</main>
    </PlaceContext.Provider>
  );
}
