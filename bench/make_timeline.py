#!/usr/bin/env python3
"""Makes a timeline of N operation events by repeating one real step, shifted in time, and a power log that covers it.

    make_timeline.py N TIMELINE [--power LOG] [--step STEP.json[.gz]]

What it writes is laid out as TensorFlow's timeline.py lays it out (`indent=4`, flows and allocator rows included), so that bytes per
operation are those of a real file. The last repetition stops at the N-th operation. Nothing is random: the same N gives the same bytes.
The power log is a package counter read every 4 ms, 20 W idle and a slow wave above it; it is for measuring speed, not for believing.
"""
import argparse
import gzip
import json
import math
import os
import pathlib

DEFAULT_STEP = pathlib.Path(__file__).resolve().parent.parent / "samples/bert-base-finetune/timeline-5.json.gz"
GAP_US = 1000
POWER_PERIOD_NS = 4_000_000
COUNTER_RANGE_UJ = 65_532_610_987


def read_events(path):
    opened = gzip.open if str(path).endswith(".gz") else open
    with opened(path, "rt", encoding="utf-8") as file:
        return json.load(file)["traceEvents"]


def is_operation(event):
    return event["ph"] == "X" and event.get("cat") == "Op"


def as_text(event):
    """The event as it stands in the file: indented by eight, no comma, no line end."""
    return "        " + json.dumps(event, indent=4).replace("\n", "\n        ")


def template(event):
    """The event's text around its time."""
    time = event["ts"]
    before, after = as_text(event).split(f'"ts": {time}', 1)
    return before + '"ts": ', time, after, is_operation(event)


def write_timeline(path, events, count):
    fixed = [as_text(e) for e in events if "ts" not in e]
    moving = [template(e) for e in events if "ts" in e]
    first = min(e["ts"] for e in events if "ts" in e)
    last = max(e["ts"] + e.get("dur", 0) for e in events if "ts" in e)
    period = last - first + GAP_US
    written = 0
    repetition = 0
    end = first
    with open(path, "w", encoding="utf-8", buffering=1 << 20) as out:
        out.write('{\n    "traceEvents": [\n')
        out.write(",\n".join(fixed))
        while written < count:
            shift = repetition * period
            for before, time, after, operation in moving:
                if operation and written == count:
                    break
                out.write(f",\n{before}{time + shift}{after}")
                written += operation
            end = last + shift
            repetition += 1
        out.write("\n    ]\n}")
    return first * 1000, end * 1000, repetition


def write_power(path, start_ns, end_ns):
    energy = 0.0
    with open(path, "w", encoding="ascii", buffering=1 << 20) as out:
        out.write("# quality=simulated\n# source=bench/make_timeline.py\nunix_ns,domain,energy_uj,max_uj\n")
        time = start_ns - 100 * POWER_PERIOD_NS
        while time <= end_ns + 100 * POWER_PERIOD_NS:
            out.write(f"{time},package-0,{int(energy) % COUNTER_RANGE_UJ},{COUNTER_RANGE_UJ}\n")
            watts = 20 + 15 * (1 + math.sin((time - start_ns) / 7e7))
            energy += watts * POWER_PERIOD_NS / 1000
            time += POWER_PERIOD_NS


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("count", type=int, help="operation events")
    parser.add_argument("timeline", help="file to write")
    parser.add_argument("--power", help="power log to write")
    parser.add_argument("--step", default=DEFAULT_STEP, help="real timeline to repeat")
    arguments = parser.parse_args()
    start, end, steps = write_timeline(arguments.timeline, read_events(arguments.step), arguments.count)
    if arguments.power:
        write_power(arguments.power, start, end)
    size = os.path.getsize(arguments.timeline)
    print(f"{arguments.timeline}: {arguments.count:,} operation events, {steps:,} steps, {size / 1e6:,.1f} MB, {(end - start) / 1e9:,.1f} s")


if __name__ == "__main__":
    main()
