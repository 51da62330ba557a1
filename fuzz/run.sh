#!/bin/sh
# Builds every fuzz target, or runs some of them, with the stable compiler and without cargo-fuzz:
#   fuzz/run.sh build
#   FUZZ_SECONDS=600 fuzz/run.sh run SEEDS TARGET...
# SEEDS is a folder with a folder of seeds for each target (docs/hostile-input.md says how to make it); new inputs go to
# SEEDS/TARGET-found, failing ones to SEEDS/TARGET-failed. There is no sanitizer: no crate of this project has unsafe
# code, and without a sanitizer targets build and run several times faster.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
target=x86_64-unknown-linux-gnu
out=${CARGO_TARGET_DIR:-$here/target}
# The flags that cargo-fuzz passes to the compiler with `--sanitizer none`.
flags="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4"
flags="$flags -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table"
flags="$flags -Cllvm-args=-sanitizer-coverage-trace-compares -Cllvm-args=-simplifycfg-branch-fold-threshold=0"
case ${1:-} in
build)
    cd "$here"
    RUSTFLAGS="$flags" CARGO_TARGET_DIR="$out" cargo build --release --target "$target" --bins ${FUZZ_JOBS:+-j "$FUZZ_JOBS"}
    ;;
run)
    seeds=$2
    shift 2
    failed=0
    for name; do
        mkdir -p "$seeds/$name" "$seeds/$name-found" "$seeds/$name-failed"
        "$out/$target/release/$name" "$seeds/$name-found" "$seeds/$name" -max_total_time="${FUZZ_SECONDS:-600}" \
            -timeout="${FUZZ_TIMEOUT:-10}" -rss_limit_mb=1024 -print_final_stats=1 -artifact_prefix="$seeds/$name-failed/" \
            >"$seeds/$name.log" 2>&1 || failed=1
        echo "$name: $(grep -E 'stat::number_of_executed_units|SUMMARY' "$seeds/$name.log" | tr -s ' \n' ' ')"
    done
    exit "$failed"
    ;;
*)
    sed -n '2,8p' "$0"
    exit 2
    ;;
esac
