#!/usr/bin/env bash
# Compares scan with the least that any program could do (floor.c of ../shared/bench: open, read, close), in turn, warm,
# and with the same number of threads. Prints the median of each and the ratio.
# usage: scripts/bench_scan.sh [FOLDER]     needs gcc, hyperfine or plain bash; makes FOLDER (222 MB) if it does not
# exist
set -euo pipefail
cd "$(dirname "$0")/.."
tree=${1:-target/bench-tree}
floor_source=../shared/bench/floor.c
[ -f "$floor_source" ] || { echo "skipped: there is no $floor_source"; exit 0; }
mkdir -p target
gcc -O2 -pthread "$floor_source" -o target/floor
cargo build --release --locked --bin hotfixcheck
[ -d "$tree" ] || cargo run --release --locked --example make_tree "$tree"
threads=$(nproc)
export RAYON_NUM_THREADS=$threads
scan=(target/release/hotfixcheck scan "$tree" --format json -o /dev/null)
least=(target/floor rsrc -j "$threads" -x "$tree")

# In turn, so that both run under the same conditions.
run() { local start=$EPOCHREALTIME; "$@" >/dev/null 2>&1 || true; local end=$EPOCHREALTIME
        awk -v s="$start" -v e="$end" 'BEGIN { printf "%.4f\n", e - s }'; }
run "${scan[@]}" >/dev/null; run "${least[@]}" >/dev/null
: >target/bench-scan; : >target/bench-floor
for _ in $(seq 15); do run "${scan[@]}" >>target/bench-scan; run "${least[@]}" >>target/bench-floor; done
median() { sort -n "$1" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
a=$(median target/bench-scan); b=$(median target/bench-floor)
ratio=$(paste target/bench-scan target/bench-floor | awk '{ print $1 / $2 }' | sort -n | awk '{ v[NR] = $1 } END { printf "%.2f", v[int((NR + 1) / 2)] }')
echo "scan $a s, floor $b s, median of the ratios $ratio ($threads threads)"
/usr/bin/time -f "scan: peak memory %M KB" "${scan[@]}" || true
