import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { plainColour } from "../../chart/save.ts";
import { ChartFrame } from "../../chart/frame.tsx";
import { canvasSurface, SvgSurface } from "../../chart/surface.ts";
import { useScheme } from "../../chart/scheme.ts";
import { useWidth } from "../../chart/width.ts";
import { allPasses } from "../../model/footprint.ts";
import { firstAbove, spanAt, type DeviceTimeline } from "../../model/spans.ts";
import { Legend } from "../../parts/legend.tsx";
import { go, usePlace } from "../../state/navigation.tsx";
import type { Table } from "../../text/csv.ts";
import { lastOf, visible } from "../../text/name.ts";
import { layoutOf, paint, spanText, type Colours, type Range } from "./paint.ts";

interface LanesProps {
  readonly step: number;
  readonly devices: readonly DeviceTimeline[];
  /** Path of the chosen module; empty for none. */
  readonly chosen: string;
}

interface At {
  readonly device: number;
  readonly lane: number;
  readonly span: number;
}

const narrowest = 2000; // ns

/** The lanes of a step on a canvas: drag to move, wheel with Ctrl or the buttons to come closer; all of it also by keys. */
export function Lanes({ step, devices, chosen }: LanesProps) {
  const { footprint, route } = usePlace();
  const { operations } = footprint.report;
  const [ref, width] = useWidth<HTMLDivElement>();
  const canvas = useRef<HTMLCanvasElement>(null);
  const scheme = useScheme();
  const length = devices.reduce((most, d) => Math.max(most, d.length), 1);
  const [range, setRange] = useState<Range>({ from: 0, to: length });
  const [selected, setSelected] = useState<At | null>(null);
  const [pointed, setPointed] = useState<At | null>(null);
  const drag = useRef<{ x: number; range: Range; moved: boolean } | null>(null);

  // Categories: the passes; where a module is chosen, what is not in it comes last.
  const categoryOf = useMemo(() => {
    const mask = chosen === "" ? null : footprint.chosen(chosen);
    const moduleOf = footprint.full.nodeOf;
    return Int8Array.from(operations, (o, row) => (mask === null || mask[moduleOf[row]] === 1 ? allPasses.indexOf(o.pass) : allPasses.length));
  }, [footprint, operations, chosen]);
  const layout = useMemo(() => layoutOf(devices, Math.max(200, width)), [devices, width]);
  const quality = (device: string) => footprint.qualityOf(device);
  const nameOf = (operation: number) => lastOf(operations[operation].operation).last;
  const painting = (colours: Colours) => ({ devices, layout, range, colours, categoryOf, nameOf, quality, selected: pointed ?? selected });

  useLayoutEffect(() => {
    const element = canvas.current;
    const pen = element?.getContext("2d");
    if (!element || !pen || width === 0) {
      return;
    }

    const ratio = Math.max(1, devicePixelRatio);
    element.width = Math.round(layout.width * ratio);
    element.height = Math.round(layout.height * ratio);
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    paint(canvasSurface(pen), painting(coloursOf()));
    // eslint-disable-next-line react-hooks/exhaustive-deps -- painting holds nothing else that changes
  }, [width, layout, range, categoryOf, selected, pointed, scheme]);

  const zoom = (factor: number, around: number) => {
    const span = Math.min(length, Math.max(narrowest, (range.to - range.from) * factor));
    const share = (around - range.from) / (range.to - range.from);
    setRange(held(around - span * share, span, length));
  };
  const pan = (by: number) => { setRange(held(range.from + by, range.to - range.from, length)); };
  const timeAt = (x: number) => range.from + ((x - layout.left) / (layout.width - 8 - layout.left)) * (range.to - range.from);
  const find = (x: number, y: number): At | null => {
    const perPixel = (range.to - range.from) / (layout.width - 8 - layout.left);
    for (let d = 0; d < devices.length; d++) {
      for (let l = 0; l < devices[d].lanes.length; l++) {
        const top = layout.devices[d].laneTop[l];
        if (y >= top && y < top + layout.laneHeight + 2) {
          const span = spanAt(devices[d].lanes[l], timeAt(x), perPixel * 2);
          return span < 0 ? null : { device: d, lane: l, span };
        }
      }
    }

    return null;
  };

  useEffect(() => {
    const element = canvas.current;
    if (element === null) {
      return undefined;
    }

    const wheel = (event: WheelEvent) => {
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        zoom(event.deltaY > 0 ? 1.25 : 0.8, timeAt(event.offsetX));
      } else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        event.preventDefault();
        pan(((event.deltaX || event.deltaY) / layout.width) * (range.to - range.from));
      }
    };
    element.addEventListener("wheel", wheel, { passive: false });
    return () => { element.removeEventListener("wheel", wheel); };
  });

  const choose = (at: At | null) => {
    setSelected(at);
    if (at !== null) {
      const row = devices[at.device].lanes[at.lane].operation[at.span];
      const { tree, nodeOf } = footprint.forest(route.fold);
      go(route, { module: footprint.addressOf(tree, nodeOf[row]) });
    }
  };
  const select = (at: At) => {
    setSelected(at);
    setPointed(null);
    const lane = devices[at.device].lanes[at.lane];
    const seen = lane.end[at.span] > range.from && lane.start[at.span] < range.to;
    if (!seen) {
      setRange(held(lane.start[at.span] - (range.to - range.from) / 2, range.to - range.from, length));
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const at = selected ?? firstIn(devices, range);
    const middle = at === null ? (range.from + range.to) / 2 : clamp(devices[at.device].lanes[at.lane].start[at.span], range);
    switch (event.key) {
      case "+": case "=": zoom(0.5, middle); break;
      case "-": zoom(2, middle); break;
      case "0": case "Home": setRange({ from: 0, to: length }); break;
      case "PageDown": pan((range.to - range.from) * 0.6); break;
      case "PageUp": pan((range.from - range.to) * 0.6); break;
      case "ArrowRight": if (at !== null) { select(selected === null ? at : neighbour(devices, at, 1)); } break;
      case "ArrowLeft": if (at !== null) { select(selected === null ? at : neighbour(devices, at, -1)); } break;
      case "ArrowDown": if (at !== null) { select(otherLane(devices, at, 1)); } break;
      case "ArrowUp": if (at !== null) { select(otherLane(devices, at, -1)); } break;
      case "Enter": if (selected !== null) { choose(selected); } break;
      default: return;
    }

    event.preventDefault();
  };

  const told = pointed ?? selected;
  const words = told === null ? null : spanText(devices[told.device], told.lane, told.span, operations[devices[told.device].lanes[told.lane].operation[told.span]].operation, quality(devices[told.device].device));
  const svg = () => {
    const surface = new SvgSurface();
    paint(surface, painting(coloursOf()));
    return surface.document(layout.width, layout.height);
  };
  const passes = footprint.passes.map((p) => ({ fill: `fill-${p}`, text: p }));
  return (
    <ChartFrame name={`step-${step}`} label={`Timeline of step ${step}`} drawing={svg} table={() => spanTable(devices, range, operations)}
      legend={<Legend entries={chosen === "" ? passes : [...passes, { fill: "fill-none", text: "other modules" }]} />}>
      <div class="tools no-print">
        <button type="button" class="plain" aria-label="Closer" onClick={() => { zoom(0.5, (range.from + range.to) / 2); }}>+</button>
        <button type="button" class="plain" aria-label="Further" onClick={() => { zoom(2, (range.from + range.to) / 2); }}>−</button>
        <button type="button" class="plain" onClick={() => { setRange({ from: 0, to: length }); }}>whole step</button>
        {selected !== null && <button type="button" class="plain" onClick={() => { const l = devices[selected.device].lanes[selected.lane]; const d = Math.max(narrowest, (l.end[selected.span] - l.start[selected.span]) * 6); setRange(held(l.start[selected.span] - d * 0.4, d, length)); }}>to the span</button>}
        <span class="soft">Drag to move, Ctrl and wheel to come closer. By keys: arrows go from span to span, + and − zoom, Enter chooses the module.</span>
      </div>
      <p class="readout" aria-live="polite">{words === null ? "" : <><b><bdi>{visible(words.name.slice(0, 160))}</bdi></b><span class="number">{words.figures}</span></>}</p>
      <div ref={ref} style={{ minHeight: `${layout.height}px` }}>
        <canvas
          ref={canvas} class="lanes" style={{ width: `${layout.width}px`, height: `${layout.height}px` }} tabIndex={0} role="application" aria-roledescription="timeline"
          aria-label={`Timeline of step ${step}. Arrow keys go from span to span, plus and minus zoom, Enter chooses the module. The table lists the spans in sight.`}
          onKeyDown={onKeyDown}
          onPointerDown={(e) => { drag.current = { x: e.offsetX, range, moved: false }; e.currentTarget.setPointerCapture(e.pointerId); }}
          onPointerMove={(e) => {
            if (drag.current !== null) {
              const by = ((drag.current.x - e.offsetX) / (layout.width - 8 - layout.left)) * (range.to - range.from);
              if (Math.abs(drag.current.x - e.offsetX) > 3) {
                drag.current.moved = true;
                setRange(held(drag.current.range.from + by, range.to - range.from, length));
              }
            } else {
              setPointed(find(e.offsetX, e.offsetY));
            }
          }}
          onPointerUp={(e) => {
            if (drag.current !== null && !drag.current.moved) {
              choose(find(e.offsetX, e.offsetY));
            }

            drag.current = null;
          }}
          onPointerLeave={() => { setPointed(null); }}
          onDblClick={(e) => { zoom(0.25, timeAt(e.offsetX)); }}
        />
      </div>
    </ChartFrame>
  );
}

/** A range of a length that lies within the step. */
function held(from: number, span: number, length: number): Range {
  const start = Math.max(0, Math.min(from, length - span));
  return { from: start, to: start + span };
}

function clamp(time: number, range: Range): number {
  return Math.max(range.from, Math.min(range.to, time));
}

function firstIn(devices: readonly DeviceTimeline[], range: Range): At | null {
  for (let device = 0; device < devices.length; device++) {
    for (let lane = 0; lane < devices[device].lanes.length; lane++) {
      const { reach } = devices[device].lanes[lane];
      const span = firstAbove(reach, range.from);
      if (span < reach.length) {
        return { device, lane, span };
      }
    }
  }

  return null;
}

function neighbour(devices: readonly DeviceTimeline[], at: At, by: number): At {
  const n = devices[at.device].lanes[at.lane].start.length;
  return { ...at, span: Math.max(0, Math.min(n - 1, at.span + by)) };
}

/** The span of the next lane that has one, nearest in time. */
function otherLane(devices: readonly DeviceTimeline[], at: At, by: number): At {
  const lanes = devices.flatMap((d, device) => d.lanes.map((l, lane) => ({ device, lane, l }))).filter(({ l }) => l.start.length > 0);
  const place = lanes.findIndex((p) => p.device === at.device && p.lane === at.lane);
  const to = lanes[Math.max(0, Math.min(lanes.length - 1, place + by))];
  const time = devices[at.device].lanes[at.lane].start[at.span];
  const span = spanAt(to.l, time, Infinity);
  return { device: to.device, lane: to.lane, span: Math.max(0, span) };
}

function spanTable(devices: readonly DeviceTimeline[], range: Range, operations: readonly { operation: string; module: string; type: string }[]): Table {
  const rows = devices.flatMap((d) => d.lanes.flatMap((lane) => {
    const seen: (string | number)[][] = [];
    for (let i = firstAbove(lane.reach, range.from); i < lane.start.length && lane.start[i] < range.to; i++) {
      if (lane.end[i] >= range.from) {
        const o = operations[lane.operation[i]];
        seen.push([o.operation, o.type, o.module, d.device, lane.name, lane.start[i] / 1e9, (lane.end[i] - lane.start[i]) / 1e9]);
      }
    }

    return seen;
  }));
  return { columns: ["operation", "type", "module", "device", "lane", "start_s", "duration_s"], rows: rows.sort((a, b) => Number(b[6]) - Number(a[6])) };
}

function coloursOf(): Colours {
  const style = getComputedStyle(document.documentElement);
  const of = (name: string) => plainColour(style.getPropertyValue(name).trim());
  return {
    surface: of("--surface"), raised: of("--raised"), line: of("--line"), ink: of("--ink"), soft: of("--ink-soft"), power: of("--more"),
    categories: [...allPasses.map((p) => of(`--${p}`)), of("--c-none")],
    onCategory: [...allPasses.map(() => of("--on-pass")), of("--on-pass")],
  };
}
