#!/bin/sh
# Prints, for each period and target, CPU time in % of one core and lateness in µs: of a plain C loop, of ours, and ours over C. Both in turn, several rounds,
# of which the median counts: the machine's other load hits both.
# usage: bench/sampler/run.sh [SECONDS] [ROUNDS]
set -eu
cd "$(dirname "$0")"
seconds=${1:-5}
rounds=${2:-3}
out=$(mktemp -d)
target=
trap '[ -z "$target" ] || kill "$target" 2>/dev/null; rm -rf "$out"' EXIT INT TERM
cc -O2 -pthread -o "$out/cloop" cloop.c
dotnet build -c Release -v quiet --nologo >&2
bench=../../artifacts/bin/Smaragdine.SamplerBenchmark/release/Smaragdine.SamplerBenchmark.dll
echo 123456789012 > "$out/energy_uj"
median() { sort -n | awk '{a[NR]=$1} END {print a[int((NR+1)/2)]}'; }
printf '%-8s %-8s %-6s %8s %8s %8s %8s %8s %8s\n' period threads who cpu% p50 p99 p99.9 max missed
for period in 4000 1000; do
    for threads in 21 200; do
        "$out/cloop" target $threads &
        target=$!
        sleep 1
        : > "$out/log"
        i=0
        while [ $i -lt "$rounds" ]; do
            "$out/cloop" $target $period "$seconds" "$out/energy_uj" >> "$out/log"
            dotnet "$bench" $target $period "$seconds" "$out/energy_uj" >> "$out/log"
            i=$((i+1))
        done
        kill $target; wait $target 2>/dev/null || true; target=
        for who in c ours; do
            for column in 4 5 6 7 8 3; do
                grep "^$who " "$out/log" | awk -v c=$column '{print $c}' | median
            done | tr '\n' ' ' > "$out/$who"
            printf '%-8s %-8s %-6s %8s %8s %8s %8s %8s %8s\n' "$((period/1000))ms" $threads $who $(cat "$out/$who")
        done
        printf '%-8s %-8s %-6s %8s %8s %8s\n' "" "" ours/c $(paste -d' ' "$out/c" "$out/ours" | awk '{printf "%.2f %.2f %.2f", $7/$1, $8/$2, $9/$3}')
    done
done
