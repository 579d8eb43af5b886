import { useMemo, useState } from "preact/hooks";
import type { Pass, Quality } from "../../data/report.ts";
import { Grid, type Column, type Sort } from "../../grid/grid.tsx";
import type { OperationGroup } from "../../model/groups.ts";
import { found, outline, type OutlineRow } from "../../model/outline.ts";
import { figureOf, shareOf } from "../../model/metric.ts";
import { showsPower } from "../../model/quality.ts";
import { hasEnergy, passes, type Slice } from "../../model/slice.ts";
import { ancestry, titleOf } from "../../model/tree.ts";
import { swatchClass } from "../../chart/pattern.tsx";
import { Figure } from "../../parts/figure.tsx";
import { Name } from "../../parts/name.tsx";
import { Check } from "../../parts/segments.tsx";
import { go, usePlace } from "../../state/navigation.tsx";
import { count, percent } from "../../text/amount.ts";
import { lastOf } from "../../text/name.ts";
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
      operations: (node) => (!withOperations ? [] : ofNode[node]
        .filter((group) => passes(filter, groups[group]))
        .sort((a, b) => (figureOf(groups[b], rank) || 0) - (figureOf(groups[a], rank) || 0))),
    });
  }, [tree, expanded, search, sort, slice, byPass, energy, withOperations, groups, ofNode, filter]);

  const isOpen = (row: OutlineRow) => {
    if (row.kind === "operation") {
      return null;
    }

    const holds = tree.children[row.id].some((c) => search === null || search.listed[c] === 1) || (withOperations && ofNode[row.id].length > 0);
    return holds ? expanded.has(row.id) : null;
  };
  const of = (row: OutlineRow, column: Float64Array, operation: (g: OperationGroup) => number) => (row.kind === "module" ? column[row.id] : operation(groups[row.id]));
  const qualityOf = (row: OutlineRow) => (row.kind === "module" ? slice.quality[row.id] : groups[row.id].quality);
  const columns: Column<OutlineRow>[] = [
    {
      key: "name", title: "module", width: 240, sortable: true,
      cell: (row) => (row.kind === "operation"
        ? <span class="operation clip"><Name text={lastOf(groups[row.id].name).last} most={60} /> <span class="tag">{groups[row.id].rows.length > 1 ? `×${groups[row.id].rows.length} ` : ""}{groups[row.id].pass}</span></span>
        : <span class="clip"><Found text={titleOf(tree.nodes[row.id])} query={query.trim()} />{tags(tree.nodes[row.id])}</span>),
    },
    ...(energy ? [
      {
        key: "energy", title: "energy", about: "joules a step", width: 108, sortable: true,
        cell: (row: OutlineRow) => {
          const value = of(row, slice.energy, (g) => g.energy);
          return <Figure value={value} unit="J" quality={qualityOf(row)} />;
        },
      },
      { key: "sd", title: "± step", about: "standard deviation from step to step", width: 88, sortable: true, cell: (row: OutlineRow) => <Figure value={of(row, slice.sd, (g) => g.sd)} unit="J" /> },
      { key: "share", title: "share", about: "of the energy of all operations", width: 148, cell: (row: OutlineRow) => <Share share={shareOf(of(row, slice.energy, (g) => g.energy), slice.energy[0])} quality={qualityOf(row)} /> },
    ] : []),
    {
      key: "time", title: "time", about: "sum of its spans' durations a step: more than the step's length where several run at once", width: 92, sortable: true,
      cell: (row) => {
        const value = of(row, slice.time, (g) => g.time);
        return <Figure value={value} unit="s" />;
      },
    },
    ...(energy ? [] : [{ key: "share", title: "share", about: "of the time of all operations", width: 148, cell: (row: OutlineRow) => <Share share={shareOf(of(row, slice.time, (g) => g.time), slice.time[0])} quality={null} /> }]),
    ...(power ? [{ key: "power", title: "power", about: "energy over covered time: a running instance's share, not its draw", width: 88, sortable: true, cell: (row: OutlineRow) => <Figure value={of(row, slice.power, (g) => g.power)} unit="W" quality={qualityOf(row)} /> }] : []),
    ...footprint.passes.filter((p) => p !== "other").map((pass) => ({
      key: pass, title: pass, about: `${energy ? "joules" : "seconds"} a step in this pass`, width: 104, sortable: true,
      cell: (row: OutlineRow) => {
        const part = byPass.get(pass);
        const value = row.kind === "module"
          ? known(energy ? part?.energy[row.id] : part?.time[row.id])
          : groups[row.id].pass === pass ? figureOf(groups[row.id], energy ? "energy" : "time") : null;
        return <Figure value={value} unit={energy ? "J" : "s"} quality={energy ? qualityOf(row) : null} />;
      },
    })),
    { key: "calls", title: "calls", about: "spans that start in a step", width: 84, sortable: true, cell: (row) => <span class="number">{count(of(row, slice.calls, (g) => g.calls))}</span> },
  ];

  return (
    <>
      <Where slice={slice} node={chosen} fold device />
      <section class="view" aria-label="Module tree">
        <div class="panel tall">
          <div class="tools">
            <input type="search" placeholder="Find a module …" aria-label="Find a module" value={query} onInput={(e) => { setQuery(e.currentTarget.value); }} />
            {search !== null && <span class="soft" role="status">{search.hits.toLocaleString("en-US")} found</span>}
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

/** What a pass does not have in a module is not shown as nothing measured. */
function known(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) || value === 0 ? null : value;
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

function tags(node: { kind: string; members: { n: number; mean_j: number | null; sd_j: number | null } | null }) {
  return (
    <>
      {node.members !== null && <span class="tag"> ×{node.members.n}</span>}
      {node.kind === "shared" && <span class="tag" title="holds weights that several others use"> shared</span>}
    </>
  );
}

function Share({ share, quality }: { readonly share: number; readonly quality: Quality | null }) {
  return (
    <>
      <span class={`meter ${swatchClass(quality)}`} aria-hidden="true">{!Number.isNaN(share) && <i style={{ width: `${Math.min(100, share * 100)}%` }} />}</span>
      <span class="number percent">{percent(share)}</span>
    </>
  );
}

/** A name in which what was looked for is marked. */
function Found({ text, query }: { readonly text: string; readonly query: string }) {
  const at = query === "" || text.length > 60 ? -1 : text.toLowerCase().indexOf(query.toLowerCase());
  return at < 0
    ? <Name text={text} most={60} />
    : <bdi>{text.slice(0, at)}<mark>{text.slice(at, at + query.length)}</mark>{text.slice(at + query.length)}</bdi>;
}
