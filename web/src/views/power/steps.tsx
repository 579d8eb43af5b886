import { scaleLinear } from "d3-scale";
import { AxisBelow, AxisLeft } from "../../chart/axis.tsx";
import { ChartFrame } from "../../chart/frame.tsx";
import { usePatterns } from "../../chart/pattern.tsx";
import { useWidth } from "../../chart/width.ts";
import type { PerStep } from "../../data/page.ts";
import type { Quality } from "../../data/report.ts";
import { isOf } from "../../model/device.ts";
import { mark } from "../../model/quality.ts";
import { Panel } from "../../parts/panel.tsx";
import { usePlace } from "../../state/navigation.tsx";
import { amountText, tickText } from "../../text/amount.ts";
import { visible } from "../../text/name.ts";

const height = 190;
const margin = { left: 48, right: 12, top: 26, bottom: 34 };

/** What each step took: whether one stands out. */
export function Steps() {
  const { footprint, route } = usePlace();
  const devices = footprint.page.per_step.filter((d) => d.step.length > 1 && (!footprint.devices.includes(route.device) || isOf(d.device, route.device)));
  if (devices.length === 0) {
    return null;
  }

  return (
    <Panel title="Every step" about="whether one stands out">
      {devices.slice(0, 16).map((d, i) => <StepColumns key={i} device={d} quality={footprint.qualityOf(d.device)} />)}
      {devices.length > 16 && <p class="soft">… {devices.length - 16} more devices: choose one above.</p>}
    </Panel>
  );
}

function StepColumns({ device, quality }: { readonly device: PerStep; readonly quality: Quality | null }) {
  const [ref, width] = useWidth<HTMLDivElement>();
  const patterns = usePatterns();
  const energy = device.energy_j.some((j) => j !== null);
  const values = energy ? device.energy_j : device.window_s;
  const unit = energy ? "J" : "s";
  const y = scaleLinear().domain([0, values.reduce<number>((most, v) => Math.max(most, v ?? 0), 0)]).nice(3).range([height - margin.bottom, margin.top]);
  const pitch = (width - margin.left - margin.right) / values.length;
  const every = Math.max(1, Math.ceil(34 / Math.max(1, pitch)));
  const label = `${energy ? "Energy" : "Length"} of every step, ${visible(device.device)}`;
  return (
    <ChartFrame name="steps" label={label} table={() => ({ columns: ["step", "window_s", "energy_j"], rows: device.step.map((s, i) => [s, device.window_s[i], device.energy_j[i]]) })}>
      <div ref={ref} style={{ minHeight: `${height}px` }}>
        {width > 0 && (
          <svg data-chart width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={`${label}; the table holds the figures`}>
            {patterns.defs()}
            <AxisLeft ticks={y.ticks(3).map((t) => ({ at: y(t), text: tickText(t, unit).replace(/ \S+$/, "") }))} position={margin.left} reach={width - margin.left - margin.right} from={height - margin.bottom} to={margin.top} title={`${energy ? mark(quality) : ""}${amountText(y.domain()[1], unit).replace(/^\S+ /, "")}, ${visible(device.device)}`} />
            {values.map((v, i) => {
              const at = margin.left + i * pitch + Math.min(4, pitch * 0.12);
              const w = Math.max(0.6, pitch - Math.min(8, pitch * 0.24));
              const over = energy ? patterns.over(quality) : null;
              return v === null ? null : (
                <g key={device.step[i]}>
                  <title>{`step ${device.step[i]}: ${energy ? mark(quality) : ""}${amountText(v, unit)}, ${amountText(device.window_s[i], "s")}`}</title>
                  <rect class={energy ? "fill-operations" : "fill-c1"} x={at} y={y(v)} width={w} height={y(0) - y(v)} rx={Math.min(2, w / 3)} />
                  {over !== null && <rect x={at} y={y(v)} width={w} height={y(0) - y(v)} fill={over} />}
                </g>
              );
            })}
            <AxisBelow ticks={device.step.flatMap((s, i) => (i % every === 0 ? [{ at: margin.left + (i + 0.5) * pitch, text: String(s) }] : []))} position={height - margin.bottom} reach={0} from={margin.left} to={width - margin.right} title="step" />
          </svg>
        )}
      </div>
    </ChartFrame>
  );
}
