import type { PageData } from "../data/page.ts";
import type { Pass, Quality, Report } from "../data/report.ts";
import { labelOf } from "./device.ts";
import { foldedGroups, singleGroups, type OperationGroup } from "./groups.ts";
import { foldedOf, membersOf } from "./folding.ts";
import { worst } from "./quality.ts";
import { filteredSlice, wholeSlice, type Filter, type Slice } from "./slice.ts";
import { beneath, moduleTree, type ModuleTree } from "./tree.ts";

export const allPasses: readonly Pass[] = ["forward", "backward", "recompute", "optimizer", "other"];

/** One of the two trees, with the node of each operation. */
export interface Forest {
  readonly folded: boolean;
  readonly tree: ModuleTree;
  /** Of each row of `report.operations`. */
  readonly nodeOf: Int32Array;
}

/** Joules a step of all devices of one quality. */
export interface Total {
  readonly quality: Quality;
  joules: number;
  /** How many rows of `report.devices` it is the sum of. */
  parts: number;
  /** Their names, each once. */
  readonly devices: string[];
}

/** Operations as one of the trees shows them; numbers are indices in `groups`. */
export interface Grouping {
  readonly groups: readonly OperationGroup[];
  readonly ofRow: Int32Array;
  readonly ofNode: readonly (readonly number[])[];
}

/** A report as the views ask for it. Everything that is derived is derived once, when first asked for. */
export class Footprint {
  readonly report: Report;
  readonly full: Forest;
  readonly folded: Forest;
  /** Of each module: its node in the folded tree. */
  readonly foldedOf: Int32Array;
  /** Of each node of the folded tree: its modules. */
  readonly members: readonly (readonly number[])[];
  readonly passes: readonly Pass[];
  readonly devices: readonly string[];
  /** Whether operations ran in several places: on devices, or in ranks on one host. */
  readonly severalPlaces: boolean;
  private readonly filters = new Map<string, Filter>();
  private readonly slices = new Map<Filter, Map<Forest, Slice>>();
  private readonly groupings = new Map<Forest, Grouping>();
  private ranked: readonly OperationGroup[] | undefined;

  constructor(readonly page: PageData) {
    this.report = page.report;
    const full = moduleTree(page.report.modules);
    const folded = moduleTree(page.folded);
    this.foldedOf = page.folded_of ? Int32Array.from(page.folded_of) : foldedOf(full, folded);
    this.members = membersOf(this.foldedOf, full, folded);
    this.full = { folded: false, tree: full, nodeOf: Int32Array.from(page.module_of) };
    this.folded = { folded: true, tree: folded, nodeOf: this.full.nodeOf.map((node) => this.foldedOf[node]) };
    this.passes = allPasses.filter((pass) => full.nodes[0].by_pass[pass] !== undefined);
    this.devices = [...new Set(page.report.operations.map((o) => o.device))].sort();
    this.severalPlaces = new Set(page.report.operations.map(labelOf)).size > 1;
  }

  forest(folded: boolean): Forest {
    return folded ? this.folded : this.full;
  }

  /**
   * What a choice of device and pass means. A choice is a device, or `measured`, `estimated`, … for all devices of a quality; none is all
   * devices, but where their joules are of different quality, those of the best one: figures of different quality are never added.
   */
  filter(choice: string, pass: Pass | ""): Filter {
    const totals = this.totals();
    const group = totals.find((t) => t.quality === choice) ?? (choice === "" && totals.length > 1 ? totals[0] : undefined);
    const names = group?.devices ?? this.devices.filter((d) => d === choice);
    const key = `${names.join("\n")}|${pass}`;
    let filter = this.filters.get(key);
    if (filter === undefined) {
      filter = { devices: names.length === 0 || names.length === this.devices.length ? null : new Set(names), pass };
      this.filters.set(key, filter);
    }

    return filter;
  }

  slice(forest: Forest, filter: Filter): Slice {
    const ofForest = this.slices.get(filter) ?? new Map<Forest, Slice>();
    let slice = ofForest.get(forest);
    if (slice === undefined) {
      const whole = filter.pass === "" && filter.devices === null;
      slice = whole ? wholeSlice(forest.tree) : filteredSlice(forest.tree, this.report.operations, forest.nodeOf, filter);
      this.slices.set(filter, ofForest.set(forest, slice));
    }

    return slice;
  }

  /** Operations as the report ranks them: folded, those of one name are one, though they belong to several modules. */
  ranking(forest: Forest): readonly OperationGroup[] {
    return forest.folded
      ? (this.ranked ??= foldedGroups(this.report.operations, forest.nodeOf, forest.tree, this.page.folded_operations, true))
      : this.grouping(forest).groups;
  }

  /** Operations as a tree shows them, each in its own module, with the group of each row and the groups directly in each node. */
  grouping(forest: Forest): Grouping {
    let grouping = this.groupings.get(forest);
    if (grouping === undefined) {
      const { operations } = this.report;
      const groups = forest.folded ? foldedGroups(operations, forest.nodeOf, forest.tree, this.page.folded_operations, false) : singleGroups(operations, forest.nodeOf);
      const ofRow = new Int32Array(operations.length);
      const ofNode: number[][] = forest.tree.nodes.map(() => []);
      groups.forEach((group, g) => {
        ofNode[group.node].push(g);
        for (const row of group.rows) {
          ofRow[row] = g;
        }
      });
      grouping = { groups, ofRow, ofNode };
      this.groupings.set(forest, grouping);
    }

    return grouping;
  }

  /** The node that a path means in a tree; the nearest one above it that is there, at last the root. */
  resolve(forest: Forest, path: string): number {
    const other = forest.folded ? this.full : this.folded;
    const numbered = /^@(full|folded):(\d{1,9})$/.exec(path);
    const whole = numbered ? (this.forest(numbered[1] === "folded").tree.nodes[Number(numbered[2])]?.path ?? "") : path;
    for (let at = whole; at !== ""; at = at.slice(0, Math.max(0, at.lastIndexOf("/")))) {
      const here = forest.tree.byPath.get(at);
      if (here !== undefined) {
        return here;
      }

      const there = other.tree.byPath.get(at);
      if (there !== undefined) {
        return forest.folded ? this.foldedOf[there] : (this.members[there][0] ?? 0);
      }
    }

    return 0;
  }

  /** What stands for a node in an address: its path; its number where the path is longer than an address may be. */
  addressOf(tree: ModuleTree, node: number): string {
    const { path } = tree.nodes[node];
    return path.length <= 1000 ? path : `@${tree === this.folded.tree ? "folded" : "full"}:${node}`;
  }

  /** All modules that a path means and what lies beneath them, as a mask over the full tree. */
  chosen(path: string): Uint8Array {
    const one = this.full.tree.byPath.get(path);
    const node = this.resolve(this.folded, path);
    return beneath(this.full.tree, one !== undefined ? [one] : node === 0 ? [0] : this.members[node]);
  }

  /** Joules a step of all devices, by quality: figures of different quality are never added. */
  totals(): Total[] {
    const totals = new Map<Quality, Total>();
    for (const device of this.report.devices) {
      if (device.energy_j !== null && device.quality !== null) {
        const total = totals.get(device.quality) ?? { quality: device.quality, joules: 0, parts: 0, devices: [] };
        total.joules += device.energy_j;
        total.parts++;
        if (!total.devices.includes(device.device)) {
          total.devices.push(device.device);
        }

        totals.set(device.quality, total);
      }
    }

    return [...totals.values()].sort((a, b) => (worst(a.quality, b.quality) === b.quality ? -1 : 1));
  }

  /** Of a device by its name or label. */
  qualityOf(device: string): Quality | null {
    return this.report.devices.find((d) => labelOf(d) === device || d.device === device)?.quality ?? null;
  }

  /** Whether nothing was traced: a run with its energy, and no operation to share it among. */
  get untraced(): boolean {
    return this.report.operations.length === 0 && this.report.run?.traced_share === 0;
  }

  get hasEnergy(): boolean {
    return this.report.modules[0].energy_j !== null;
  }
}
