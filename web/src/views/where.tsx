import type { Pass } from "../data/report.ts";
import { Figure } from "../parts/figure.tsx";
import { Name } from "../parts/name.tsx";
import { Check, Segments } from "../parts/segments.tsx";
import { shareOf, type Metric } from "../model/metric.ts";
import { showsPower } from "../model/quality.ts";
import { hasEnergy, type Slice } from "../model/slice.ts";
import { ancestry, titleOf } from "../model/tree.ts";
import { go, usePlace } from "../state/navigation.tsx";
import { hashOf } from "../state/route.ts";
import { percent } from "../text/amount.ts";
import { visible } from "../text/name.ts";

interface WhereProps {
  readonly slice: Slice;
  readonly node: number;
  readonly fold?: boolean;
  readonly metric?: boolean;
  readonly pass?: boolean;
  /** Where a view shows one pass only, which; else the one asked for, or all. */
  readonly passShown?: Pass | "";
  readonly device?: boolean;
}

/** The chosen module, its figures, and what may be chosen in this view. */
export function Where({ slice, node, fold = false, metric = false, pass = false, passShown, device = false }: WhereProps) {
  const { footprint, route } = usePlace();
  const { tree } = footprint.forest(route.fold);
  const chain = ancestry(tree, node);
  const power = showsPower(slice.quality[0]) && !Number.isNaN(slice.power[0]);
  const energy = hasEnergy(slice);
  const path = tree.nodes[node].path;
  return (
    <div class="where">
      <nav class="crumbs" aria-label="Chosen module">
        <ol>
          {chain.map((n, i) => (
            <li key={n}>
              <a href={hashOf({ ...route, module: footprint.addressOf(tree, n) })} {...(i === chain.length - 1 ? { "aria-current": "true" as const } : {})}><Name text={titleOf(tree.nodes[n])} most={40} /></a>
            </li>
          ))}
        </ol>
      </nav>
      <p class="facts">
        {energy && <span><b><Figure value={slice.energy[node]} unit="J" quality={slice.quality[node]} /></b>{!Number.isNaN(slice.sd[node]) && <> ± <Figure value={slice.sd[node]} unit="J" /></>}</span>}
        <span>{percent(energy ? shareOf(slice.energy[node], slice.energy[0]) : shareOf(slice.time[node], slice.time[0]))}</span>
        <span><Figure value={slice.time[node]} unit="s" /></span>
        {power && <span><Figure value={slice.power[node]} unit="W" quality={slice.quality[node]} /></span>}
      </p>
      <div class="controls">
        {device && footprint.devices.length > 1 && (
          <DeviceChoice />
        )}
        {pass && footprint.passes.length > 1 && (
          <Segments<Pass | ""> label="Pass" value={passShown ?? route.pass} onChoose={(value) => { go(route, { pass: value }); }}
            options={[...(passShown === undefined ? [{ value: "" as const, text: "all" }] : []), ...footprint.passes.filter((p) => p !== "other").map((p) => ({ value: p, text: p }))]} />
        )}
        {metric && (
          <Segments<Metric> label="By" value={metricOf(route.metric, energy, power)} onChoose={(value) => { go(route, { metric: value }); }}
            options={[
              { value: "energy", text: "energy", refused: energy ? null : "No power is known in this recording." },
              { value: "time", text: "time" },
              { value: "power", text: "power", refused: power ? null : "Estimated joules are processor time rescaled: watts made of them would tell nothing." },
            ]} />
        )}
        {fold && <Check label="fold layers" on={route.fold} onChange={(on) => { go(route, { fold: on }); }} />}
      </div>
      {path.length > 240 && (
        <details class="full-name">
          <summary>the whole name, {path.length.toLocaleString("en-US")} characters</summary>
          <textarea readOnly aria-label="The module's whole name" value={visible(path)} />
        </details>
      )}
    </div>
  );
}

/** A device; all of them, where their joules may be added; else all of one quality. */
export function DeviceChoice() {
  const { footprint, route } = usePlace();
  const totals = footprint.totals();
  return (
    <label class="choice">Device
      <select value={route.device === "" && totals.length > 1 ? totals[0].quality : route.device} onChange={(e) => { go(route, { device: e.currentTarget.value }); }}>
        {totals.length > 1 ? totals.map((t) => <option key={t.quality} value={t.quality}>all {t.quality}</option>) : <option value="">all</option>}
        {footprint.devices.map((d) => <option key={d} value={d}>{visible(d)}</option>)}
      </select>
    </label>
  );
}

/** What can be shown of what was asked for. */
export function metricOf(asked: Metric, hasEnergy: boolean, power: boolean): Metric {
  return !hasEnergy ? "time" : asked === "power" && !power ? "energy" : asked;
}
