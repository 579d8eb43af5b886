#!/usr/bin/env bash
# Measures the HTML page of a report of 200,000 operations: what it takes to write, and in a browser its first paint and clicks.
# Writes results/<machine>/page.md. Usage: bench/page.sh [ROUNDS]    (default 5; needs .NET, Python 3, Node, `npm ci` in web/, Chromium or CHROMIUM=…)
set -euo pipefail

bench=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$bench")
rounds=${1:-5}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$root"

python3 bench/wide_timeline.py 200000 "$work/wide.json" "$work/wide.csv"
./smaragdine report "$work/wide.json" --power "$work/wide.csv" --format html -o "$work/wide.html" 2>"$work/said"
report="./smaragdine report $work/wide.json --power $work/wide.csv"

. "$bench/machine.sh"
out=$bench/results/$name
mkdir -p "$out"
{
  echo "# The page of 200,000 operations"
  echo
  echo "Made by \`bench/page.sh $rounds\` on $(date -u +%F), $cpu, $cores cores, Linux $(uname -r), Node $(node --version), commit $(git rev-parse --short HEAD)."
  echo "200,000 operations of as many names in 3,334 layers, one step (\`bench/wide_timeline.py\`); the page has $(du -m "$work/wide.html" | cut -f1) MB."
  echo "The load average was $(cut -d' ' -f1-3 /proc/loadavg) at the start."
  echo
  echo "## In the browser"
  echo
  echo "From the opening of the file, and from a change of the address until two frames are drawn; \`fold=no\` shows every layer by itself."
  node bench/page_clicks.mjs "$work/wide.html" "$rounds"
  echo
  echo "## Writing it"
  echo
  python3 bench/measure.py --rounds "$rounds" "csv=$report --format csv -o $work/out.csv" "json=$report --format json -o $work/out.json" "html=$report --format html -o $work/out.html"
} >"$work/page.md"
mv "$work/page.md" "$out/page.md"
echo "wrote $out/page.md" >&2
