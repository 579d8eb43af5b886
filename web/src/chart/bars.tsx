import type { Quality } from "../data/report.ts";
import { mark } from "../model/quality.ts";
import { amountText, percent } from "../text/amount.ts";
import { fittedPath } from "./fit.ts";
import { usePatterns } from "./pattern.tsx";
import { useWidth } from "./width.ts";

export interface BarPart {
  /** Class that fills it. */
  readonly fill: string;
  readonly value: number;
}

export interface BarRow {
  readonly key: string;
  /** Set softly before the label: where it is. */
  readonly above: string;
  readonly label: string;
  /** After the label: `×12`. */
  readonly note: string;
  readonly value: number;
  /** Half the length of its error bar; NaN for none. */
  readonly spread: number;
  readonly share: number;
  readonly quality: Quality | null;
  readonly parts: readonly BarPart[];
  readonly href: string | null;
}

interface BarsProps {
  readonly rows: readonly BarRow[];
  readonly unit: string;
  readonly label: string;
  /** Of the width, for labels. */
  readonly labels?: number;
}

const narrow = 520;

/** Horizontal bars with their labels and figures; every bar may lead somewhere. */
export function Bars({ rows, unit, label, labels = 0.42 }: BarsProps) {
  const [ref, width] = useWidth<HTMLDivElement>();
  const patterns = usePatterns();
  const stacked = width < narrow;
  const withShare = (!stacked || width > 380) && rows.some((r) => !Number.isNaN(r.share));
  const figureWidth = withShare ? 136 : 84;
  const labelWidth = stacked ? width - figureWidth : Math.min(470, Math.max(150, width * labels));
  const left = stacked ? 0 : labelWidth + 10;
  const right = stacked ? width : width - figureWidth - 8;
  const pitch = stacked ? 40 : 29;
  const thick = stacked ? 10 : 15;
  const largest = rows.reduce((most, r) => Math.max(most, r.value + (Number.isNaN(r.spread) ? 0 : r.spread)), 0);
  const x = (value: number) => (largest > 0 ? (Math.max(0, value) / largest) * (right - left) : 0);

  return (
    <div ref={ref} style={{ minHeight: `${rows.length * pitch}px` }}>
      {width > 0 && (
        <svg data-chart width={width} height={rows.length * pitch} viewBox={`0 0 ${width} ${rows.length * pitch}`} role="group" aria-label={label}>
          {patterns.defs()}
          {rows.map((row, i) => {
            const y = i * pitch;
            const text = y + (stacked ? 14 : pitch / 2 + 4.5);
            const top = stacked ? y + 21 : y + (pitch - thick) / 2;
            const over = patterns.over(row.quality);
            const figure = `${mark(row.quality)}${amountText(row.value, unit)}`;
            const name = fittedPath(row.above, row.label, labelWidth - (row.note === "" ? 0 : 36));
            let from = left;
            const content = (
              <g>
                <title>{spoken(row, unit)}</title>
                <rect class="ring" x={1} y={y + 1} width={width - 2} height={pitch - 2} rx={5} />
                <text class="label" x={0} y={text}>
                  <tspan class="soft">{name.above}</tspan>{name.last}
                  {row.note !== "" && <tspan class="soft" dx={2}>{` ${row.note}`}</tspan>}
                </text>
                <rect class="track" x={left} y={top} width={Math.max(0, right - left)} height={thick} rx={3} />
                {row.parts.map((part, p) => {
                  const length = x(part.value);
                  const rect = <rect key={p} class={part.fill} x={from} y={top} width={length} height={thick} rx={Math.min(2, length / 2)} />;
                  from += length;
                  return rect;
                })}
                {over !== null && <rect x={left} y={top} width={x(row.value)} height={thick} fill={over} />}
                {!Number.isNaN(row.spread) && row.spread > 0 && (
                  <path class="whisker" fill="none" d={`M${left + x(row.value - row.spread)} ${top + thick / 2}H${left + x(row.value + row.spread)}m0 -3.5v7M${left + x(row.value - row.spread)} ${top + thick / 2 - 3.5}v7`} />
                )}
                <text x={withShare ? width - 58 : width} y={text} text-anchor="end" class="number">{` ${figure}`}</text>
                {withShare && <text x={width} y={text} text-anchor="end" class="number soft">{` ${percent(row.share)}`}</text>}
              </g>
            );
            return row.href === null ? <g key={row.key}>{content}</g> : <a key={row.key} href={row.href}>{content}</a>;
          })}
        </svg>
      )}
    </div>
  );
}

function spoken(row: BarRow, unit: string): string {
  const name = (row.above + row.label).slice(0, 300);
  const spread = Number.isNaN(row.spread) ? "" : ` ± ${amountText(row.spread, unit)}`;
  return `${name} ${row.note}: ${row.quality ?? ""} ${amountText(row.value, unit)}${spread}, ${percent(row.share)}`;
}
