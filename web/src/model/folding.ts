import type { ModuleTree } from "./tree.ts";

/** Every number that ends a name or a part of it as `*`: `layer_3` is `layer_*`, `conv2d_1` is `conv2d_*`. */
export function starred(name: string): string {
  return name.replaceAll(/\d+(?=$|[_.\-/])/g, "*");
}

/** Whether a folded node's name can stand for a sibling: numbers for stars, and `norm` beside `norm_1` for `norm_*`. */
function standsFor(pattern: string, name: string): boolean {
  if (!pattern.includes("*")) {
    return pattern === name;
  }

  return starred(name) === pattern || `${name}_*` === pattern || name.replace(/\d+$/, "*") === pattern;
}

/** For each module the node of the folded tree that holds it; one that has no place there is with its parent. */
export function foldedOf(full: ModuleTree, folded: ModuleTree): Int32Array {
  const place = new Int32Array(full.nodes.length);
  for (let i = 1; i < place.length; i++) {
    const above = place[full.parent[i]];
    const name = full.nodes[i].name;
    const siblings = folded.children[above];
    place[i] = siblings.find((s) => folded.nodes[s].name === name)
      ?? siblings.find((s) => standsFor(folded.nodes[s].name, name))
      ?? above;
  }

  return place;
}

/** The modules that were folded into each node of the folded tree. */
export function membersOf(place: Int32Array, full: ModuleTree, folded: ModuleTree): number[][] {
  const members: number[][] = folded.nodes.map(() => []);
  for (let i = 0; i < place.length; i++) {
    if (i === 0 || place[i] !== place[full.parent[i]]) {
      members[place[i]].push(i);
    }
  }

  return members;
}
