import { scaleLinear, scaleLog } from "d3-scale";
import { useMemo, useState } from "preact/hooks";
import { AxisBelow, AxisLeft } from "../../chart/axis.tsx";
import { ChartFrame } from "../../chart/frame.tsx";
import { useWidth } from "../../chart/width.ts";
import type { Pass } from "../../data/report.ts";
import { largestOf, type OperationGroup } from "../../model/groups.ts";
import { mark } from "../../model/quality.ts";
import { extentOf } from "../../model/scale.ts";
import { Legend } from "../../parts/legend.tsx";
import { amountText, tickText } from "../../text/amount.ts";
import { visible } from "../../text/name.ts";

const most = 1500;
const height = 380;
const margin = { left: 46, right: 14, top: 26, bottom: 42 };

/** The operations that take most energy, by how long they run and how much they draw. */
export function Scatter({ groups, passes }: { readonly groups: readonly OperationGroup[]; readonly passes: readonly Pass[] }) {
  const [ref, width] = useWidth<HTMLDivElement>();
  const [pointed, setPointed] = useState<OperationGroup | null>(null);
  const { known, drawn, rest } = useMemo(() => {
    const all = groups.filter((g) => g.energy > 0 && g.time > 0 && !Number.isNaN(g.power));
    const largest = largestOf(all, most, (g) => g.energy);
    const sum = (some: readonly OperationGroup[]) => some.reduce((joules, g) => joules + g.energy, 0);
    return { known: all, drawn: largest, rest: all.length > largest.length ? sum(all) - sum(largest) : 0 };
  }, [groups]);
  const [shortest, longest] = extentOf(drawn.map((g) => g.time));
  const [, strongest] = extentOf(drawn.map((g) => g.power));
  const x = scaleLog().domain([shortest * 0.8, longest * 1.3]).range([margin.left, width - margin.right]);
  const y = scaleLinear().domain([0, strongest * 1.06]).nice(5).range([height - margin.bottom, margin.top]);
  const largest = drawn[0]?.energy ?? 1;
  const radius = (g: OperationGroup) => 1.6 + 13 * Math.sqrt(g.energy / largest);
  const wide = longest / shortest > 300;
  const decades = Array.from({ length: 24 }, (_, i) => 10 ** (i - 12)).flatMap((t) => (wide ? [t] : [t, 2 * t, 5 * t])).filter((t) => t >= x.domain()[0] && t <= x.domain()[1]);
  const every = Math.max(1, Math.ceil((decades.length * 54) / Math.max(1, width - margin.left - margin.right)));
  if (drawn.length === 0) {
    return <p class="empty">No operation here has power.</p>;
  }

  return (
    <ChartFrame name="power-against-time" label="Power against time" legend={<Legend entries={passes.map((p) => ({ fill: `fill-${p}`, text: p }))} />}
      table={() => ({ columns: ["operation", "pass", "s per step", "W", "J per step"], rows: largestOf(known, known.length, (g) => g.energy).map((g) => [g.name, g.pass, g.time, g.power, g.energy]) })}>
      <div ref={ref} style={{ minHeight: `${height + 46}px` }}>
        {width > 0 && (
          <svg data-chart width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={`Power against time of ${drawn.length} operations; the table holds the figures`} onMouseLeave={() => { setPointed(null); }}>
            <AxisBelow ticks={decades.filter((_, i) => i % every === 0).map((t) => ({ at: x(t), text: tickText(t, "s") }))} position={height - margin.bottom} reach={height - margin.bottom - margin.top} from={margin.left} to={width - margin.right} title="time a step" />
            <AxisLeft ticks={y.ticks(5).map((t) => ({ at: y(t), text: String(t) }))} position={margin.left} reach={width - margin.left - margin.right} from={height - margin.bottom} to={margin.top} title={`${mark(drawn[0].quality)}W`} />
            {drawn.map((g) => (
              <circle key={g.rows[0]} class={`dot fill-${g.pass}`} cx={x(g.time).toFixed(1)} cy={y(g.power).toFixed(1)} r={radius(g).toFixed(1)} onMouseEnter={() => { setPointed(g); }} />
            ))}
            {pointed !== null && <circle class="pointed" cx={x(pointed.time)} cy={y(pointed.power)} r={radius(pointed) + 1.5} />}
          </svg>
        )}
        <p class="readout small" aria-live="off">
          {pointed === null
            ? <span class="soft">{rest > 0 ? `The ${most.toLocaleString("en-US")} largest; ${(known.length - most).toLocaleString("en-US")} more with ${mark(drawn[0].quality)}${amountText(rest, "J")} are not drawn.` : "Point at a circle to see which operation it is."}</span>
            : <><b><bdi>{visible(pointed.name.slice(0, 120))}</bdi></b><span class="number">{mark(pointed.quality)}{amountText(pointed.power, "W")}, {amountText(pointed.time, "s")}, {mark(pointed.quality)}{amountText(pointed.energy, "J")}</span></>}
        </p>
      </div>
    </ChartFrame>
  );
}
