#!/usr/bin/env bash
# Compares the output of two builds of the program: scripts/compare_behaviour.sh OLD NEW [TREE...]
#
# Each TREE (default: the sample trees) is scanned in every format, and inventoried; standard output and exit code must
# be the same byte for byte. Differences are shown as a diff, and make the exit code 1.
set -u
cd "$(dirname "$0")/.."
old=$1; new=$2; shift 2
[ $# -gt 0 ] || set -- data/sample/nt4 data/sample/win2000
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
status=0
compare() {
    "$old" "$@" >"$work/old" 2>/dev/null; echo "exit $?" >>"$work/old"
    "$new" "$@" >"$work/new" 2>/dev/null; echo "exit $?" >>"$work/new"
    if cmp -s "$work/old" "$work/new"; then echo "same    $*"; else
        echo "differs $*"; diff "$work/old" "$work/new" | head -${LINES_SHOWN:-20}; status=1
    fi
}
for tree in "$@"; do
    for format in table json jsonl csv markdown html junit sarif codequality; do
        compare scan "$tree" --all --format "$format"
    done
    compare inventory "$tree"
done
compare catalog stats
compare article Q265433 --format json
exit "$status"
