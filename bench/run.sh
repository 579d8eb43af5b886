#!/usr/bin/env bash
# Measures whole processes: the rival, sizes, memory, the sample recording, and ways of publishing. Writes results/<machine>/README.md.
# Usage: bench/run.sh [ROUNDS]      (default 7; needs .NET, Python 3, 4 GB of disk; takes five to ten minutes)
set -euo pipefail

bench=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$bench")
rounds=${1:-7}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$root"

echo "making timelines …" >&2
for n in 2000 20000 200000 2000000; do
  python3 bench/make_timeline.py "$n" "$work/$n.json" --power "$work/$n.csv" >&2
done

echo "publishing …" >&2
publish() {
  dotnet publish src/Smaragdine.Cli/Smaragdine.Cli.csproj --configuration Release --nologo --verbosity quiet \
    --property:RunAnalyzers=false --output "$work/$1" "${@:2}" >&2
}
publish plain
publish ahead --use-current-runtime --self-contained false --property:PublishReadyToRun=true
publish cultures --use-current-runtime --self-contained false --property:PublishReadyToRun=true --property:InvariantGlobalization=false
# A later build for all machines must not find what was restored for this one.
dotnet restore Smaragdine.slnx --verbosity quiet >&2

ahead="dotnet $work/ahead/smaragdine.dll"
plain="dotnet $work/plain/smaragdine.dll"
measure() { python3 bench/measure.py --rounds "$rounds" "$@"; }
report() { echo "$1 report $work/$2.json --power $work/$2.csv"; }
rival() { echo "python3 bench/rival.py $work/$1.json $work/$1.csv"; }

. "$bench/machine.sh"
out=$bench/results/$name
mkdir -p "$out"

{
  echo "# ${cpu:-unknown CPU}, $cores cores"
  echo
  echo "Made by \`bench/run.sh $rounds\` on $(date -u +%F), .NET $(dotnet --version), $(python3 --version), Linux $(uname -r), commit $(git rev-parse --short HEAD)."
  echo "Medians of $rounds rounds, commands of one table in turn. The load average was $(cut -d' ' -f1-3 /proc/loadavg) at the start: where wall"
  echo "time exceeds processor time, other programs held the processors, and processor time is the better guide. Ratios within a table count."
  echo
  echo "\`ahead\` is what the launcher builds (ReadyToRun); \`TRACE\` and \`LOG\` are made by \`bench/make_timeline.py N TRACE --power LOG\`."
  echo
  echo "## Against the rival, whole processes"
  echo
  echo "\`smaragdine report TRACE --power LOG\` against \`python3 bench/rival.py TRACE LOG\`; the start of either program included."
  echo
  measure "2,000 rival=$(rival 2000)" "2,000 ahead=$(report "$ahead" 2000)" \
    "20,000 rival=$(rival 20000)" "20,000 ahead=$(report "$ahead" 20000)" \
    "200,000 rival=$(rival 200000)" "200,000 ahead=$(report "$ahead" 200000)"
  echo
  echo "The rival's own rate (its start left out): $(python3 bench/rival.py "$work/200000.json" "$work/200000.csv")."
  echo
  echo "## Linearity and memory"
  echo
  echo "Bytes a span = (peak at 2,000,000 − peak at 200,000) / 1,800,000; everything counts, garbage too."
  echo
  measure "200,000=$(report "$ahead" 200000)" "2,000,000=$(report "$ahead" 2000000)" | tee "$work/memory"
  awk -F'|' '/200,000/ && !/2,000,000/ { few = $6 } /2,000,000/ { many = $6 } END { printf "\n%.0f bytes a span.\n", (many - few) * 1048576 / 1.8e6 }' "$work/memory"
  echo
  echo "## \`smaragdine report samples/bert-base-finetune\`, ways of publishing"
  echo
  sample="report samples/bert-base-finetune"
  measure "ahead=$ahead $sample" "plain=$plain $sample" "plain, TieredPGO on=DOTNET_TieredPGO=1 $plain $sample" \
    "ahead, TieredPGO on=DOTNET_TieredPGO=1 $ahead $sample" \
    "ahead, TieredCompilation off=DOTNET_TieredCompilation=0 $ahead $sample" \
    "plain, TC_QuickJitForLoops off=DOTNET_TC_QuickJitForLoops=0 $plain $sample" \
    "ahead, gcConcurrent off=DOTNET_gcConcurrent=0 $ahead $sample" \
    "ahead, InvariantGlobalization off=dotnet $work/cultures/smaragdine.dll $sample"
} >"$work/README.md"
mv "$work/README.md" "$out/README.md"
echo "wrote $out/README.md" >&2
