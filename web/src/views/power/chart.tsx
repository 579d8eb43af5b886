import { scaleLinear } from "d3-scale";
import { useState } from "preact/hooks";
import { AxisBelow, AxisLeft } from "../../chart/axis.tsx";
import { ChartFrame } from "../../chart/frame.tsx";
import { usePatterns } from "../../chart/pattern.tsx";
import { useWidth } from "../../chart/width.ts";
import type { Profile } from "../../data/page.ts";
import { mark } from "../../model/quality.ts";
import { stepArea, stepLine, type Stack } from "../../model/profile.ts";
import { go, usePlace } from "../../state/navigation.tsx";
import { hashOf } from "../../state/route.ts";
import { amountText, percent, tickText } from "../../text/amount.ts";
import { shortened } from "../../text/name.ts";

export interface Category {
  readonly node: number;
  readonly name: string;
  readonly path: string;
  readonly fill: string;
}

interface PowerChartProps {
  readonly profile: Profile;
  readonly stack: Stack;
  readonly categories: readonly Category[];
  readonly everyStep: boolean;
  readonly readings: Profile["readings"];
}

const height = 400;
const margin = { left: 48, right: 12, top: 26, bottom: 42 };
const readingsShown = 4000;

export function PowerChart({ profile, stack, categories, everyStep, readings }: PowerChartProps) {
  const { footprint, route } = usePlace();
  const [ref, width] = useWidth<HTMLDivElement>();
  const [cursor, setCursor] = useState<number | null>(null);
  const patterns = usePatterns();
  const bins = profile.mean_w.length;
  const hasPower = profile.mean_w.some((w) => w !== null);
  const level: (number | null)[] = hasPower ? profile.mean_w : Array.from(stack.busy, (b) => b);
  const highest = hasPower
    ? highestOf(profile, everyStep, readings)
    : 1;
  const x = scaleLinear().domain([0, bins * profile.bin_s]).range([margin.left, Math.max(margin.left + 1, width - margin.right)]);
  // A share ends at 100 %.
  const y = (hasPower ? scaleLinear().domain([0, highest * 1.04]).nice(5) : scaleLinear().domain([0, 1])).range([height - margin.bottom, margin.top]);
  const atBin = (bin: number) => x(bin * profile.bin_s);
  const columns = stack.categories + 1;

  const layers = stackedLayers(level, stack);
  const low = level.map((w, i) => (w === null || profile.sd_w[i] === null ? null : Math.max(0, w - profile.sd_w[i])));
  const high = level.map((w, i) => (w === null || profile.sd_w[i] === null ? null : w + profile.sd_w[i]));
  const over = hasPower ? patterns.over(profile.quality) : null;
  const points = readings.flatMap((r) => r.t_s.map((t, i) => ({ t, w: r.w[i] }))).slice(0, readingsShown);
  const names = [...categories.map((c) => c.name), "elsewhere"];
  const said = (bin: number) => {
    const watts = profile.mean_w[bin];
    const sd = profile.sd_w[bin];
    const runs = names.map((name, c) => ({ name, share: stack.shares[bin * columns + c] })).filter((r) => r.share > 0.005).sort((a, b) => b.share - a.share).slice(0, 4);
    return {
      time: amountText((bin + 0.5) * profile.bin_s, "s"),
      power: watts === null ? (hasPower ? "power not known" : "") : `${mark(profile.quality)}${amountText(watts, "W")}${sd === null ? "" : ` ± ${amountText(sd, "W")}`}`,
      runs: runs.length === 0 ? "nothing runs" : runs.map((r) => `${shortened(r.name, 40)} ${percent(r.share)}`).join(", "),
    };
  };
  const move = (to: number) => { setCursor(Math.max(0, Math.min(bins - 1, to))); };
  const onKeyDown = (event: KeyboardEvent) => {
    const at = cursor ?? 0;
    const jump = Math.max(1, Math.round(bins / 20));
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, PageUp: at + jump, PageDown: at - jump, Home: 0, End: bins - 1 }[event.key];
    if (to !== undefined) {
      move(to);
      event.preventDefault();
    } else if (event.key === "Enter") {
      chooseAt(at);
    }
  };
  const binAt = (event: MouseEvent) => Math.floor(x.invert(event.offsetX) / profile.bin_s);
  const chooseAt = (bin: number) => {
    const best = categories.map((c, i) => ({ c, share: stack.shares[bin * columns + i] })).sort((a, b) => b.share - a.share).at(0);
    if (best && best.share > 0) {
      go(route, { module: best.c.path });
    }
  };
  const now = cursor === null ? null : said(cursor);
  const label = `${hasPower ? "Power" : "Activity"} over a step`;

  return (
    <ChartFrame name="power-over-a-step" label={label} legend={<CategoryLegend categories={categories} stack={stack} />}
      table={() => ({
        columns: ["from_s", "mean_w", "sd_w", "steps", ...names.map((n) => `share of ${n}`)],
        rows: profile.mean_w.map((w, i) => [i * profile.bin_s, w, profile.sd_w[i], profile.steps_n[i], ...names.map((_, c) => stack.shares[i * columns + c])]),
      })}>
      <p class="readout small"><b class="number">{now?.time ?? ""}</b> <span class="number">{now?.power ?? ""}</span> <span class="soft">{now?.runs ?? "Point at the chart, or walk along it with the arrow keys; Enter chooses the module that runs."}</span></p>
      <div ref={ref} style={{ minHeight: `${height}px` }}>
        {width > 0 && (
          <svg data-chart class="profile" width={width} height={height} viewBox={`0 0 ${width} ${height}`} tabindex={0} role="slider" aria-label={`${label}, time in the step`}
            aria-valuemin={0} aria-valuemax={bins - 1} aria-valuenow={cursor ?? 0} aria-valuetext={Object.values(said(cursor ?? 0)).join(", ")}
            onKeyDown={onKeyDown} onMouseMove={(e) => { move(binAt(e)); }} onMouseLeave={() => { setCursor(null); }} onClick={(e) => { chooseAt(binAt(e)); }}>
            {patterns.defs()}
            <AxisLeft ticks={y.ticks(5).map((t) => ({ at: y(t), text: hasPower ? tickText(t, "W").replace(" W", "") : percent(t).replace(".0", "") }))} position={margin.left} reach={width - margin.left - margin.right} from={height - margin.bottom} to={margin.top} title={hasPower ? `${mark(profile.quality)}W` : "busy"} />
            {layers.map((layer, c) => <path key={c} class={`${c < categories.length ? categories[c].fill : c === categories.length ? "fill-rest" : "fill-none"} layer`} d={stepArea(layer.low, layer.high, atBin, y)} />)}
            {over !== null && <path d={stepArea(level.map((w) => (w === null ? null : 0)), level, atBin, y)} fill={over} />}
            {hasPower && <path class="band" d={stepArea(low, high, atBin, y)} />}
            {everyStep && profile.steps.map((s) => <path key={s.step} class="one-step" d={stepLine(s.w, atBin, y)} />)}
            {hasPower && <path class="mean" d={stepLine(level, atBin, y)} />}
            {points.map((p, i) => <circle key={i} class="reading" cx={x(p.t).toFixed(1)} cy={y(p.w).toFixed(1)} r={1.7} />)}
            <AxisBelow ticks={x.ticks(Math.max(2, Math.floor(width / 110))).map((t) => ({ at: x(t), text: tickText(t, "s") }))} position={height - margin.bottom} reach={0} from={margin.left} to={width - margin.right} title={footprint.untraced ? "since the start" : "since the step's start"} />
            {cursor !== null && <line class="cursor" x1={atBin(cursor + 0.5)} x2={atBin(cursor + 0.5)} y1={margin.top} y2={height - margin.bottom} />}
          </svg>
        )}
      </div>
    </ChartFrame>
  );

  function CategoryLegend({ categories: shown, stack: of }: { readonly categories: readonly Category[]; readonly stack: Stack }) {
    const elsewhere = of.shares.some((s, i) => i % columns === of.categories && s > 0);
    return (
      <ul class="legend">
        {shown.map((c) => <li key={c.node}><span class={`swatch ${c.fill}`} /><a href={hashOf({ ...route, module: c.path })}>{shortened(c.name, 36)}</a></li>)}
        {elsewhere && <li><span class="swatch fill-rest" />elsewhere</li>}
        {of.busy.includes(0) && !footprint.untraced && <li><span class="swatch fill-none" />nothing runs</li>}
      </ul>
    );
  }
}

/** W, of all that is drawn. */
function highestOf(profile: Profile, everyStep: boolean, readings: Profile["readings"]): number {
  let most = 0;
  profile.mean_w.forEach((w, i) => { most = Math.max(most, (w ?? 0) + (profile.sd_w[i] ?? 0)); });
  for (const values of [...(everyStep ? profile.steps : []), ...readings]) {
    for (const w of values.w) {
      most = Math.max(most, w ?? 0);
    }
  }

  return most;
}

/** The area of each category, of what is elsewhere, and of bins in which nothing runs, one upon the other. */
function stackedLayers(level: readonly (number | null)[], stack: Stack): { low: (number | null)[]; high: (number | null)[] }[] {
  const columns = stack.categories + 1;
  let base: (number | null)[] = level.map((w) => (w === null ? null : 0));
  const layers: { low: (number | null)[]; high: (number | null)[] }[] = [];
  for (let c = 0; c < columns; c++) {
    const from = base;
    const to = level.map((w, bin) => {
      const below = from[bin];
      return w === null || below === null ? null : below + w * stack.shares[bin * columns + c];
    });
    layers.push({ low: from, high: to });
    base = to;
  }

  layers.push({ low: level.map((w, bin) => (w === null || stack.busy[bin] === 1 ? null : 0)), high: level.map((w, bin) => (stack.busy[bin] === 1 ? null : w)) });
  return layers;
}
