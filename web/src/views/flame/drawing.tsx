import { useRef, useState } from "preact/hooks";
import { fittedStart, sans, widthOf } from "../../chart/fit.ts";
import { usePatterns } from "../../chart/pattern.tsx";
import { useWidth } from "../../chart/width.ts";
import type { Quality } from "../../data/report.ts";
import type { Box } from "../../model/icicle.ts";
import type { Metric } from "../../model/metric.ts";
import { go, usePlace } from "../../state/navigation.tsx";
import { visible } from "../../text/name.ts";

/** How a box looks and what it says. */
export interface Face {
  readonly box: Box;
  readonly name: string;
  readonly note: string;
  /** Where it leads; null for what is no module. */
  readonly path: string | null;
  readonly title: string;
  readonly figures: string;
  readonly fill: string;
  readonly estimated: Quality | null;
}

const rowHeight = 26;

interface IcicleProps {
  readonly boxes: readonly Box[];
  readonly faceOf: (box: Box) => Face;
  readonly metric: Metric;
  readonly label: string;
  /** What to go back to. */
  readonly above: { readonly name: string; readonly path: string } | null;
}

/** Boxes in rows. The arrow keys walk through them, Enter goes in, Backspace goes out. */
export function Icicle({ boxes, faceOf, metric, label, above }: IcicleProps) {
  const { route } = usePlace();
  const [ref, width] = useWidth<HTMLDivElement>();
  const svg = useRef<SVGSVGElement>(null);
  const patterns = usePatterns();
  const [pointed, setPointed] = useState<Box | null>(null);
  const faces = boxes.map(faceOf);
  const rows = boxes.reduce((most, b) => Math.max(most, b.depth), 0) + 1;
  const at = pointed === null ? 0 : Math.max(0, boxes.indexOf(pointed));
  const said = faces[at];

  const choose = (face: Face) => {
    if (face.path !== null) {
      go(route, { module: face.path });
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const to = event.key === "Enter" || event.key === " " ? -1
      : event.key === "Backspace" ? -2
        : neighbour(boxes, at, event.key);
    if (to === null) {
      return;
    }

    event.preventDefault();
    if (to === -1) {
      choose(said);
    } else if (to === -2) {
      if (above !== null) {
        go(route, { module: above.path });
      }
    } else {
      setPointed(boxes[to]);
    }
  };

  return (
    <div ref={ref} style={{ minHeight: `${rows * rowHeight + 34}px` }}>
      <p class="readout" aria-live="polite"><b><bdi>{visible((said.title || said.name).slice(0, 160))}</bdi></b> <span class="number">{said.figures}</span>{above !== null && <button type="button" class="plain no-print" onClick={() => { go(route, { module: above.path }); }}>↑ out</button>}</p>
      {width > 0 && (
        <svg ref={svg} data-chart data-metric={metric === "power" ? "power" : metric} class="icicle" width={width} height={rows * rowHeight} viewBox={`0 0 ${width} ${rows * rowHeight}`}
          role="application" aria-roledescription="flame graph" tabindex={0} aria-label={`${label}. Arrow keys walk through the boxes, Enter goes in, Backspace goes out. The table holds the same figures.`}
          onKeyDown={onKeyDown} onMouseLeave={() => { setPointed(null); }}>
          {patterns.defs()}
          {faces.map((face) => {
            const { box } = face;
            const x = box.from * width;
            const w = Math.max(0.5, (box.to - box.from) * width - (box.to - box.from > 0.002 ? 1 : 0));
            const text = w > 26 ? fittedStart(face.name, w - 9) : "";
            const noted = face.note !== "" && text !== "" && widthOf(`${text} ${face.note}`, sans) < w - 16;
            const over = patterns.over(face.estimated);
            return (
              <g key={`${box.kind}${box.id}`} class={`${face.fill}${face.path === null ? "" : " way"}`} transform={`translate(${x.toFixed(2)} ${box.depth * rowHeight})`}
                onMouseEnter={() => { setPointed(box); }} onClick={() => { choose(face); }}>
                <rect class="fill-step" width={w} height={rowHeight - 1} rx={Math.min(2.5, w / 3)} />
                {over !== null && box.depth === 0 && <rect width={w} height={rowHeight - 1} fill={over} />}
                {text !== "" && <text class="on-step" x={5} y={17.5}>{text}{noted && <tspan dx={5} class="on-step" opacity={0.85}>{face.note}</tspan>}</text>}
                {box === pointed && <rect class="pointed" x={0.75} y={0.75} width={Math.max(0, w - 1.5)} height={rowHeight - 2.5} rx={2} />}
              </g>
            );
          })}
        </svg>
      )}
    </div>
  );
}

/** The box that an arrow key leads to; null for other keys. */
function neighbour(boxes: readonly Box[], at: number, key: string): number | null {
  const here = boxes[at];
  const middle = (here.from + here.to) / 2;
  const within = (depth: number, x: number) => boxes.findIndex((b) => b.depth === depth && b.from <= x && x < b.to);
  const row = boxes.map((b, i) => ({ b, i })).filter(({ b }) => b.depth === here.depth).sort((x, y) => x.b.from - y.b.from);
  const place = row.findIndex(({ i }) => i === at);
  switch (key) {
    case "ArrowUp": return here.depth === 0 ? at : Math.max(0, within(here.depth - 1, middle));
    case "ArrowDown": {
      const below = boxes.map((b, i) => ({ b, i })).filter(({ b }) => b.depth === here.depth + 1 && b.from >= here.from - 1e-9 && b.from < here.to).sort((x, y) => y.b.value - x.b.value);
      return below[0]?.i ?? at;
    }
    case "ArrowLeft": return row[Math.max(0, place - 1)].i;
    case "ArrowRight": return row[Math.min(row.length - 1, place + 1)].i;
    case "Home": return 0;
    default: return null;
  }
}
