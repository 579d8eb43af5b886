import { useMemo, useState } from "preact/hooks";
import type { Pass } from "../../data/report.ts";
import { Grid, type Sort } from "../../grid/grid.tsx";
import { found, outline, type OutlineRow } from "../../model/outline.ts";
import { figureOf } from "../../model/metric.ts";
import { showsPower } from "../../model/quality.ts";
import { hasEnergy, passes, type Slice } from "../../model/slice.ts";
import { ancestry } from "../../model/tree.ts";
import { Check } from "../../parts/segments.tsx";
import { go, usePlace } from "../../state/navigation.tsx";
import { moduleColumns } from "./columns.tsx";
import { Where } from "../where.tsx";
import { SaveTable } from "../../grid/save-table.tsx";

/** The tree of modules with all figures. */
export function Modules() {
  const { footprint, route } = usePlace();
  const forest = footprint.forest(route.fold);
  const { tree } = forest;
  const { groups, ofNode } = footprint.grouping(forest);
  const filter = footprint.filter(route.device, "");
  const slice = footprint.slice(forest, filter);
  const byPass = useMemo(() => new Map(footprint.passes.map((pass) => [pass, footprint.slice(forest, footprint.filter(route.device, pass))])), [footprint, forest, route.device]);
  const chosen = footprint.resolve(forest, route.module);
  const energy = hasEnergy(slice);
  const power = energy && showsPower(slice.quality[0]);
  const [sort, setSort] = useState<Sort>({ key: energy ? "energy" : "time", descending: true });
  const [query, setQuery] = useState("");
  const [withOperations, setWithOperations] = useState(false);
  const [toggled, setToggled] = useState<ReadonlyMap<string, boolean>>(new Map());

  const search = useMemo(() => (query.trim() === "" ? null : found(tree, query.trim())), [tree, query]);
  const telling = energy ? slice.energy : slice.time;
  const expanded = useMemo(() => {
    const open = new Set(search?.expanded ?? tree.nodes.flatMap((_, i) => (tree.parent[i] < 0 || telling[i] > telling[0] * 0.2 ? [i] : [])));
    for (const above of ancestry(tree, chosen).slice(0, -1)) {
      open.add(above);
    }

    toggled.forEach((on, path) => {
      const node = tree.byPath.get(path);
      if (node !== undefined) {
        if (on) {
          open.add(node);
        } else {
          open.delete(node);
        }
      }
    });
    return open;
  }, [tree, telling, search, toggled, chosen]);

  const rows = useMemo(() => {
    const key = (node: number) => columnOf(sort.key, slice, byPass, energy)?.[node] ?? 0;
    const direction = sort.descending ? -1 : 1;
    const order = sort.key === "name"
      ? (a: number, b: number) => direction * tree.nodes[a].name.localeCompare(tree.nodes[b].name, "en", { numeric: true })
      : (a: number, b: number) => direction * ((key(a) || 0) - (key(b) || 0));
    const rank = energy ? "energy" : "time";
    return outline({
      tree, expanded, order, listed: search?.listed ?? null,
      operations: (node) => (!withOperations || search?.hits.has(node) === false ? [] : ofNode[node]
        .filter((group) => passes(filter, groups[group]))
        .sort((a, b) => (figureOf(groups[b], rank) || 0) - (figureOf(groups[a], rank) || 0))),
    });
  }, [tree, expanded, search, sort, slice, byPass, energy, withOperations, groups, ofNode, filter]);

  const isOpen = (row: OutlineRow) => {
    if (row.kind === "operation") {
      return null;
    }

    const holds = tree.children[row.id].some((c) => search === null || search.listed[c] === 1) || (withOperations && search?.hits.has(row.id) !== false && ofNode[row.id].length > 0);
    return holds ? expanded.has(row.id) : null;
  };
  const columns = moduleColumns({ tree, groups, slice, byPass, query: query.trim() });

  return (
    <>
      <Where slice={slice} node={chosen} fold device />
      <section class="view" aria-label="Module tree">
        <div class="panel tall">
          <div class="tools">
            <input type="search" placeholder="Find a module …" aria-label="Find a module" value={query} onInput={(e) => { setQuery(e.currentTarget.value); }} />
            {search !== null && <span class="soft" role="status">{search.hits.size.toLocaleString("en-US")} found</span>}
            <Check label="operations" on={withOperations} onChange={setWithOperations} />
            <button type="button" class="plain" onClick={() => { setToggled(new Map(tree.nodes.filter((_, i) => tree.children[i].length > 0).map((n) => [n.path, true]))); }}>open all</button>
            <button type="button" class="plain" onClick={() => { setToggled(new Map(tree.nodes.map((n) => [n.path, n.depth === tree.nodes[0].depth]))); }}>close all</button>
          </div>
          <Grid
            label="Modules" rows={rows} columns={columns} sort={sort} onSort={setSort}
            rowKey={(row) => `${row.kind}${row.id}`} level={(row) => row.level} expanded={isOpen}
            onToggle={(row) => { setToggled(new Map(toggled).set(tree.nodes[row.id].path, !expanded.has(row.id))); }}
            onChoose={(row) => { if (row.kind === "module") { go(route, { module: footprint.addressOf(tree, row.id) }); } }}
            chosen={(row) => row.kind === "module" && row.id === chosen}
          />
          <SaveTable name="modules" label="Modules" table={() => ({
            columns: ["path", "kind", "energy_j", "energy_sd_j", "time_s", "power_w", "calls", "quality", ...footprint.passes.map((p) => `${p}_${energy ? "j" : "s"}`)],
            rows: tree.nodes.map((n, i) => [n.path, n.kind, slice.energy[i], slice.sd[i], slice.time[i], power ? slice.power[i] : null, slice.calls[i], slice.quality[i],
              ...footprint.passes.map((p) => (energy ? byPass.get(p)?.energy[i] : byPass.get(p)?.time[i]) ?? null)]),
          })} />
        </div>
      </section>
    </>
  );
}

function columnOf(key: string, slice: Slice, byPass: ReadonlyMap<Pass, Slice>, energy: boolean): Float64Array | undefined {
  switch (key) {
    case "energy": return slice.energy;
    case "sd": return slice.sd;
    case "time": return slice.time;
    case "power": return slice.power;
    case "calls": return slice.calls;
    default: {
      const part = byPass.get(key as Pass);
      return energy ? part?.energy : part?.time;
    }
  }
}
