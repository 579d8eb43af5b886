import type { DeviceSpans } from "../data/page.ts";

/** The spans of one lane, by start. Times are nanoseconds since the step's start. */
export interface Lane {
  readonly name: string;
  readonly start: Float64Array;
  readonly end: Float64Array;
  readonly operation: Int32Array;
  /** The latest end up to and with each span: says where a search may begin even where spans overlap. */
  readonly reach: Float64Array;
}

export interface DeviceTimeline {
  readonly device: string;
  readonly lanes: readonly Lane[];
  /** ns */
  readonly length: number;
  readonly power: { readonly t: Float64Array; readonly w: readonly (number | null)[] };
}

/** Undoes the packing of a device's spans. */
export function unpackSpans(packed: DeviceSpans): DeviceTimeline {
  const counts = new Int32Array(packed.lanes.length);
  for (const lane of packed.lane) {
    counts[lane]++;
  }

  const lanes: Lane[] = packed.lanes.map((name, i) => ({
    name, start: new Float64Array(counts[i]), end: new Float64Array(counts[i]), operation: new Int32Array(counts[i]), reach: new Float64Array(counts[i]),
  }));
  const filled = new Int32Array(packed.lanes.length);
  let start = 0;
  let last = 0;
  packed.start_ns.forEach((delta, i) => {
    start += delta;
    const lane = lanes[packed.lane[i]];
    const at = filled[packed.lane[i]]++;
    const end = start + packed.duration_ns[i];
    lane.start[at] = start;
    lane.end[at] = end;
    lane.operation[at] = packed.operation[i];
    lane.reach[at] = at > 0 ? Math.max(lane.reach[at - 1], end) : end;
    last = Math.max(last, end);
  });
  return { device: packed.device, lanes, length: Math.max(last, packed.window_s * 1e9), power: { t: Float64Array.from(packed.power.t_ns), w: packed.power.w } };
}

/** The first index at which a growing column is above a value. */
export function firstAbove(column: Float64Array, value: number): number {
  let low = 0;
  let high = column.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (column[middle] > value) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }

  return low;
}

/** What is drawn of a lane: spans that are wide enough, and in each pixel all others together. */
export interface Strip {
  readonly x: number;
  readonly width: number;
  /** Index in the lane; -1 for several. */
  readonly span: number;
  readonly category: number;
  /** How much of it is covered, 0 to 1. */
  readonly cover: number;
}

/** Lays out what is seen of a lane in `width` pixels. Bounded by the pixels, whatever the number of spans. */
export function strips(lane: Lane, from: number, to: number, width: number, categoryOf: ArrayLike<number>, categories: number): Strip[] {
  const result: Strip[] = [];
  const scale = width / (to - from);
  const sums = new Float64Array(categories);
  let pixel = -1;
  const flush = () => {
    if (pixel < 0) {
      return;
    }

    let cover = 0;
    let most = 0;
    for (let c = 0; c < categories; c++) {
      cover += sums[c];
      most = sums[c] > sums[most] ? c : most;
    }

    result.push({ x: pixel, width: 1, span: -1, category: most, cover: Math.min(1, Math.max(0.25, cover)) });
    sums.fill(0);
    pixel = -1;
  };

  for (let i = firstAbove(lane.reach, from); i < lane.start.length && lane.start[i] < to; i++) {
    if (lane.end[i] < from) {
      continue;
    }

    const x0 = Math.max(0, (lane.start[i] - from) * scale);
    const x1 = Math.min(width, (lane.end[i] - from) * scale);
    const category = categoryOf[lane.operation[i]];
    if (x1 - x0 >= 1.5) {
      flush();
      result.push({ x: x0, width: x1 - x0, span: i, category, cover: 1 });
    } else {
      // It may reach into the next pixel, or even the one after.
      for (let at = Math.min(width - 1, Math.floor(x0)); at < Math.max(x1, x0 + 1e-9) && at < width; at++) {
        if (at > pixel) {
          flush();
          pixel = at;
        }

        sums[category] += Math.max(Math.min(x1, at + 1) - Math.max(x0, at), 1e-6);
      }
    }
  }

  flush();
  return result;
}

/** The span at a time, or the nearest one within a distance; -1 for none. */
export function spanAt(lane: Lane, time: number, within: number): number {
  let best = -1;
  let distance = Infinity;
  for (let i = firstAbove(lane.reach, time - within); i < lane.start.length && lane.start[i] <= time + within; i++) {
    const away = time < lane.start[i] ? lane.start[i] - time : time > lane.end[i] ? time - lane.end[i] : 0;
    if (away <= within && away <= distance) {
      best = i;
      distance = away;
    }
  }

  return best;
}

/** Mean power between two times; NaN where none of it is known. */
export function meanPower(power: DeviceTimeline["power"], from: number, to: number): number {
  let joules = 0;
  let seconds = 0;
  for (let i = Math.max(0, firstAbove(power.t, from) - 1); i < power.w.length && power.t[i] < to; i++) {
    const w = power.w[i];
    const overlap = Math.min(to, power.t[i + 1]) - Math.max(from, power.t[i]);
    if (w !== null && overlap > 0) {
      joules += w * overlap;
      seconds += overlap;
    }
  }

  return seconds > 0 ? joules / seconds : NaN;
}
