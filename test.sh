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
command -v chromium >/dev/null 2>&1 || need+=(chromium)
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

# The page of the HTML report (web/): that the built one is what its sources make, its parts by themselves, and all of it in a browser.
web_tests() {
  local page=../src/Smaragdine.Formats/Reports/Html/page.html log=$results/web.log built name status ok bad left
  npm ci --no-audit --no-fund >"$log" 2>&1 || { tail -n 5 "$log"; echo "test.sh: npm could not install what web/ needs"; return 2; }
  built=$(sha256sum <"$page")
  { npm run --silent build && npm run --silent lint; } >"$log" 2>&1 || { tail -n 20 "$log"; return 1; }
  if [ "$built" != "$(sha256sum <"$page")" ]; then
    echo "test.sh: the committed page is not what web/ builds; commit what \`npm run build\` in web/ writes"
    return 1
  fi

  ../smaragdine report ../samples/bert-base-finetune --format html -o "$results/report.html" 2>/dev/null || return 1
  for name in test e2e; do
    if [ $name = e2e ] && ! command -v "${CHROMIUM:-chromium}" >/dev/null 2>&1; then
      echo "test.sh: no chromium: the page was not tried in a browser"
      web_skipped=1
      continue
    fi

    REPORT_HTML="$results/report.html" npm run --silent $name -- --reporter=default --reporter=json --outputFile="$results/$name.json" >"$log" 2>&1
    status=$?
    read -r ok bad left < <(node -e 'const r = JSON.parse(require("fs").readFileSync(process.argv[1])); console.log(r.numPassedTests, r.numFailedTests, r.numPendingTests + r.numTodoTests)' "$results/$name.json" 2>/dev/null || echo 0 0 0)
    if [ $status -ne 0 ]; then
      # The runner itself may fail as well.
      [ "$bad" -gt 0 ] || bad=1
      grep -E "FAIL|Error:|✗|×" "$log" | head -n 40
    fi

    echo "web, $name: $ok passed, $bad failed, $left skipped"
    web_passed=$((web_passed + ok))
    web_failed=$((web_failed + bad))
    web_skipped=$((web_skipped + left))
  done
}

web_passed=0
web_failed=0
web_skipped=0
if [ ${#filter[@]} -eq 0 ]; then
  if command -v npm >/dev/null 2>&1; then
    pushd web >/dev/null
    web_tests
    case $? in 1) web_failed=$((web_failed + 1)) ;; 2) web_skipped=1 ;; esac
    popd >/dev/null
  else
    echo "test.sh: no Node.js: web/ was not tested"
    web_skipped=1
  fi
fi

if [ "${CI:-}" = true ] && [ "$web_skipped" -gt 0 ]; then
  web_failed=$((web_failed + web_skipped))
  web_skipped=0
fi

passed=$((passed + web_passed))
failed=$((failed + web_failed))
skipped=$((skipped + web_skipped))
[ "$web_failed" -eq 0 ] || code=1
echo "$passed passed, $failed failed, $skipped skipped"
exit $code
