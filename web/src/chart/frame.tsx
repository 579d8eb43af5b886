import type { ComponentChildren } from "preact";
import { useRef, useState } from "preact/hooks";
import { csv, type Cell, type Table } from "../text/csv.ts";
import { threeDigits } from "../text/amount.ts";
import { visible } from "../text/name.ts";
import { download, pngOf, svgTextOf } from "./save.ts";

const rowsShown = 200;

interface ChartFrameProps {
  /** File name of what is saved, without its ending. */
  readonly name: string;
  readonly label: string;
  /** The chart's data, made when asked for. */
  readonly table: () => Table;
  /** For charts that are not SVG on the page. */
  readonly drawing?: () => string;
  /** What its colours mean. */
  readonly legend?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** Around every chart: its data as a table, and ways to keep it. */
export function ChartFrame({ name, label, table, drawing, legend, children }: ChartFrameProps) {
  const figure = useRef<HTMLElement>(null);
  const [open, setOpen] = useState(false);
  const svg = () => (drawing ? drawing() : svgTextOf(figure.current?.querySelector<SVGSVGElement>("svg[data-chart]") ?? null));
  const save = (ending: "svg" | "png" | "csv") => async () => {
    const text = ending === "csv" ? csv(table()) : svg();
    const blob = ending === "png" ? await pngOf(text) : new Blob([text], { type: ending === "csv" ? "text/csv" : "image/svg+xml" });
    download(blob, `${name}.${ending}`);
  };

  return (
    <figure class="chart" ref={figure} aria-label={label}>
      {children}
      <div class="chart-foot">
        {legend}
        <span class="gap" />
        <span class="keep">
        <button type="button" aria-expanded={open} aria-label={`${label}: as a table`} onClick={() => { setOpen(!open); }}>Table</button>
        <button type="button" aria-label={`${label}: save as CSV`} onClick={save("csv")}>CSV</button>
        <button type="button" aria-label={`${label}: save as SVG`} onClick={save("svg")}>SVG</button>
        <button type="button" aria-label={`${label}: save as PNG`} onClick={save("png")}>PNG</button>
        </span>
      </div>
      {open && <DataTable label={label} table={table()} />}
    </figure>
  );
}

function DataTable({ label, table }: { readonly label: string; readonly table: Table }) {
  const rows = table.rows.slice(0, rowsShown);
  return (
    <div class="chart-table" tabIndex={0} role="region" aria-label={`${label}, table`}>
      <table class="plain">
        <thead>
          <tr>{table.columns.map((c) => <th scope="col" key={c}>{c}</th>)}</tr>
        </thead>
        <tbody>
          {rows.map((row, i) => <tr key={i}>{row.map((cell, j) => <td key={j} class={typeof cell === "string" ? "" : "number"}>{cellText(cell)}</td>)}</tr>)}
        </tbody>
      </table>
      {table.rows.length > rowsShown && <p class="soft">… {(table.rows.length - rowsShown).toLocaleString("en-US")} more: the CSV file has them all.</p>}
    </div>
  );
}

function cellText(cell: Cell): string {
  if (cell === null || (typeof cell === "number" && Number.isNaN(cell))) {
    return "–";
  }

  return typeof cell === "string" ? visible(cell.slice(0, 300)) : threeDigits(cell);
}
