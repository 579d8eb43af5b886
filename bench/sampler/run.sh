#!/usr/bin/env bash
# What sampling costs: the sampler against a plain C loop and against the paper's sampler, the slow-down of a recorded program, the recorder's memory.
# Writes results/<machine>/sampler.md and prints it. Takes about five and a half minutes on a machine that does nothing else.
# Usage: bench/sampler/run.sh [SECONDS] [ROUNDS] [PAIRS] [REST]      (default 8 3 12 60)
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
bench=$(dirname "$here")
root=$(dirname "$bench")
seconds=${1:-8}
rounds=${2:-3}
pairs=${3:-12}
rest=${4:-60}
work=$(mktemp -d)
target=
trap '[ -z "$target" ] || kill "$target" 2>/dev/null; rm -rf "$work"' EXIT INT TERM
cd "$root"
. "$bench/machine.sh"
out=$bench/results/$name
mkdir -p "$out"

echo "building …" >&2
cc -O2 -pthread -o "$work/cloop" "$here/cloop.c"
dotnet build bench/sampler -c Release -v quiet --nologo >&2
# Builds it where it is older than its sources.
./smaragdine --help >/dev/null
ours=artifacts/bin/Smaragdine.SamplerBenchmark/release/Smaragdine.SamplerBenchmark.dll
echo 123456789012 > "$work/energy_uj"
load=$(cut -d' ' -f1-3 /proc/loadavg)

# The paper's sampler, measured on a machine of two cores of this kind: % of a core by period and threads (docs: bench/sampler/README.md).
paper() { case $1-$2 in 1000-21) echo 48.5 ;; 1000-200) echo 64.4 ;; 4000-21) echo 13.6 ;; 4000-200) echo 50.4 ;; esac; }
median() { sort -n | awk '{ a[NR] = $1 } END { print NR % 2 ? a[(NR + 1) / 2] : (a[NR / 2] + a[NR / 2 + 1]) / 2 }'; }
column() { grep "^$1 " "$work/log" | awk -v c="$2" '{ print $c }' | median; }

compare() {
  echo "| period | threads | C, % of a core | ours | ours/C (≤ 1.5) | paper/ours (≥ 15) | p99.9 late, C, µs | ours | ours/C (≤ 1.5) | p50 late, C, µs | ours | missed, C | ours |"
  echo "|---|---|---|---|---|---|---|---|---|---|---|---|---|"
  local period threads i
  for period in 4000 1000; do
    for threads in 21 200; do
      "$work/cloop" target $threads &
      target=$!
      sleep 1
      : > "$work/log"
      for ((i = 0; i < rounds; i++)); do
        "$work/cloop" $target $period "$seconds" "$work/energy_uj" >> "$work/log"
        dotnet "$ours" $target $period "$seconds" "$work/energy_uj" >> "$work/log"
      done
      kill $target
      wait $target 2>/dev/null || true
      target=
      echo "$period $threads $(paper $period $threads) $(for c in 4 7 5 3; do column c $c; column ours $c; done | tr '\n' ' ')" \
        | awk '{ printf "| %d ms | %d | %.2f | %.2f | %.2f | %.0f | %.0f | %.0f | %.2f | %.0f | %.0f | %d | %d |\n", $1 / 1000, $2, $4, $5, $5 / $4, $3 / $5, $6, $7, $7 / $6, $8, $9, $10, $11 }'
    done
  done
}

{
  echo "# What sampling costs: ${cpu:-unknown CPU}, $cores cores"
  echo
  echo "Made by \`bench/sampler/run.sh $seconds $rounds $pairs $rest\` on $(date -u +%F), .NET $(dotnet --version), Linux $(uname -r), commit $(git rev-parse --short HEAD)."
  echo "The load average was $load at the start: above 0.2 other programs had a share in lateness and slow-down, and these figures are not worth much."
  echo
  echo "## The sampler alone"
  echo
  echo "Medians of $rounds rounds of $seconds s, both in turn. What is compared: [bench/sampler](../../sampler/README.md)."
  echo
  compare
  echo
  echo "## The whole recorder"
  echo
  echo "\`bench/sampler/recorder.py --pairs $pairs --rest $rest\`; one energy counter every 4 ms, processor time every 10 ms, as the launcher builds it."
  echo
  python3 "$here/recorder.py" --recorder "dotnet $root/artifacts/launch/smaragdine.dll" --work "$work/cloop" --pairs "$pairs" --rest "$rest"
} | tee "$out/sampler.md"
