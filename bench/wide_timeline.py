#!/usr/bin/env python3
"""Makes a timeline of N operations of N names (60 to a layer, each fed by the one before), and a power log that covers it.

    wide_timeline.py N TIMELINE LOG

`make_timeline.py` repeats a step, so that its names are few; a page is as large as the names are many. Nothing is random: the same N gives
the same bytes. The log is for measuring speed, not for believing.
"""
import json
import sys

START_US = 1795247904000000
PERIOD_US = 20
PER_LAYER = 60
POWER_PERIOD_NS = 4_000_000


def name(index):
    layer, operation = divmod(index, PER_LAYER)
    return f"model/encoder/layer_{layer}/block_{operation % 6}/op_{operation}/MatMul"


def event(index):
    inputs = {"input0": name(index - 1)} if index else {}
    return {"ph": "X", "cat": "Op", "name": "MatMul", "pid": 1, "tid": index % 3, "ts": START_US + index * PERIOD_US, "dur": 15 + index % 7,
            "args": {"name": name(index), "op": "MatMul", **inputs}}


def main(count, timeline, log):
    with open(timeline, "w", encoding="utf-8") as out:
        device = {"name": "process_name", "ph": "M", "pid": 1, "args": {"name": "/job:localhost/replica:0/task:0/device:CPU:0 Compute"}}
        out.write('{"traceEvents": [' + json.dumps(device))
        for index in range(count):
            out.write(",\n" + json.dumps(event(index)))
        out.write("]}")
    with open(log, "w", encoding="ascii") as out:
        out.write("# quality=simulated\n# source=bench/wide_timeline.py\nunix_ns,domain,power_w\n")
        readings = count * PERIOD_US * 1000 // POWER_PERIOD_NS + 40
        for i in range(readings):
            out.write(f"{START_US * 1000 + (i - 20) * POWER_PERIOD_NS},package-0,{20 + i % 9}\n")


if len(sys.argv) != 4:
    sys.exit(__doc__)
main(int(sys.argv[1]), sys.argv[2], sys.argv[3])
