/** How a figure differs from another recording's, in seven classes from much less to much more. */
export function differenceClass(now: number, before: number): string {
  if (Number.isNaN(now) || Number.isNaN(before)) {
    return "step-none";
  }

  const change = before > 0 ? now / before - 1 : now > 0 ? Infinity : 0;
  const size = Math.abs(change);
  if (size < 0.02) {
    return "same";
  }

  return `${change < 0 ? "less" : "more"}-${size < 0.1 ? 1 : size < 0.3 ? 2 : 3}`;
}
