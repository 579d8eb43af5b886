import { download } from "../chart/save.ts";
import { csv, type Table } from "../text/csv.ts";

/** Keeps a table as CSV: all of it, not only what is listed. */
export function SaveTable({ name, label, table }: { readonly name: string; readonly label: string; readonly table: () => Table }) {
  return (
    <div class="chart-foot">
      <button type="button" aria-label={`${label}: save as CSV`} onClick={() => { download(new Blob([csv(table())], { type: "text/csv" }), `${name}.csv`); }}>CSV</button>
    </div>
  );
}
