#!/usr/bin/env python3
"""A stand-in for the accounting of the paper's system: Python's json.load and a plain sweep.

    rival.py TIMELINE POWER_LOG

Written from the description of that system's rule (src/Smaragdine.Core/Attribution/PaperRule.cs says it too), not from its code, and
lean: no data frames, one pass. It shares power equally among the keys `name@input0;input1` that run, and an operation that ended keeps its
share until the next event. Prints operation events per second, json.load included (the interpreter's start and the power log are not).
"""
import collections
import json
import re
import sys
import time

EXCLUDED = {"_SOURCE", "cuStreamSynchronize"}


def read_power(path):
    """Times (ns) and the watts from each of them on, of a log of one counter."""
    times, watts = [], []
    last_time = last_energy = None
    with open(path, encoding="ascii") as file:
        for line in file:
            if line.startswith(("#", "unix_ns")):
                continue
            stamp, _, energy, wrap = line.split(",")
            stamp, energy = int(stamp), int(energy)
            if last_time is not None:
                times.append(last_time)
                watts.append((energy - last_energy) % int(wrap) * 1000 / (stamp - last_time))
            last_time, last_energy = stamp, energy
    return times, watts


def key_of(arguments):
    inputs = []
    while (name := arguments.get(f"input{len(inputs)}")) is not None:
        inputs.append(name)
    return arguments["name"] + "@" + ";".join(inputs) if inputs else arguments["name"]


def read_edges(trace):
    """By device, what starts and what ends at each time; and how many operations there are."""
    device_of = {}
    for event in trace:
        if event["ph"] == "M" and event["name"] == "process_name":
            match = re.search(r"[CG]PU:\d+", event["args"]["name"])
            device_of[event["pid"]] = match.group() if match else None
    edges = collections.defaultdict(lambda: collections.defaultdict(lambda: (set(), set())))
    count = 0
    for event in trace:
        if event["ph"] != "X" or event.get("cat") != "Op":
            continue
        count += 1
        if event["args"]["name"] in EXCLUDED:
            continue
        key = key_of(event["args"])
        device = edges[device_of[event["pid"]]]
        start = event["ts"] * 1000
        device[start][0].add(key)
        device[start + event["dur"] * 1000][1].add(key)
    return edges, count


def sweep(edges, times, watts):
    """Joules and seconds by key."""
    joules = collections.defaultdict(float)
    seconds = collections.defaultdict(float)
    running = set()
    moments = sorted(edges)
    sample = 0
    for here, after in zip(moments, moments[1:]):
        entry, leave = edges[here]
        running |= entry
        while here < after:
            while sample + 1 < len(times) and times[sample + 1] <= here:
                sample += 1
            until = min(after, times[sample + 1]) if sample + 1 < len(times) else after
            length = (until - here) / 1e9
            if running:
                share = watts[sample] * length / len(running)
                for key in running:
                    joules[key] += share
                    seconds[key] += length
            running.difference_update(leave)
            leave = ()
            here = until
    return joules, seconds


def main():
    timeline, power = sys.argv[1:]
    times, watts = read_power(power)
    begin = time.perf_counter()
    with open(timeline, encoding="utf-8") as file:
        trace = json.load(file)["traceEvents"]
    loaded = time.perf_counter()
    edges, count = read_edges(trace)
    total = 0.0
    for device in edges.values():
        joules, _ = sweep(device, times, watts)
        total += sum(joules.values())
    end = time.perf_counter()
    print(
        f"{count} events {total:.1f} J {count / (end - begin):.0f} events/s"
        f" ({loaded - begin:.3f} s json.load, {end - loaded:.3f} s sweep)"
    )


if __name__ == "__main__":
    main()
