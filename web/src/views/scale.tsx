import type { Metric } from "../model/metric.ts";
import { amountText } from "../text/amount.ts";

/** A colour scale with its ends. */
export function Scale({ metric, low, high, unit }: { readonly metric: Metric; readonly low: number; readonly high: number; readonly unit: string }) {
  return (
    <p class="scale" data-metric={metric}>
      <span class="number">{amountText(low, unit)}</span>
      <span class="steps" aria-hidden="true">{Array.from({ length: 9 }, (_, i) => <i key={i} class={`step-${i}`} />)}</span>
      <span class="number">{amountText(high, unit)}</span>
    </p>
  );
}
