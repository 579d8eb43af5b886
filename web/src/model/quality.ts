import type { Quality } from "../data/report.ts";

const order: readonly Quality[] = ["measured", "derived", "estimated", "simulated"];

/** The worse of two; null where neither has one. */
export function worst(left: Quality | null, right: Quality | null): Quality | null {
  if (left === null || right === null) {
    return left ?? right;
  }

  return order[Math.max(order.indexOf(left), order.indexOf(right))];
}

/** What stands before a figure: `~` estimated, `?` simulated. */
export function mark(quality: Quality | null): "" | "~" | "?" {
  return quality === "estimated" ? "~" : quality === "simulated" ? "?" : "";
}

/** Estimated joules are processor time rescaled: watts made of them tell nothing, and are withheld. */
export function showsPower(quality: Quality | null): boolean {
  return quality !== null && quality !== "estimated";
}
