import type { Graphviz } from "@hpcc-js/wasm-graphviz";
import { useId, useMemo } from "preact/hooks";
import type { Quality } from "../../data/report.ts";
import { fitted, sans, widthOf } from "../../chart/fit.ts";
import { useWidth } from "../../chart/width.ts";
import type { Flow, FlowEdge } from "../../model/flow.ts";
import { dotOf, isSlight, placedOf } from "../../model/layout.ts";
import type { Metric } from "../../model/metric.ts";
import { extentOf, stepClass, stepOf } from "../../model/scale.ts";
import { usePlace } from "../../state/navigation.tsx";
import { hashOf } from "../../state/route.ts";
import { bytesText } from "../../text/amount.ts";
import { visible } from "../../text/name.ts";

/** What stands in a box. */
export interface Card {
  readonly kind: "module" | "operation";
  readonly id: number;
  readonly name: string;
  readonly note: string;
  readonly figure: string;
  readonly detail: string;
  readonly share: number;
  readonly watts: number;
  readonly quality: Quality | null;
  /** Of a module: where it leads. */
  readonly path: string | null;
  readonly title: string;
}

const bold = `600 ${sans}`;
const boxHeight = 46;
const gap = 14;
const margin = 8;
const labelledEdges = 40;

interface DrawingProps {
  readonly flow: Flow;
  readonly cards: readonly Card[];
  readonly metric: Metric;
  readonly graphviz: Graphviz | null;
  readonly label: string;
}

/** Boxes and arrows. What no arrow reaches stands in rows below. */
export function Drawing({ flow, cards, metric, graphviz, label }: DrawingProps) {
  const { route } = usePlace();
  const [ref, width] = useWidth<HTMLDivElement>();
  const arrow = `arrow${useId().replaceAll(/[^\w-]/g, "")}`;
  const sizes = cards.map((c) => ({
    width: Math.ceil(Math.max(92, widthOf(figures(c), sans) + 20, Math.min(230, widthOf(`${c.name.slice(0, 60)} ${c.note}`, bold) + 26))),
    height: boxHeight,
  }));
  const layoutKey = `${sizes.map((s) => s.width).join()} ${flow.edges.map((e) => `${e.from}-${e.to}`).join()}`;
  const placed = useMemo(
    () => (graphviz === null ? null : placedOf(graphviz.layout(dotOf(sizes, flow.edges), "plain", "dot"), cards.length, flow.edges)),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the key says all that the layout depends on
    [graphviz, layoutKey],
  );
  if (placed === null || width === 0) {
    return <div ref={ref} style={{ minHeight: "24rem" }}><p class="soft" role="status">Laying out …</p></div>;
  }

  // Boxes without arrows, in rows as wide as the page.
  const rowWidth = Math.max(placed.width, width - 2 * margin);
  const places = [...placed.boxes];
  let x = 0;
  let y = placed.height > 0 ? placed.height + 26 : 0;
  let alone = 0;
  let widest = placed.width;
  places.forEach((place, i) => {
    if (place === null) {
      if (x > 0 && x + sizes[i].width > rowWidth) {
        x = 0;
        y += boxHeight + gap;
      }

      places[i] = { x: x + sizes[i].width / 2, y: y + boxHeight / 2 };
      x += sizes[i].width + gap;
      widest = Math.max(widest, x - gap);
      alone++;
    }
  });
  const full = { width: widest + 2 * margin, height: (alone > 0 ? y + boxHeight : placed.height) + 2 * margin };
  const scale = Math.min(1, Math.max(0.62, width / full.width));
  const [low, high] = metric === "power" ? extentOf(cards.map((c) => c.watts)) : [0, extentOf(cards.map((c) => c.share))[1]];
  const bytes = extentOf(flow.edges.map((e) => e.bytes));
  const free = (at: { x: number; y: number }) => places.every((p, i) => p === null || Math.abs(at.x + 24 - p.x) > sizes[i].width / 2 + 24 || Math.abs(at.y - p.y) > boxHeight / 2 + 6);
  const withBytes = (edge: FlowEdge, i: number) => flow.edges.length <= labelledEdges && !Number.isNaN(edge.bytes) && !isSlight(edge, bytes[1]) && free(placed.edges[i]);

  return (
    <div ref={ref}>
      <div class="graph-scroll" tabIndex={0} role="region" aria-label={`${label}, may be scrolled`}>
        <svg data-chart data-metric={metric} class="graph" width={full.width * scale} height={full.height * scale} viewBox={`${-margin} ${-margin} ${full.width} ${full.height}`} role="group" aria-label={label}>
          <defs>
            <marker id={arrow} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" markerUnits="userSpaceOnUse" orient="auto"><path class="tip" d="M0 0.6 7.500 4 0 7.400z" /></marker>
          </defs>
          {flow.edges.map((edge, i) => (
            <g key={i}>
              <path class={`edge${edge.through ? " through" : ""}${isSlight(edge, bytes[1]) ? " slight" : ""}`} d={placed.edges[i].path} stroke-width={thickness(edge.bytes, bytes[1])} marker-end={`url(#${arrow})`}>
                <title>{`${visible(cards[edge.from].name.slice(0, 80))} → ${visible(cards[edge.to].name.slice(0, 80))}${Number.isNaN(edge.bytes) ? "" : `: ${bytesText(edge.bytes)} a step`}`}</title>
              </path>
              {withBytes(edge, i) && <text class="bytes" x={placed.edges[i].x + 5} y={placed.edges[i].y + 4}>{bytesText(edge.bytes)}</text>}
            </g>
          ))}
          {cards.map((card, i) => {
            const place = places[i];
            if (place === null) {
              return null;
            }

            const w = sizes[i].width;
            const step = card.kind === "operation" ? "step-none" : stepClass(stepOf(metric === "power" ? card.watts : card.share, low, high));
            const box = (
              <g transform={`translate(${(place.x - w / 2).toFixed(1)} ${(place.y - boxHeight / 2).toFixed(1)})`} class={step}>
                <title>{`${card.kind} ${visible(card.title.slice(0, 300))} ${card.note}: ${card.quality ?? ""} ${figures(card)}`}</title>
                <rect class="ring" x={-3} y={-3} width={w + 6} height={boxHeight + 6} rx={card.kind === "module" ? 14 : 4} />
                <rect class={`box fill-step ${card.quality === "estimated" || card.quality === "simulated" ? "uncertain" : ""}`} width={w} height={boxHeight} rx={card.kind === "module" ? 12 : 2} />
                <text class="on-step label" x={w / 2} y={19} text-anchor="middle">{fitted(card.name, w - 20 - widthOf(` ${card.note}`, bold), bold)}{card.note !== "" && <tspan>{` ${card.note}`}</tspan>}</text>
                <text class="on-step small" x={w / 2} y={36} text-anchor="middle">{` ${figures(card)}`}</text>
              </g>
            );
            return (
              <a key={`${card.kind}${card.id}`} href={hashOf(card.path === null ? { ...route, view: "operations" } : { ...route, module: card.path })} data-kind={card.kind}>
                {box}
              </a>
            );
          })}
        </svg>
      </div>
    </div>
  );
}

function figures(card: Card): string {
  return `${card.figure} · ${card.detail}`;
}

function thickness(bytes: number, largest: number): number {
  return Number.isNaN(bytes) || !(largest > 0) ? 1.1 : 1 + 2.2 * Math.sqrt(bytes / largest);
}
