import type { Quality } from "../data/report.ts";
import { mark } from "../model/quality.ts";
import { amount } from "../text/amount.ts";

interface FigureProps {
  readonly value: number | null;
  readonly unit: string;
  readonly quality?: Quality | null;
}

/** A figure with its unit, and with its mark where it was not measured. */
export function Figure({ value, unit, quality = null }: FigureProps) {
  const text = amount(value, unit);
  const before = text.unit === "" ? "" : mark(quality);
  return (
    <span class="number">
      {before !== "" && <><span aria-hidden="true">{before}</span><span class="vh">{quality} </span></>}
      {text.digits}
      {text.unit !== "" && <span class="unit"> {text.unit}</span>}
    </span>
  );
}
