import { Panel } from "../../parts/panel.tsx";
import { usePlace } from "../../state/navigation.tsx";
import { DeviceChoice } from "../where.tsx";
import { Passes, TopModules, TopOperations } from "./bars.tsx";
import { Run, Sensors, Warnings } from "./facts.tsx";
import { Hero } from "./hero.tsx";

/** Where the energy goes, in ten seconds. */
export function Summary() {
  const { footprint, route } = usePlace();
  const { report, untraced } = footprint;
  const what = footprint.hasEnergy ? "energy" : "time";
  return (
    <div class="summary">
      <Hero footprint={footprint} />
      {footprint.totals().length > 1 && <p class="mixed">Joules of different quality are not added: below is one of them. <DeviceChoice /></p>}
      <div class="columns">
        <div class="stack">
          {!untraced && <Panel title={`Modules that take most ${what}`} about="of all operations, layers of equal structure as one"><TopModules footprint={footprint} route={route} /></Panel>}
          {!untraced && <Panel title={`Operations that take most ${what}`}><TopOperations footprint={footprint} route={route} /></Panel>}
          <Panel title="Where power is known from"><Sensors report={report} untraced={untraced} /></Panel>
        </div>
        <div class="stack">
          {!untraced && <Panel title="Passes"><Passes footprint={footprint} route={route} /></Panel>}
          {report.warnings.length > 0 && <Panel title="What to know"><Warnings report={report} /></Panel>}
          <Panel title="The whole run" {...(untraced ? {} : { about: "totals, not per step" })}><Run report={report} untraced={untraced} /></Panel>
        </div>
      </div>
    </div>
  );
}
