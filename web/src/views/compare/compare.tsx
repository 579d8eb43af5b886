import { useMemo, useState } from "preact/hooks";
import type { Quality, Report } from "../../data/report.ts";
import { Grid, type Column, type Sort } from "../../grid/grid.tsx";
import { SaveTable } from "../../grid/save-table.tsx";
import { comparable, compared, disparities, type Compared } from "../../model/comparison.ts";
import { mark } from "../../model/quality.ts";
import { Figure } from "../../parts/figure.tsx";
import { Name } from "../../parts/name.tsx";
import { Panel } from "../../parts/panel.tsx";
import { go, usePlace } from "../../state/navigation.tsx";
import { amount, percent } from "../../text/amount.ts";
import { visible } from "../../text/name.ts";

/** Another recording beside this one, module by module. */
export function Compare() {
  const { footprint } = usePlace();
  const { base } = footprint.page;
  return (
    <section class="view">
      {base === null
        ? (
          <Panel title="Compare">
            <div class="empty">
              <p>Nothing to compare with is in this report. Name another recording, and it stands here beside this one, module by module:</p>
              <p><code>smaragdine report {visible(footprint.report.recording.path.slice(0, 200))} --format html --base OTHER -o report.html</code></p>
            </div>
          </Panel>
        )
        : <Comparison report={footprint.report} base={base} />}
    </section>
  );
}

function Comparison({ report, base }: { readonly report: Report; readonly base: Report }) {
  const { footprint, route } = usePlace();
  const energy = comparable(report, base);
  const unit = energy ? "J" : "s";
  const all = useMemo(() => compared(report, base, energy), [report, base, energy]);
  const words = useMemo(() => disparities(report, base), [report, base]);
  const [sort, setSort] = useState<Sort>({ key: "change", descending: true });
  const [toggled, setToggled] = useState<ReadonlyMap<string, boolean>>(new Map());
  const root = all[0];
  const largest = Math.abs(differenceOf(root)) || root.valueNow;

  const isOpen = (row: Compared) => toggled.get(row.path) ?? (row.parent < 0 || Math.abs(differenceOf(row)) > largest * 0.15 || Math.max(row.valueNow || 0, row.valueBefore || 0) > root.valueNow * 0.5);
  const rows = useMemo(() => {
    const key = (row: Compared) => (sort.key === "now" ? row.valueNow : sort.key === "before" ? row.valueBefore : sort.key === "relative" ? Math.abs(relative(row)) : Math.abs(differenceOf(row))) || 0;
    const direction = sort.descending ? -1 : 1;
    const listed: Compared[] = [];
    const open = [0];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      const row = all[at];
      listed.push(row);
      if (isOpen(row)) {
        open.push(...[...row.children].sort((a, b) => (sort.key === "name" ? direction * all[a].name.localeCompare(all[b].name, "en", { numeric: true }) : direction * (key(all[a]) - key(all[b])))).reverse());
      }
    }

    return listed;
    // eslint-disable-next-line react-hooks/exhaustive-deps -- isOpen depends on `toggled` and on `all`
  }, [all, sort, toggled]);
  const widest = all.reduce((most, row) => Math.max(most, Math.abs(differenceOf(row)) || 0), 0);

  const columns: Column<Compared>[] = [
    { key: "name", title: "module", width: 240, sortable: true, cell: (row) => <span class="clip"><Name text={row.path === "" ? "all operations" : row.name} most={60} />{row.before === null && <span class="tag"> new</span>}{row.now === null && <span class="tag"> gone</span>}</span> },
    { key: "before", title: "other", about: "the recording compared with", width: 104, sortable: true, cell: (row) => <Figure value={row.valueBefore} unit={unit} quality={energy ? row.before?.quality ?? null : null} /> },
    { key: "now", title: "this", about: "this recording", width: 104, sortable: true, cell: (row) => <Figure value={row.valueNow} unit={unit} quality={energy ? row.now?.quality ?? null : null} /> },
    { key: "change", title: "difference", width: 112, sortable: true, cell: (row) => <Difference value={differenceOf(row)} unit={unit} quality={energy ? row.quality : null} /> },
    ...(energy ? [{ key: "spread", title: "± step", about: "of the difference, step to step: steps of one run are no replicates", width: 92, cell: (row: Compared) => <Figure value={row.spread} unit={unit} /> }] : []),
    { key: "relative", title: "%", width: 82, sortable: true, cell: (row) => <span class="number">{signed(relative(row))}</span> },
    { key: "bar", title: "less · more", width: 190, cell: (row) => <Diverging value={differenceOf(row)} widest={widest} within={Math.abs(differenceOf(row)) <= row.spread} /> },
  ];
  const chosen = all.findIndex((row) => row.path === route.module);
  return (
    <>
      <Panel title="This recording and the other" about={energy ? "joules of operations a step" : "seconds of operations a step: joules of different quality, or of one of them alone, cannot be compared"}>
        <div class="headline">
          <div><p class="figure"><Figure value={root.valueNow} unit={unit} quality={energy ? root.now?.quality ?? null : null} /></p><p class="about"><Name text={report.recording.path} most={90} /></p></div>
          <div><p class="figure other"><Figure value={root.valueBefore} unit={unit} quality={energy ? root.before?.quality ?? null : null} /></p><p class="about"><Name text={base.recording.path} most={90} /></p></div>
          <div class="about"><p><b><Difference value={differenceOf(root)} unit={unit} quality={energy ? root.quality : null} /></b>{!Number.isNaN(root.spread) && <> ± <Figure value={root.spread} unit={unit} /></>}, {signed(relative(root))}</p></div>
        </div>
        {words.length > 0 && <ul class="notes">{words.map((w) => <li key={w}>{visible(w.slice(0, 300))}</li>)}</ul>}
        <p class="soft note">Steps of one run are no replicates: whether a difference is one needs several runs of each.</p>
      </Panel>
      <Panel tall title="Module by module">
        <Grid
          label="Difference of modules" rows={rows} columns={columns} rowKey={(row) => `m${row.path}`} sort={sort} onSort={setSort}
          level={(row) => row.depth - root.depth + 1} expanded={(row) => (row.children.length === 0 ? null : isOpen(row))}
          onToggle={(row) => { setToggled(new Map(toggled).set(row.path, !isOpen(row))); }}
          onChoose={(row) => { if (row.now !== null) { go(route, { module: footprint.addressOf(footprint.full.tree, footprint.full.tree.byPath.get(row.path) ?? 0) }); } }}
          chosen={(row) => chosen >= 0 && row === all[chosen]}
        />
        <SaveTable name="compare" label="Difference of modules" table={() => ({ columns: ["path", `other_${unit.toLowerCase()}`, `this_${unit.toLowerCase()}`, "difference", "spread"], rows: all.map((r) => [r.path, r.valueBefore, r.valueNow, differenceOf(r), r.spread]) })} />
      </Panel>
    </>
  );
}

/** A module that one of them lacks counts as nothing there: it is new, or gone. */
function differenceOf(row: Compared): number {
  return (row.now === null ? 0 : row.valueNow) - (row.before === null ? 0 : row.valueBefore);
}

function relative(row: Compared): number {
  return row.valueBefore > 0 ? row.valueNow / row.valueBefore - 1 : NaN;
}

function signed(share: number): string {
  return share > 0 ? `+${percent(share)}` : percent(share);
}

function Difference({ value, unit, quality }: { readonly value: number; readonly unit: string; readonly quality: Quality | null }) {
  const text = amount(value, unit);
  return <span class="number">{text.unit === "" ? "" : mark(quality)}{value > 0 ? "+" : ""}{text.digits}{text.unit !== "" && <span class="unit"> {text.unit}</span>}</span>;
}

function Diverging({ value, widest, within }: { readonly value: number; readonly widest: number; readonly within: boolean }) {
  const share = widest > 0 && !Number.isNaN(value) ? Math.abs(value) / widest : 0;
  return (
    <span class="diverging" aria-hidden="true" title={within ? "within one step-to-step deviation" : ""}>
      <i class={`${value < 0 ? "is-less" : "is-more"}${within ? " within" : ""}`} style={{ width: `${share * 50}%` }} />
    </span>
  );
}
