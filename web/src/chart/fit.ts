import { shortened, visible } from "../text/name.ts";

let pen: CanvasRenderingContext2D | null = null;

/** px */
export function widthOf(text: string, font: string): number {
  pen ??= document.createElement("canvas").getContext("2d");
  if (pen === null) {
    return text.length * 7;
  }

  pen.font = font;
  return pen.measureText(text).width;
}

export const sans = "13px system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', sans-serif";

/** A name that fits into so many pixels, its middle left out where it does not; empty where nothing fits. */
export function fitted(name: string, pixels: number, font = sans): string {
  const most = Math.min(name.length, Math.floor(pixels / 2));
  const whole = shortened(name, Math.max(1, most));
  if (whole.length >= name.length && widthOf(whole, font) <= pixels) {
    return whole;
  }

  let low = 0;
  let high = most;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (widthOf(shortened(name, middle), font) <= pixels) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }

  return low < 2 ? "" : shortened(name, low);
}

/** The beginning of a name that fits; empty where less than two characters do. */
export function fittedStart(name: string, pixels: number): string {
  const most = Math.min(name.length, Math.floor(pixels / 2));
  const start = visible(name.slice(0, most));
  if (most === name.length && widthOf(start, sans) <= pixels) {
    return start;
  }

  let low = 0;
  let high = most;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (widthOf(`${visible(name.slice(0, middle))}…`, sans) <= pixels) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }

  return low < 2 ? "" : `${visible(name.slice(0, low))}…`;
}

/** A path that fits: whole names go from its front, and only at last the middle of its last name. */
export function fittedPath(above: string, last: string, pixels: number): { above: string; last: string } {
  const longest = Math.ceil(pixels / 3);
  let front = above.length + last.length > longest ? `…/${nextName(above.slice(-longest))}` : above;
  for (;;) {
    const text = { above: visible(front), last: visible(last.slice(0, longest)) };
    if (last.length <= longest && widthOf(text.above + text.last, sans) <= pixels) {
      return text;
    }

    const rest = nextName(front.startsWith("…/") ? front.slice(2) : front);
    if (rest === "") {
      return front === "" || front === "…/" ? { above: "", last: fitted(last, pixels) } : fittedPath("", last, pixels);
    }

    front = `…/${rest}`;
  }
}

/** A path without its first name; empty where it has only one. */
function nextName(path: string): string {
  const at = path.indexOf("/");
  return at < 0 ? "" : path.slice(at + 1);
}
