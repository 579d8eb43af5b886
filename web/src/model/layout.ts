import type { FlowEdge } from "./flow.ts";

/** Sizes in px; the origin is the upper left. */
export interface Placed {
  readonly width: number;
  readonly height: number;
  /** Centre of each box; null where it was not laid out. */
  readonly boxes: readonly ({ readonly x: number; readonly y: number } | null)[];
  /** Path of each edge and its middle. */
  readonly edges: readonly { readonly path: string; readonly x: number; readonly y: number }[];
}

const pixelsPerInch = 72;

/** Whether an edge carries next to nothing beside the largest one: a shape, a step's number. It is drawn faintly and does not say what stands above what. */
export function isSlight(edge: FlowEdge, largest: number): boolean {
  return edge.bytes < largest * 0.002;
}

/** The graph in Graphviz' language. Boxes are numbered: no name from a trace gets there. */
export function dotOf(sizes: readonly { width: number; height: number }[], edges: readonly FlowEdge[]): string {
  const connected = new Set(edges.flatMap((e) => [e.from, e.to]));
  const inches = (pixels: number) => (pixels / pixelsPerInch).toFixed(4);
  const boxes = sizes.flatMap((s, i) => (connected.has(i) ? [`n${i} [width=${inches(s.width)} height=${inches(s.height)}];`] : []));
  const largest = edges.reduce((most, e) => (e.bytes > most ? e.bytes : most), 0);
  const arrows = edges.map((e) => `n${e.from} -> n${e.to}${isSlight(e, largest) ? " [constraint=false]" : ""};`);
  return ["digraph g {", "graph [nodesep=0.3 ranksep=0.42];", "node [shape=box fixedsize=true label=\"\"];", "edge [arrowhead=none];", ...boxes, ...arrows, "}"].join("\n");
}

/** Reads what Graphviz answers (`-Tplain`). */
export function placedOf(plain: string, boxes: number, edges: readonly FlowEdge[]): Placed {
  const places: ({ x: number; y: number } | null)[] = new Array<null>(boxes).fill(null);
  const paths = new Map<string, { path: string; x: number; y: number }[]>();
  let width = 0;
  let height = 0;
  const px = (text: string) => Number(text) * pixelsPerInch;
  const down = (text: string) => height - px(text);
  for (const line of plain.split("\n")) {
    const word = line.split(" ");
    if (word[0] === "graph") {
      width = px(word[2]);
      height = px(word[3]);
    } else if (word[0] === "node") {
      places[Number(word[1].slice(1))] = { x: px(word[2]), y: down(word[3]) };
    } else if (word[0] === "edge") {
      const n = Number(word[3]);
      const points = Array.from({ length: n }, (_, i) => [px(word[4 + 2 * i]), down(word[5 + 2 * i])] as const);
      const text = (p: readonly [number, number]) => `${p[0].toFixed(1)} ${p[1].toFixed(1)}`;
      const key = `${word[1]} ${word[2]}`;
      const list = paths.get(key) ?? [];
      list.push({ path: `M${text(points[0])}C${points.slice(1).map(text).join(" ")}`, x: points[n >> 1][0], y: points[n >> 1][1] });
      paths.set(key, list);
    }
  }

  return { width, height, boxes: places, edges: edges.map((e) => paths.get(`n${e.from} n${e.to}`)?.shift() ?? { path: "", x: 0, y: 0 }) };
}
