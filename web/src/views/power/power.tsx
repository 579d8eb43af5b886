import { useMemo, useState } from "preact/hooks";
import type { Profile } from "../../data/page.ts";
import { isOf } from "../../model/device.ts";
import { frontier, tellingColumn } from "../../model/frontier.ts";
import { nearestOf, stackOf } from "../../model/profile.ts";
import { titleOf } from "../../model/tree.ts";
import { Panel } from "../../parts/panel.tsx";
import { Check } from "../../parts/segments.tsx";
import { go, usePlace } from "../../state/navigation.tsx";
import { shortened, visible } from "../../text/name.ts";
import { Where } from "../where.tsx";
import { PowerChart, type Category } from "./chart.tsx";
import { Steps } from "./steps.tsx";

const coloured = 7;

/** Power from a step's start to its end, coloured by what runs. */
export function Power() {
  const { footprint, route } = usePlace();
  const { profiles } = footprint.page;
  const profile = profiles.find((p) => p.device === route.device) ?? profiles.find((p) => isOf(p.device, route.device)) ?? profiles.find((p) => p.mean_w.some((w) => w !== null)) ?? profiles.at(0);
  const forest = footprint.forest(route.fold);
  const slice = footprint.slice(forest, footprint.filter(route.device, ""));
  const node = footprint.resolve(forest, route.module);
  return (
    <>
      {!footprint.untraced && <Where slice={slice} node={node} fold />}
      <section class="view">
        {profile === undefined
          ? <Panel title="Power over a step"><p class="empty">Neither power nor operations of a step are in this report.</p></Panel>
          : <ProfilePanel key={profile.device} profile={profile} node={node} />}
        {!footprint.untraced && <Steps />}
      </section>
    </>
  );
}

function ProfilePanel({ profile, node }: { readonly profile: Profile; readonly node: number }) {
  const { footprint, route } = usePlace();
  const forest = footprint.forest(route.fold);
  const { tree } = forest;
  const { untraced } = footprint;
  const [level, setLevel] = useState(0);
  const [everyStep, setEveryStep] = useState(false);
  const [readings, setReadings] = useState(false);
  const hasPower = profile.mean_w.some((w) => w !== null);
  const shownStep = footprint.page.timeline.at(0)?.step ?? profile.readings.at(0)?.step;
  const ofStep = profile.readings.filter((r) => r.step === shownStep);
  const column = tellingColumn(footprint.slice(forest, footprint.filter(route.device, "")));

  const categories: Category[] = useMemo(() => {
    const depth = tree.nodes[node].depth + level;
    const nodes = level === 0
      ? frontier(tree, column, node).map((p) => p.node)
      : tree.nodes.flatMap((n, i) => (n.depth === depth && below(tree.parent, i, node) ? [i] : [])).sort((a, b) => (column[b] || 0) - (column[a] || 0));
    return footprint.untraced ? [] : [...new Set(nodes)].slice(0, coloured).map((n, i) => ({
      node: n, fill: `fill-c${i}`, path: footprint.addressOf(tree, n),
      name: n === 0 && tree.nodes[n].path === "" ? "(no module)" : contextOf(tree.nodes[n].path, titleOf(tree.nodes[n])) + times(tree.nodes[n].members?.n),
    }));
  }, [tree, column, node, level, footprint]);
  const stack = useMemo(() => {
    const nearest = nearestOf(tree, categories.map((c) => c.node));
    const ofModule = footprint.full.tree.nodes.map((_, i) => nearest[route.fold ? footprint.foldedOf[i] : i]);
    return stackOf(profile, ofModule, categories.length);
  }, [tree, categories, footprint, route.fold, profile]);

  const deepest = tree.nodes.reduce((most, n, i) => (below(tree.parent, i, node) ? Math.max(most, n.depth) : most), 0) - tree.nodes[node].depth;
  const steps = Math.max(0, ...profile.steps_n);
  const about = untraced ? "No trace tells what ran." : hasPower
    ? `Mean over ${steps} ${steps === 1 ? "step" : "steps"} in bins of ${profile.bin_s >= 1e-3 ? `${(profile.bin_s * 1e3).toPrecision(3)} ms` : `${(profile.bin_s * 1e6).toPrecision(3)} µs`}, coloured by what runs${steps > 1 ? "; the band is ± one standard deviation" : ""}.`
    : "No power is known of this device: how busy its modules are.";
  return (
    <Panel tall title={`${hasPower ? "Power" : "Activity"} over ${untraced ? "the run" : "a step"}, ${visible(profile.device)}`} about={about}>
      <div class="tools">
        {footprint.page.profiles.length > 1 && (
          <label class="choice">Device
            <select value={profile.device} onChange={(e) => { go(route, { device: e.currentTarget.value }); }}>{footprint.page.profiles.map((p, i) => <option key={i} value={p.device}>{visible(p.device)}</option>)}</select>
          </label>
        )}
        {!untraced && <label class="choice">Colours
          <select value={level} onChange={(e) => { setLevel(Number(e.currentTarget.value)); }}>
            <option value={0}>what takes most of {shortened(titleOf(tree.nodes[node]), 30)}</option>
            {Array.from({ length: Math.min(6, deepest) }, (_, i) => <option key={i} value={i + 1}>modules {i + 1} below</option>)}
          </select>
        </label>}
        {hasPower && !untraced && <Check label="every step" on={everyStep} onChange={setEveryStep} />}
        {ofStep.length > 0 && <Check label={`sensor readings of step ${shownStep ?? ""}`} on={readings} onChange={setReadings} />}
      </div>
      <PowerChart profile={profile} stack={stack} categories={categories} everyStep={everyStep} readings={readings ? ofStep : []} />
    </Panel>
  );
}

function times(n: number | undefined): string {
  return n === undefined ? "" : ` ×${n}`;
}

function below(parent: Int32Array, node: number, top: number): boolean {
  let at = node;
  while (at > top) {
    at = parent[at];
  }

  return at === top && node !== top;
}

/** A name with the one above it: `attention/self`. */
function contextOf(path: string, title: string): string {
  const names = path.split("/");
  return names.length < 2 ? title : names.slice(-2).join("/");
}
