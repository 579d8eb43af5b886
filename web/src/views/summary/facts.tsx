import type { Report } from "../../data/report.ts";
import { labelOf } from "../../model/device.ts";
import { Figure } from "../../parts/figure.tsx";
import { Name } from "../../parts/name.tsx";
import { percent } from "../../text/amount.ts";

const words = {
  measured: "a sensor's own total",
  derived: "a share of what a sensor measured",
  estimated: "~, from a model: may be off by −60…+112 %",
  simulated: "?, made up for tests and demonstrations",
} as const;

/** What power is known from. */
export function Sensors({ report, untraced }: { readonly report: Report; readonly untraced: boolean }) {
  const rows = report.devices.flatMap((d) => d.domains.map((domain) => ({ device: d, ...domain })));
  if (rows.length === 0) {
    return <p class="soft">No sensor, no power log and no activity to estimate from: only time is known.</p>;
  }

  return (
    <div class="scroll-x" tabIndex={0} role="region" aria-label="Sensors, table">
      <table class="plain tight">
        <thead>
          <tr><th scope="col">domain</th><th scope="col" class="number">{untraced ? "the run" : "a step"}</th><th scope="col">quality</th><th scope="col">source</th></tr>
        </thead>
        <tbody>
          {rows.map((r) => (
            <tr key={`${labelOf(r.device)} ${r.domain}`}>
              <td><Name text={r.domain} /> <span class="soft">of <Name text={labelOf(r.device)} /></span></td>
              <td class="number"><Figure value={r.energy_j} unit="J" quality={r.quality} /></td>
              <td>{r.quality === null ? "–" : <span title={words[r.quality]}>{r.quality}</span>}</td>
              <td><Name text={r.source} most={120} /></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The run beside its steps; totals, not per step. */
export function Run({ report, untraced }: { readonly report: Report; readonly untraced: boolean }) {
  const { run } = report;
  if (run === null) {
    return <p class="soft">No step has a window, so nothing is known of the run around them.</p>;
  }

  const quality = report.modules[0].quality;
  const rows: [string, preact.JSX.Element | string][] = [["length", <Figure key="l" value={run.duration_s} unit="s" />]];
  for (const [kind, joules] of Object.entries(run.by_quality)) {
    rows.push([`energy, ${kind}`, <Figure key="e" value={joules} unit="J" quality={kind as keyof typeof words} />]);
  }

  if (run.between_steps_j !== null && !untraced) {
    rows.push(["between steps", <Figure key="b" value={run.between_steps_j} unit="J" quality={quality} />]);
  }

  rows.push(["time in traced steps", untraced ? "nothing was traced" : percent(run.traced_share)]);
  for (const [domain, seconds] of Object.entries(run.covered_s)) {
    rows.push([`power of ${domain} known for`, <Figure key="c" value={seconds} unit="s" />]);
  }

  for (const [domain, joules] of Object.entries(run.whole_machine)) {
    rows.push([`whole machine, ${domain}`, <Figure key="w" value={joules} unit="J" />]);
  }

  if (run.tracing_overhead !== null) {
    const { time, energy } = run.tracing_overhead;
    rows.push(["tracing added", `${percent(time)} of time${energy === null ? "" : `, ${percent(energy)} of energy`}`]);
  }

  return (
    <table class="plain">
      <tbody>
        {rows.map(([name, value]) => <tr key={name}><th scope="row">{name}</th><td class="number">{value}</td></tr>)}
      </tbody>
    </table>
  );
}

export function Warnings({ report }: { readonly report: Report }) {
  return (
    <ul class="notes">
      {report.warnings.map((w, i) => <li key={i}><Name text={w.text} most={2000} /></li>)}
    </ul>
  );
}
