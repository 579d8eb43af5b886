import type { ReportDevice } from "../../data/report.ts";
import { Figure } from "../../parts/figure.tsx";
import { ChartFrame } from "../../chart/frame.tsx";
import { usePatterns, swatchClass } from "../../chart/pattern.tsx";
import { useWidth } from "../../chart/width.ts";
import { labelOf } from "../../model/device.ts";
import type { Footprint } from "../../model/footprint.ts";
import { showsPower } from "../../model/quality.ts";
import { whereabouts, type Whereabout } from "../../model/whereabouts.ts";
import { amountText, percent } from "../../text/amount.ts";
import { visible } from "../../text/name.ts";

const devicesShown = 6;

/** The one figure, and where on each device it went. */
export function Hero({ footprint }: { readonly footprint: Footprint }) {
  const { report, untraced } = footprint;
  const totals = footprint.totals();
  const steps = report.steps.length;
  const known = report.devices.filter((d) => d.energy_j !== null);
  return (
    <section class="panel hero" aria-label={untraced ? "Energy of the run" : "Energy of a step"}>
      <div class="headline">
        {totals.map((total) => {
          const only = total.parts === 1 ? report.devices.find((d) => d.device === total.devices[0]) : undefined;
          const sd = only?.energy_sd_j ?? null;
          return (
            <div key={total.quality}>
              <p class="figure"><Figure value={total.joules} unit="J" quality={total.quality} />{sd !== null && <span class="spread number">± {amountText(sd, "J")}</span>}</p>
              <p class="about">{untraced ? "the whole run" : "a step"}{totals.length > 1 ? `, ${total.quality}: ${total.devices.slice(0, 4).join(", ")}` : `, ${total.quality}`}{sd !== null ? ", ± step to step" : ""}</p>
            </div>
          );
        })}
        {totals.length === 0 && (
          <div>
            <p class="figure"><Figure value={footprint.report.modules[0].time_s} unit="s" /></p>
            <p class="about">of operations a step. No power is known, so this report is about time only.</p>
          </div>
        )}
        <div class="about">
          <p>{!untraced && <><b>{steps}</b> {steps === 1 ? "step" : "steps"} of </>}<b><Figure value={stepLength(report.devices)} unit="s" /></b></p>
          {totals.length === 1 && showsPower(totals[0].quality) && <p><b><Figure value={report.devices.reduce((sum, d) => sum + (d.energy_j !== null && d.covered_s > 0 ? d.energy_j / d.covered_s : 0), 0)} unit="W" quality={totals[0].quality} /></b> on average</p>}
        </div>
      </div>
      {known.slice(0, devicesShown).map((device) => <DeviceBar key={labelOf(device)} device={device} alone={report.devices.length === 1} untraced={untraced} />)}
      {known.length > devicesShown && (
        <details>
          <summary>… {known.length - devicesShown} more devices</summary>
          {known.slice(devicesShown).map((device) => <DeviceBar key={labelOf(device)} device={device} alone={false} untraced={untraced} />)}
        </details>
      )}
      {known.length > 0 && known.length < report.devices.length && <p class="soft">{report.devices.filter((d) => d.energy_j === null).map((d) => visible(labelOf(d))).join(", ")}: no power, not in the total.</p>}
    </section>
  );
}

function stepLength(devices: readonly ReportDevice[]): number | null {
  return devices.length === 0 ? null : devices.reduce((longest, d) => Math.max(longest, d.window_s), 0);
}

function DeviceBar({ device, alone, untraced }: { readonly device: ReportDevice; readonly alone: boolean; readonly untraced: boolean }) {
  const rows = whereabouts(device, untraced);
  const whole = device.energy_j ?? 0;
  return (
    <div>
      {!alone && <h2 class="device">{visible(labelOf(device))}: <Figure value={whole} unit="J" quality={device.quality} /></h2>}
      <ChartFrame name={`where-${labelOf(device).replaceAll(/\W+/g, "-")}`} label={`Where the energy of ${visible(labelOf(device))} went`}
        legend={<Breakdown rows={rows} device={device} />}
        table={() => ({ columns: ["row", untraced ? "J" : "J per step", "share"], rows: rows.map((r) => [r.text, r.joules, r.joules / whole]) })}>
        <StackedBar rows={rows} device={device} />
      </ChartFrame>
    </div>
  );
}

function Breakdown({ rows, device }: { readonly rows: readonly Whereabout[]; readonly device: ReportDevice }) {
  const whole = device.energy_j ?? 0;
  return (
    <ul class="breakdown">
      {rows.map((r) => (
        <li key={r.key} title={r.about}>
          <span class={`swatch ${r.fill} ${swatchClass(device.quality)}`} />
          <span>{r.text}</span>
          <span class="number">{percent(r.joules / whole)}</span>
          <span class="about">{r.about}</span>
          <span class="soft"><Figure value={r.joules} unit="J" quality={device.quality} /></span>
        </li>
      ))}
    </ul>
  );
}

const height = 34;

function StackedBar({ rows, device }: { readonly rows: readonly Whereabout[]; readonly device: ReportDevice }) {
  const [ref, width] = useWidth<HTMLDivElement>();
  const patterns = usePatterns();
  const positive = rows.filter((r) => r.joules > 0);
  const whole = positive.reduce((sum, r) => sum + r.joules, 0);
  let from = 0;
  return (
    <div ref={ref} style={{ minHeight: `${height + 10}px` }}>
      {width > 0 && (
        <svg data-chart width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={positive.map((r) => `${r.text} ${percent(r.joules / whole)}`).join(", ")}>
          {patterns.defs()}
          {positive.map((r) => {
            const length = (r.joules / whole) * width;
            const x = from;
            from += length;
            const over = patterns.over(device.quality);
            return (
              <g key={r.key}>
                <title>{`${r.text}: ${amountText(r.joules, "J")}, ${percent(r.joules / whole)}`}</title>
                <rect class={r.fill} x={x} y={0} width={Math.max(0.5, length - 1.5)} height={height} rx={Math.min(4, length / 3)} />
                {over !== null && <rect x={x} y={0} width={Math.max(0.5, length - 1.5)} height={height} fill={over} />}
              </g>
            );
          })}
        </svg>
      )}
    </div>
  );
}
