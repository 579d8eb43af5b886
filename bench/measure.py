#!/usr/bin/env python3
"""Times whole processes against each other: every command once a round, in turn, so that a noisy moment meets all of them alike.

    measure.py [--rounds 7] NAME=COMMAND …

Prints a Markdown table of medians: wall time, processor time, peak resident memory (as the kernel tells them of each child). What the
commands write is thrown away; one that fails stops the measurement. A first round, untimed, warms the disk cache.
"""
import argparse
import os
import shlex
import statistics
import subprocess
import sys
import time


def run(command):
    """Wall seconds, processor seconds, peak MB of one child."""
    arguments = shlex.split(command)
    variables = {}
    while "=" in arguments[0]:
        name, value = arguments.pop(0).split("=", 1)
        variables[name] = value
    begin = time.perf_counter()
    child = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, **variables})
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - begin
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit(f"measure.py: exit status {child.returncode} from: {command}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def measure(commands, rounds):
    """Medians by name, and the shortest wall time."""
    for command in commands.values():
        run(command)
    seen = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            seen[name].append(run(command))
    return {name: ([statistics.median(column) for column in zip(*runs)], min(r[0] for r in runs)) for name, runs in seen.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("commands", nargs="+", metavar="NAME=COMMAND")
    arguments = parser.parse_args()
    commands = dict(c.split("=", 1) for c in arguments.commands)
    print("| | median s | least s | processor s | peak MB |")
    print("|---|---|---|---|---|")
    for name, ((wall, processor, peak), least) in measure(commands, arguments.rounds).items():
        print(f"| {name} | {wall:.3f} | {least:.3f} | {processor:.3f} | {peak:.1f} |")


if __name__ == "__main__":
    main()
