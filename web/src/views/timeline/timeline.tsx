import { useMemo } from "preact/hooks";
import { isOf } from "../../model/device.ts";
import { unpackSpans } from "../../model/spans.ts";
import { Panel } from "../../parts/panel.tsx";
import { go, usePlace } from "../../state/navigation.tsx";
import { visible } from "../../text/name.ts";
import { Where } from "../where.tsx";
import { Lanes } from "./lanes.tsx";

/** One step, span by span. */
export function Timeline() {
  const { footprint, route } = usePlace();
  const { timeline, timeline_note: note } = footprint.page;
  const forest = footprint.forest(route.fold);
  const slice = footprint.slice(forest, footprint.filter(route.device, ""));
  const node = footprint.resolve(forest, route.module);
  const step = timeline.find((t) => t.step === route.step) ?? timeline.at(0);
  const devices = useMemo(() => step?.devices.map(unpackSpans) ?? [], [step]);
  const shown = devices.filter((d) => !footprint.devices.includes(route.device) || isOf(d.device, route.device));
  const spans = shown.reduce((sum, d) => sum + d.lanes.reduce((s, l) => s + l.start.length, 0), 0);
  return (
    <>
      <Where slice={slice} node={node} fold device />
      <section class="view">
        {step === undefined
          ? <Panel title="Timeline"><p class="empty">No step's spans are in this report. {note !== null && visible(note)}</p></Panel>
          : (
            <Panel tall title={`Step ${step.step}`} about={`${spans.toLocaleString("en-US")} spans. ${node === 0 ? "Coloured by pass." : "The chosen module is coloured."}${note === null ? "" : ` ${visible(note)}`}`}>
              {timeline.length > 1 && (
                <div class="tools">
                  <label class="choice">Step
                    <select value={step.step} onChange={(e) => { go(route, { step: Number(e.currentTarget.value) }); }}>
                      {timeline.map((t) => <option key={t.step} value={t.step}>{t.step}</option>)}
                    </select>
                  </label>
                </div>
              )}
              <Lanes key={step.step} step={step.step} devices={shown} chosen={node === 0 ? "" : route.module} />
            </Panel>
          )}
      </section>
    </>
  );
}
