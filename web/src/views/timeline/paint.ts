import { scaleLinear } from "d3-scale";
import { fittedStart } from "../../chart/fit.ts";
import type { Surface } from "../../chart/surface.ts";
import type { Quality } from "../../data/report.ts";
import { mark } from "../../model/quality.ts";
import { meanPower, strips, type DeviceTimeline } from "../../model/spans.ts";
import { amountText, tickText } from "../../text/amount.ts";

/** What is seen: nanoseconds since the step's start. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

export interface Colours {
  readonly surface: string;
  readonly raised: string;
  readonly line: string;
  readonly ink: string;
  readonly soft: string;
  /** By category; the last is what is not chosen. */
  readonly categories: readonly string[];
  readonly onCategory: readonly string[];
  readonly power: string;
}

/** Where everything lies, in px. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly devices: readonly { readonly top: number; readonly laneTop: readonly number[]; readonly powerTop: number }[];
  readonly laneHeight: number;
}

const axisHeight = 26;
const headHeight = 22;
const powerHeight = 74;

export function layoutOf(devices: readonly DeviceTimeline[], width: number): Layout {
  const lanes = devices.reduce((sum, d) => sum + d.lanes.length, 0);
  const laneHeight = lanes > 40 ? 9 : lanes > 16 ? 14 : 22;
  let y = axisHeight;
  const placed = devices.map((d) => {
    const top = y;
    y += headHeight;
    const laneTop = d.lanes.map(() => {
      const at = y;
      y += laneHeight + 2;
      return at;
    });
    const powerTop = y + 6;
    y = powerTop + (d.power.w.length > 0 ? powerHeight : 0) + 14;
    return { top, laneTop, powerTop };
  });
  return { width, height: y, left: width < 560 ? 8 : 92, devices: placed, laneHeight };
}

interface Painting {
  readonly devices: readonly DeviceTimeline[];
  readonly layout: Layout;
  readonly range: Range;
  readonly colours: Colours;
  readonly categoryOf: ArrayLike<number>;
  readonly nameOf: (operation: number) => string;
  readonly quality: (device: string) => Quality | null;
  readonly selected: { readonly device: number; readonly lane: number; readonly span: number } | null;
}

/** Draws a step: an axis, the lanes of each device, and its power beneath. */
export function paint(on: Surface, painting: Painting): void {
  const { devices, layout, range, colours, categoryOf, nameOf, selected } = painting;
  const { left, width } = layout;
  const x = scaleLinear().domain([range.from, range.to]).range([left, width - 8]);
  on.rect(0, 0, width, layout.height, colours.surface);
  for (const tick of x.ticks(Math.max(2, Math.floor((width - left) / 120)))) {
    on.line([[x(tick), axisHeight - 6], [x(tick), layout.height]], colours.line, 1);
    on.text(x(tick), axisHeight - 11, axisText(tick, range), colours.soft, 12, "middle");
  }

  devices.forEach((device, d) => {
    const place = layout.devices[d];
    on.text(8, place.top + 15, device.device, colours.ink, 12.5);
    device.lanes.forEach((lane, l) => {
      const y = place.laneTop[l];
      if (left > 40 && layout.laneHeight > 12) {
        on.text(left - 8, y + layout.laneHeight - 6.5, fittedStart(lane.name, left - 18), colours.soft, 11.5, "end");
      }

      on.rect(left, y, width - 8 - left, layout.laneHeight, colours.raised, 0.6);
      for (const strip of strips(lane, range.from, range.to, Math.max(1, width - 8 - left), categoryOf, colours.categories.length)) {
        on.rect(left + strip.x, y, strip.span >= 0 ? Math.max(1, strip.width - (strip.width > 4 ? 0.8 : 0)) : 1, layout.laneHeight, colours.categories[strip.category], strip.span >= 0 ? 1 : strip.cover);
        if (strip.width > 34 && layout.laneHeight > 12) {
          const text = fittedStart(nameOf(lane.operation[strip.span]), strip.width - 8);
          if (text !== "") {
            on.text(left + strip.x + 4, y + layout.laneHeight - 7, text, colours.onCategory[strip.category], 11.5);
          }
        }
      }

      if (selected?.device === d && selected.lane === l) {
        const x0 = Math.max(left, x(lane.start[selected.span]));
        const x1 = Math.min(width - 8, Math.max(x0 + 2, x(lane.end[selected.span])));
        if (x1 > left && x0 < width - 8) {
          on.line([[x0, y - 1], [x1, y - 1], [x1, y + layout.laneHeight + 1], [x0, y + layout.laneHeight + 1], [x0, y - 1]], colours.ink, 1.8);
        }
      }
    });
    paintPower(on, device, place.powerTop, painting);
  });
}

/** Power as a filled line; where it is not known there is nothing. */
function paintPower(on: Surface, device: DeviceTimeline, top: number, painting: Painting): void {
  const { layout, range, colours } = painting;
  const { left, width } = layout;
  const pixels = Math.max(1, Math.floor(width - 8 - left));
  if (device.power.w.length === 0) {
    return;
  }

  const perPixel = (range.to - range.from) / pixels;
  const watts = Array.from({ length: pixels }, (_, p) => meanPower(device.power, range.from + p * perPixel, range.from + (p + 1) * perPixel));
  const highest = device.power.w.reduce<number>((most, w) => Math.max(most, w ?? 0), 0);
  const y = scaleLinear().domain([0, highest]).nice(2).range([top + powerHeight, top + 4]);
  const quality = painting.quality(device.device);
  for (const tick of y.ticks(2)) {
    on.line([[left, y(tick)], [width - 8, y(tick)]], colours.line, 1);
    if (left > 40) {
      on.text(left - 8, y(tick) + 4, `${mark(quality)}${tickText(tick, "W")}`, colours.soft, 11.5, "end");
    }
  }

  let run: [number, number][] = [];
  const end = () => {
    if (run.length > 1) {
      on.line(run, colours.power, 1.3);
    }

    run = [];
  };
  watts.forEach((w, p) => {
    if (Number.isNaN(w)) {
      end();
      return;
    }

    on.rect(left + p, y(w), 1, y(0) - y(w), colours.power, quality === "estimated" && (p >> 2) % 2 === 0 ? 0.1 : quality === "simulated" && (p >> 1) % 2 === 0 ? 0.14 : 0.2);
    run.push([left + p, y(w)], [left + p + 1, y(w)]);
  });
  end();
}

/** A time on the axis; zoomed in, what differs is told from the left edge on. */
function axisText(tick: number, range: Range): string {
  const span = range.to - range.from;
  const decimals = Math.max(0, Math.ceil(-Math.log10(span / 1e9)) + 2);
  return span >= 1e8 ? tickText(tick / 1e9, "s") : span >= 1e5 ? `${(tick / 1e6).toFixed(Math.max(0, decimals - 3))} ms` : `${(tick / 1e3).toFixed(Math.max(0, decimals - 6))} µs`;
}

/** A span's words. */
export function spanText(device: DeviceTimeline, lane: number, span: number, name: string, quality: Quality | null): { name: string; figures: string } {
  const { start, end } = device.lanes[lane];
  const watts = meanPower(device.power, start[span], end[span]);
  const power = Number.isNaN(watts) ? "" : `, device at ${mark(quality)}${amountText(watts, "W")}`;
  return { name, figures: `${amountText((end[span] - start[span]) / 1e9, "s")} from ${amountText(start[span] / 1e9, "s")} on, ${device.lanes[lane].name}${power}` };
}
