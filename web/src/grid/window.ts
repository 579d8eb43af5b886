/** The rows that are drawn: [first, last), with some above and below so that scrolling shows no gap. */
export function windowOf(scrollTop: number, height: number, rowHeight: number, rows: number): { first: number; last: number } {
  const spare = 8;
  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - spare);
  const last = Math.min(rows, Math.ceil((scrollTop + height) / rowHeight) + spare);
  return { first: Math.min(first, last), last };
}

/** The scroll position nearest to the present one at which a row is wholly seen below a header. */
export function scrollTo(row: number, scrollTop: number, height: number, rowHeight: number): number {
  const top = row * rowHeight;
  return top < scrollTop ? top : top + rowHeight > scrollTop + height ? top + rowHeight - height : scrollTop;
}
