/** The step, 0 to 8, that a value has between two others; -1 where it is not known. */
export function stepOf(value: number, low: number, high: number): number {
  if (Number.isNaN(value) || Number.isNaN(low) || Number.isNaN(high)) {
    return -1;
  }

  return high > low ? Math.max(0, Math.min(8, Math.round(((value - low) / (high - low)) * 8))) : 4;
}

export function stepClass(step: number): string {
  return step < 0 ? "step-none" : `step-${step}`;
}

/** Smallest and largest of what is known. */
export function extentOf(values: Iterable<number>): [number, number] {
  let low = NaN;
  let high = NaN;
  for (const value of values) {
    if (!Number.isNaN(value)) {
      low = value < low || Number.isNaN(low) ? value : low;
      high = value > high || Number.isNaN(high) ? value : high;
    }
  }

  return [low, high];
}
