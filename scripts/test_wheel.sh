#!/usr/bin/env bash
# Builds the Python module and compares it with the program: the answers must be the same, byte for byte.
#
# usage: test_wheel.sh [--release | --module FILE]
#
# --module tests a module that cargo has built (libhotfixcheck_native.so), without a wheel: it needs only Python.
#
# Needs Python 3.9 or later with venv, and PyPI for maturin; if something is missing, the exit code is 77: not tested.
# HOTFIXCHECK names the program (default: the one of the same profile, which is built first). The virtual environment is
# a temporary folder.
set -euo pipefail
cd "$(dirname "$0")/.."

skip() { echo "not tested: $*" >&2; exit 77; }
step() { printf '\n== %s\n' "$*"; }

MATURIN=1.16.0
profile=debug flags=()
if [ "${1:-}" = --release ]; then profile=release flags=(--release); fi
module=
if [ "${1:-}" = --module ]; then module=${2:?FILE is missing}; fi

python=${PYTHON:-python3}
command -v "$python" >/dev/null || skip "no $python"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 9))' || skip "$("$python" --version) is older than 3.9"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

run_tests() {
    step "Its tests"
    "$1" -W error -m unittest discover --start-directory python/tests --top-level-directory python/tests
}
if [ -n "$module" ]; then
    cp -r python/hotfixcheck "$work/hotfixcheck"
    cp "$module" "$work/hotfixcheck/_native.abi3.so"
    export PYTHONPATH=$work HOTFIXCHECK=${HOTFIXCHECK:?names the program}
    run_tests "$python"
    exit
fi
"$python" -m venv "$work/venv" >/dev/null 2>&1 || skip "$python has no venv (Debian: python3-venv)"
timeout 60 "$work/venv/bin/pip" install --quiet --disable-pip-version-check "maturin==$MATURIN" 2>"$work/pip" ||
    skip "maturin $MATURIN cannot be installed: $(tail -n 1 "$work/pip")"

target=$(cargo metadata --locked --format-version 1 --no-deps | "$work/venv/bin/python" -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')
if [ -z "${HOTFIXCHECK:-}" ]; then
    cargo build --locked "${flags[@]}"
    export HOTFIXCHECK=$target/$profile/hotfixcheck
fi

step "The module"
"$work/venv/bin/maturin" build --quiet --locked "${flags[@]}" --manifest-path python/Cargo.toml --compatibility linux \
    --interpreter "$work/venv/bin/python" --out "$work/wheels"
ls -l "$work/wheels"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check --no-index --no-deps "$work"/wheels/*.whl
run_tests "$work/venv/bin/python"
