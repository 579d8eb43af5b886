import type { ReportDevice } from "../data/report.ts";

/** A row of the sum that says where a device's joules went. */
export interface Whereabout {
  readonly key: string;
  readonly text: string;
  readonly about: string;
  readonly fill: string;
  /** J per step; may be negative for the sensor residual alone. */
  readonly joules: number;
}

const rows: readonly { key: string; text: string; about: string; fill: string; of: (d: ReportDevice) => number | null }[] = [
  { key: "operations", text: "operations", about: "the model's operations", fill: "fill-operations", of: (d) => d.operations_j },
  { key: "outside", text: "outside", about: "the program while no operation runs: Python, input pipeline", fill: "fill-outside", of: (d) => d.outside_j },
  { key: "others", text: "other processes", about: "everybody else on this machine", fill: "fill-others", of: (d) => d.other_processes_j },
  { key: "idle", text: "idle", about: "nobody uses the device", fill: "fill-idle", of: (d) => d.idle_j },
  { key: "unattributed", text: "unattributed", about: "no rule could place it", fill: "fill-unattributed", of: (d) => d.unattributed_j },
  { key: "residual", text: "sensor residual", about: "what the sensor says and the model does not, signed", fill: "fill-residual", of: (d) => d.sensor_residual_j },
];

/** Of a run without a trace: all that its program does is outside of operations. */
const program = { text: "program", about: "the program, of which no operation was traced" };

/** The rows of a device that are known and not nothing; they sum to its energy. */
export function whereabouts(device: ReportDevice, untraced: boolean): Whereabout[] {
  return rows.flatMap(({ of, ...row }) => {
    const joules = of(device);
    return joules === null || joules === 0 ? [] : [{ ...row, ...(untraced && row.key === "outside" ? program : {}), joules }];
  });
}
