import type { Pass, Quality } from "../../data/report.ts";
import { swatchClass } from "../../chart/pattern.tsx";
import type { Column } from "../../grid/grid.tsx";
import type { OperationGroup } from "../../model/groups.ts";
import { figureOf, shareOf } from "../../model/metric.ts";
import type { OutlineRow } from "../../model/outline.ts";
import { showsPower } from "../../model/quality.ts";
import { hasEnergy, type Slice } from "../../model/slice.ts";
import { titleOf, type ModuleTree } from "../../model/tree.ts";
import { Figure } from "../../parts/figure.tsx";
import { Name } from "../../parts/name.tsx";
import { count, percent } from "../../text/amount.ts";
import { lastOf } from "../../text/name.ts";

interface Shown {
  readonly tree: ModuleTree;
  readonly groups: readonly OperationGroup[];
  readonly slice: Slice;
  readonly byPass: ReadonlyMap<Pass, Slice>;
  /** What is looked for. */
  readonly query: string;
}

/** Columns of the module tree: those of energy and power only where they say something. */
export function moduleColumns({ tree, groups, slice, byPass, query }: Shown): Column<OutlineRow>[] {
  const energy = hasEnergy(slice);
  const power = energy && showsPower(slice.quality[0]);
  const of = (row: OutlineRow, column: Float64Array, operation: (g: OperationGroup) => number) => (row.kind === "module" ? column[row.id] : operation(groups[row.id]));
  const qualityOf = (row: OutlineRow) => (row.kind === "module" ? slice.quality[row.id] : groups[row.id].quality);
  return [
    {
      key: "name", title: "module", width: 240, sortable: true,
      cell: (row) => (row.kind === "operation"
        ? <span class="operation clip"><Name text={lastOf(groups[row.id].name).last} most={60} /> <span class="tag">{groups[row.id].rows.length > 1 ? `×${groups[row.id].rows.length} ` : ""}{groups[row.id].pass}</span></span>
        : <span class="clip"><Found text={titleOf(tree.nodes[row.id])} query={query} />{tags(tree.nodes[row.id])}</span>),
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
    ...[...byPass].filter(([pass]) => pass !== "other").map(([pass, part]) => ({
      key: pass, title: pass, about: `${energy ? "joules" : "seconds"} a step in this pass`, width: 104, sortable: true,
      cell: (row: OutlineRow) => {
        const value = row.kind === "module"
          ? known((energy ? part.energy : part.time)[row.id])
          : groups[row.id].pass === pass ? figureOf(groups[row.id], energy ? "energy" : "time") : null;
        return <Figure value={value} unit={energy ? "J" : "s"} quality={energy ? qualityOf(row) : null} />;
      },
    })),
    { key: "calls", title: "calls", about: "spans that start in a step", width: 84, sortable: true, cell: (row) => <span class="number">{count(of(row, slice.calls, (g) => g.calls))}</span> },
  ];
}

/** What a pass does not have in a module is not shown as nothing measured. */
function known(value: number): number | null {
  return Number.isNaN(value) || value === 0 ? null : value;
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
