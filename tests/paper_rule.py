#!/usr/bin/env python3
"""The paper's released accounting rule, written anew from its description, to compare `smaragdine export --format paper` with.

Plain on purpose and slow; Python's standard library only. One timeline (TensorFlow's JSON, gzipped or not) is one step.

    paper_rule.py TIMELINE POWER.csv [--device CPU:0] [--step N]

POWER.csv holds `unix_ns,watts`: when the power changed and to what. Writes `device,epoch,operation,energy,runtime` to standard output.
"""
import argparse
import csv
import decimal
import gzip
import json
import re
import sys

EXCLUDED = {"_SOURCE", "cuStreamSynchronize"}


def read_json(path):
    with open(path, "rb") as file:
        data = file.read()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    return json.loads(data, parse_float=decimal.Decimal)


def device_of(row):
    """`GPU:n` or `CPU:n`, cut from the row's name wherever it stands: dispatch rows and kernel rows of a GPU are merged."""
    match = re.search(r"(GPU|CPU):(\d+)", row, re.IGNORECASE)
    return None if match is None or row.endswith(" Tensors") else f"{match.group(1).upper()}:{match.group(2)}"


def key_of(args):
    inputs = sorted((name for name in args if re.fullmatch(r"input\d+", name)), key=lambda name: int(name[5:]))
    return args["name"] + ("@" + ";".join(args[name] for name in inputs) if inputs else "")


def events_of(timeline):
    """By device: {ns: (entry set, exit set)}."""
    events = timeline["traceEvents"] if isinstance(timeline, dict) else timeline
    rows = {e["pid"]: e["args"]["name"] for e in events if e.get("ph") == "M" and e.get("name") == "process_name"}
    devices = {}
    for event in events:
        if event.get("ph") != "X" or event.get("cat", "Op") != "Op" or "name" not in event.get("args", {}):
            continue
        device = device_of(rows.get(event["pid"], ""))
        if device is None or event["args"]["name"] in EXCLUDED:
            continue
        start = int(event["ts"] * 1000)
        end = start + int(event["dur"] * 1000)
        times = devices.setdefault(device, {})
        times.setdefault(start, (set(), set()))[0].add(key_of(event["args"]))
        times.setdefault(end, (set(), set()))[1].add(key_of(event["args"]))
    return devices


def account(events, power):
    """{key: [joules, seconds]} of one device in one step."""
    event_times = sorted(events)
    power_times = sorted(power)
    times = sorted(set(event_times) | set(power_times))
    sums = {}
    running = set()
    at_event = at_power = -1
    for now, following in zip(times, times[1:]):
        while at_event + 1 < len(event_times) and event_times[at_event + 1] <= now:
            at_event += 1
        while at_power + 1 < len(power_times) and power_times[at_power + 1] <= now:
            at_power += 1
        if now < event_times[0]:
            continue
        if now >= event_times[-1]:
            break
        watts = power[power_times[max(0, at_power)]]
        entry, exit_ = events[event_times[at_event]]
        running |= entry
        if running:
            seconds = (following - now) / 1e9
            for key in running:
                total = sums.setdefault(key, [0.0, 0.0])
                total[0] += watts * seconds / len(running)
                total[1] += seconds
        running -= exit_
    return sums


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("timeline")
    parser.add_argument("power")
    parser.add_argument("--device", help="only this one")
    parser.add_argument("--step", type=int, default=1)
    options = parser.parse_args()
    with open(options.power, newline="", encoding="utf-8") as file:
        power = {int(row["unix_ns"]): float(row["watts"]) for row in csv.DictReader(file)}
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["device", "epoch", "operation", "energy", "runtime"])
    for device, events in sorted(events_of(read_json(options.timeline)).items()):
        if options.device is None or device == options.device:
            for key, (joules, seconds) in sorted(account(events, power).items()):
                out.writerow([device, options.step, key, repr(joules), repr(seconds)])


if __name__ == "__main__":
    main()
