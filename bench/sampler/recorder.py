#!/usr/bin/env python3
"""What `smaragdine record` costs the program that it records, and what it holds itself.

    recorder.py --recorder 'dotnet …/smaragdine.dll' --work ./cloop [--pairs 12] [--seconds 2.5] [--rest 60]

Slow-down: a program with a computing thread for each processor runs alone, under `record`, and beside a plain C loop that reads as often, in turn, round by round,
forwards and backwards; it tells itself how long it took, so the start of the recorder is not in it. What the C loop costs is what being woken up costs on the machine. Median of the pairs' ratios, with the interval that holds it in at least 95 of 100
such measurements whatever their distribution (order statistics). Memory: resident, of a recorder that has recorded a sleeping program for --rest seconds.
"""
import argparse
import math
import os
import shlex
import statistics
import subprocess
import tempfile
import time


def seconds(command):
    """What the program says it took."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    return float(done.stdout.split()[0])


def interval(values):
    """Median and the order statistics around it that hold the true one with 95 %; how sure they are."""
    ordered, n = sorted(values), len(values)
    rank, outside = 0, 2 * 0.5 ** n
    while rank + 1 < n // 2:
        more = outside + 2 * math.comb(n, rank + 1) * 0.5 ** n
        if more > 0.05:
            break
        rank, outside = rank + 1, more
    return statistics.median(ordered), ordered[rank], ordered[n - 1 - rank], 1 - outside


def counter(folder):
    """A tree of /sys with one energy counter."""
    zone = os.path.join(folder, "root/sys/class/powercap/intel-rapl:0")
    os.makedirs(zone)
    for name, text in (("name", "package-0"), ("energy_uj", "123456789012"), ("max_energy_range_uj", "262143328850"), ("enabled", "1")):
        with open(os.path.join(zone, name), "w") as file:
            file.write(text + "\n")
    return ["--root", os.path.join(folder, "root"), "--sensors", "package-0", "--period", "4ms"]


def slowdown(arguments, recorder, options, folder):
    threads = str(os.cpu_count())
    rounds = 100
    while (took := seconds([arguments.work, "work", threads, str(rounds)])) < arguments.seconds / 2:
        rounds *= 2
    rounds = str(max(1, round(rounds * arguments.seconds / took)))
    alone = [arguments.work, "work", threads, rounds]
    energy = os.path.join(options[options.index("--root") + 1], "sys/class/powercap/intel-rapl:0/energy_uj")
    took = {"alone": [], "recorded": [], "beside C": []}
    for pair in range(arguments.pairs):
        for name in list(took)[:: 1 if pair % 2 else -1]:
            if name == "alone":
                took[name].append(seconds(alone))
            elif name == "recorded":
                took[name].append(seconds([*recorder, "record", *options, "-o", os.path.join(folder, f"slow-{pair}"), "--", *alone]))
            else:
                took[name].append(beside(alone, [arguments.work, str(os.getpid()), "4000", str(int(10 * arguments.seconds) + 5), energy]))
    base = took["alone"]
    spread = (max(base) - min(base)) / statistics.median(base)
    for name, what, bar in (("recorded", "under `record`", "≤ 1 %"), ("beside C", "beside a C loop that wakes as often", "–")):
        middle, low, high, sure = interval([t / b for t, b in zip(took[name], base)])
        print(f"| slow-down of a program with {threads} computing threads {what}, {arguments.pairs} pairs of {statistics.median(base):.1f} s | "
              f"{100 * (middle - 1):+.2f} % ({100 * (low - 1):+.2f} … {100 * (high - 1):+.2f} %, {100 * sure:.0f} % sure; alone it differs by {100 * spread:.1f} %) | {bar} |")


def beside(command, loop):
    """What the program says it took while the C loop watches this process."""
    process = subprocess.Popen(loop, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(0.3)
    try:
        return seconds(command)
    finally:
        process.kill()
        process.wait()


def memory(arguments, recorder, options, folder):
    process = subprocess.Popen(
        [*recorder, "record", *options, "-o", os.path.join(folder, "memory"), "--", "sleep", str(arguments.rest + 5)], stderr=subprocess.DEVNULL)
    time.sleep(arguments.rest)
    with open(f"/proc/{process.pid}/status") as file:
        fields = dict(line.split(":", 1) for line in file)
    print(f"| resident memory of the recorder after {arguments.rest} s | {int(fields['VmRSS'].split()[0]) / 1024:.1f} MB "
          f"({int(fields['RssAnon'].split()[0]) / 1024:.1f} MB its own, the rest files mapped) | ≤ 80 MB |")
    process.terminate()
    process.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--recorder", required=True)
    parser.add_argument("--work", required=True)
    parser.add_argument("--pairs", type=int, default=12)
    parser.add_argument("--seconds", type=float, default=2.5)
    parser.add_argument("--rest", type=int, default=60)
    arguments = parser.parse_args()
    recorder = shlex.split(arguments.recorder)
    print("| | measured | bar |")
    print("|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        options = counter(folder)
        slowdown(arguments, recorder, options, folder)
        memory(arguments, recorder, options, folder)


if __name__ == "__main__":
    main()
