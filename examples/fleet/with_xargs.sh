#!/usr/bin/env bash
# Judges a file of hosts in as many processes as there are processors, each with its own part of the lines.
#
# usage: with_xargs.sh hosts.jsonl > judged.jsonl          HOTFIXCHECK names the program (default: hotfixcheck)
#
# One `judge` uses all processors by itself; parts are for schedulers that give each process a part of the input.
# The answers are in the order of the parts, and so of the hosts. The exit code is 1 if any host has findings.
set -euo pipefail
[ $# -eq 1 ] || { sed -n 2,8p "$0" >&2; exit 2; }
program=${HOTFIXCHECK:-hotfixcheck}
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
split --number="l/$(nproc)" "$1" "$work/part-"
export program
# Exit codes 1, 3 and 4 are answers about hosts; xargs would treat them as failures.
find "$work" -name 'part-*' -print0 | sort -z |
    xargs -0 -P "$(nproc)" -I{} bash -c '"$program" judge --stdin -j 1 <"{}" >"{}.judged" || case $? in 1 | 3 | 4) ;; *) exit 255 ;; esac'
cat "$work"/part-*.judged >"$work/judged"
cat "$work/judged"
! grep -q '"outcome":"findings"' "$work/judged"
