import { useId } from "preact/hooks";
import type { Quality } from "../data/report.ts";

/** Patterns laid over the bars of figures that are not from a sensor: lines for estimated, dots for simulated. */
export function usePatterns(): { defs: () => preact.JSX.Element; over: (quality: Quality | null) => string | null } {
  const id = useId().replaceAll(/[^\w-]/g, "");
  return {
    defs: () => (
      <defs>
        <pattern id={`${id}-lines`} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <line class="hatch-line" x1="0" y1="0" x2="0" y2="6" />
        </pattern>
        <pattern id={`${id}-dots`} width="5" height="5" patternUnits="userSpaceOnUse">
          <circle class="hatch-dot" cx="1.5" cy="1.5" r="0.8" />
        </pattern>
      </defs>
    ),
    over: (quality) => (quality === "estimated" ? `url(#${id}-lines)` : quality === "simulated" ? `url(#${id}-dots)` : null),
  };
}

/** The class that makes a swatch of the legend look like the bars of a quality. */
export function swatchClass(quality: Quality | null): string {
  return quality === "estimated" ? "hatched" : quality === "simulated" ? "dotted" : "";
}
