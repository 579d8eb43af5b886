import { useState, useMemo } from "preact/hooks";
import { Grid, type Column, type Sort } from "../../grid/grid.tsx";
import { SaveTable } from "../../grid/save-table.tsx";
import type { OperationGroup } from "../../model/groups.ts";
import { shareOf, type Metric } from "../../model/metric.ts";
import { hasEnergy, type Slice } from "../../model/slice.ts";
import { Figure } from "../../parts/figure.tsx";
import { Name } from "../../parts/name.tsx";
import { go, usePlace } from "../../state/navigation.tsx";
import type { Table } from "../../text/csv.ts";
import { count, percent } from "../../text/amount.ts";
import { lastOf, visible } from "../../text/name.ts";

interface Props {
  readonly groups: readonly OperationGroup[];
  readonly metric: Metric;
  readonly whole: Slice;
  readonly node: number;
  readonly power: boolean;
  readonly table: () => Table;
}

/** All operations; choosing one chooses its module. */
export function OperationTable({ groups, metric, whole, node, power, table }: Props) {
  const { footprint, route } = usePlace();
  const [sort, setSort] = useState<Sort | null>(null);
  const [chosen, setChosen] = useState<OperationGroup | null>(null);
  const rows = useMemo(() => (sort === null ? groups : sorted(groups, sort)), [groups, sort]);
  const energy = hasEnergy(whole);
  const columns: Column<OperationGroup>[] = [
    { key: "name", title: "operation", width: 300, sortable: true, cell: (g) => <span class="clip"><Name text={lastOf(g.name).last} most={50} />{g.rows.length > 1 && <span class="tag"> ×{g.rows.length}</span>} <span class="tag" title={visible(g.name.slice(0, 600))}><Name text={tailOf(lastOf(g.name).above, 60)} most={70} /></span></span> },
    { key: "type", title: "type", width: 130, text: true, sortable: true, cell: (g) => <Name text={g.type} most={22} /> },
    { key: "pass", title: "pass", width: 92, text: true, sortable: true, cell: (g) => g.pass },
    ...(footprint.severalPlaces ? [{ key: "device", title: "device", width: 130, text: true, cell: (g: OperationGroup) => <Name text={g.label} most={20} /> }] : []),
    ...(energy ? [
      { key: "energy", title: "energy", width: 100, sortable: true, cell: (g: OperationGroup) => <Figure value={g.energy} unit="J" quality={g.quality} /> },
      { key: "sd", title: "± step", width: 88, sortable: true, cell: (g: OperationGroup) => <Figure value={g.sd} unit="J" /> },
      { key: "share", title: "share", width: 76, cell: (g: OperationGroup) => <span class="number">{percent(shareOf(g.energy, whole.energy[node]))}</span> },
    ] : []),
    { key: "time", title: "time", width: 92, sortable: true, cell: (g) => <Figure value={g.time} unit="s" /> },
    ...(power ? [{ key: "power", title: "power", width: 88, sortable: true, cell: (g: OperationGroup) => <Figure value={g.power} unit="W" quality={g.quality} /> }] : []),
    { key: "calls", title: "calls", width: 78, sortable: true, cell: (g) => <span class="number">{count(g.calls)}</span> },
  ];
  return (
    <>
      <Grid
        label="Operations" rows={rows} columns={columns} rowKey={(g) => String(g.rows[0])} sort={sort ?? { key: metric, descending: true }} onSort={setSort} visible={18}
        onChoose={(g) => {
          setChosen(g);
          const { tree } = footprint.forest(route.fold);
          go(route, { module: footprint.addressOf(tree, g.node) });
        }}
        chosen={(g) => g === chosen}
      />
      <SaveTable name="operations" label="Operations" table={table} />
    </>
  );
}

/** The end of a path, from a whole name on. */
function tailOf(path: string, most: number): string {
  const cut = path.slice(Math.max(0, path.length - most));
  return cut === path ? path : `…${cut.slice(Math.max(0, cut.indexOf("/")))}`;
}

function sorted(groups: readonly OperationGroup[], sort: Sort): OperationGroup[] {
  const direction = sort.descending ? -1 : 1;
  const key = sort.key as keyof OperationGroup;
  return [...groups].sort((a, b) => {
    const left = a[key];
    const right = b[key];
    return direction * (typeof left === "string" && typeof right === "string" ? left.localeCompare(right, "en", { numeric: true }) : (Number(left) || 0) - (Number(right) || 0));
  });
}
