/** A cell: text, a number, or nothing known. */
export type Cell = string | number | null;

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** RFC 4180 with line feeds; what is unknown is empty. Text that a spreadsheet would take for a formula is kept from being one. */
export function csv(table: Table): string {
  return [table.columns, ...table.rows].map((row) => `${row.map(field).join(",")}\n`).join("");
}

function field(cell: Cell): string {
  if (cell === null || (typeof cell === "number" && Number.isNaN(cell))) {
    return "";
  }

  if (typeof cell === "number") {
    return String(cell);
  }

  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
