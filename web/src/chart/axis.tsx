interface AxisProps {
  readonly ticks: readonly { readonly at: number; readonly text: string }[];
  /** px: where the axis lies, and how far its grid lines reach. */
  readonly position: number;
  readonly reach: number;
  readonly title: string;
  readonly from: number;
  readonly to: number;
}

/** Beneath a chart. */
export function AxisBelow({ ticks, position, reach, title, from, to }: AxisProps) {
  return (
    <g class="axis">
      {ticks.map((t) => (
        <g key={t.at}>
          <line x1={t.at} x2={t.at} y1={position} y2={position - reach} />
          <text class="faint" x={t.at} y={position + 16} text-anchor="middle">{t.text}</text>
        </g>
      ))}
      <line class="base" x1={from} x2={to} y1={position} y2={position} />
      <text class="faint" x={to} y={position + 34} text-anchor="end">{title}</text>
    </g>
  );
}

/** Beside a chart, on the left. */
export function AxisLeft({ ticks, position, reach, title, from, to }: AxisProps) {
  return (
    <g class="axis">
      {ticks.map((t) => (
        <g key={t.at}>
          <line x1={position} x2={position + reach} y1={t.at} y2={t.at} />
          <text class="faint" x={position - 7} y={t.at + 4} text-anchor="end">{t.text}</text>
        </g>
      ))}
      <line class="base" x1={position} x2={position} y1={from} y2={to} />
      <text class="faint" x={position} y={Math.min(from, to) - 8} text-anchor="start">{title}</text>
    </g>
  );
}
