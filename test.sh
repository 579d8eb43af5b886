#!/usr/bin/env bash
# Builds everything with warnings as errors and runs all tests. Ends with one line: N passed, N failed, N skipped.
#
#   ./test.sh               all tests
#   ./test.sh --filter X    only tests whose full name contains X (dotnet's own filter syntax works too)
#
# What a test needs and the machine lacks is installed where that is possible (as root, with apt-get); without it the test is skipped.
# Under CI=true a skipped test is a failure, unless it is marked gpu.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

if ! command -v dotnet >/dev/null 2>&1; then
  echo "test.sh: needs the .NET SDK 10 (package dotnet-sdk-10.0, or see https://dot.net)" >&2
  exit 4
fi

filter=()
if [ "${1:-}" = --filter ]; then
  filter=(--filter "$2")
fi

# An interpreter other than Debian's may come first on PATH: tests look for one that has the module.
has_module() {
  local python
  for python in python3 /usr/bin/python3; do
    command -v "$python" >/dev/null 2>&1 && "$python" -c "import $1" >/dev/null 2>&1 && return 0
  done
  return 1
}

need=()
has_module jsonschema || need+=(python3-jsonschema)
has_module prometheus_client || need+=(python3-prometheus-client)
command -v gcc >/dev/null 2>&1 || need+=(gcc libc6-dev)
if [ "${CI:-}" = true ]; then
  # 105 MB to fetch, and the second starts a service where there is an init: not on a developer's machine.
  command -v go >/dev/null 2>&1 || need+=(golang-go)
  command -v promtool >/dev/null 2>&1 || need+=(prometheus)
fi
if [ ${#need[@]} -gt 0 ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "test.sh: installing ${need[*]}"
  { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${need[@]}"; } >/tmp/smaragdine-apt.log 2>&1 \
    || { echo "test.sh: could not install ${need[*]}; tests that need it are skipped"; tail -n 3 /tmp/smaragdine-apt.log; }
fi

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
dotnet build Smaragdine.slnx --configuration Release --nologo --verbosity quiet || { echo "test.sh: the build failed"; echo "0 passed, 1 failed, 0 skipped"; exit 1; }
dotnet test Smaragdine.slnx --configuration Release --no-build --nologo --verbosity quiet \
  --logger "console;verbosity=minimal" --logger "trx;LogFileName=results.trx" --results-directory "$results" "${filter[@]}"
status=$?

# The counters of each results file; and the names of what was skipped.
count() { grep -ho "<Counters [^>]*" "$results"/*.trx 2>/dev/null | grep -o " $1=\"[0-9]*\"" | tr -dc '0-9\n' | awk '{ sum += $1 } END { print sum + 0 }'; }
total=$(count total)
passed=$(count passed)
failed=$(count failed)
skipped=$((total - passed - failed))
if [ "$skipped" -gt 0 ]; then
  echo "skipped:"
  grep -h 'outcome="NotExecuted"' "$results"/*.trx | grep -o 'testName="[^"]*"' | sed 's/testName=/  /' | sort
fi

code=0
if [ "$status" -ne 0 ] || [ "$failed" -gt 0 ] || [ "$total" -eq 0 ]; then
  code=1
  if [ "$failed" -eq 0 ]; then
    # The runner itself failed (a crash, or no test found): that must not pass for success.
    failed=1
  fi
fi

if [ "${CI:-}" = true ] && [ "$skipped" -gt 0 ]; then
  not_gpu=$(grep -h 'outcome="NotExecuted"' "$results"/*.trx | grep -vc 'Gpu' || true)
  if [ "$not_gpu" -gt 0 ]; then
    echo "test.sh: $not_gpu test(s) were skipped, which CI does not allow"
    code=1
    failed=$((failed + not_gpu))
    skipped=$((skipped - not_gpu))
  fi
fi

echo "$passed passed, $failed failed, $skipped skipped"
exit $code
