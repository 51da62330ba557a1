#!/usr/bin/env bash
# Judges made-up hosts with xargs, DuckDB and Spark (examples/fleet), and compares the answers with those of one
# `judge`.
#
# usage: test_fleet.sh [HOSTS]                             (default: 60)
#
# Needs Python 3.9 or later with venv, and PyPI; Spark also needs Java 17 or later. Packages that cannot be installed in
# two minutes are left out and listed; if none can, the exit code is 77: not tested. HOTFIXCHECK names the program
# (default: the one that `cargo build` makes), PYTHON a Python that already has the packages.
set -euo pipefail
cd "$(dirname "$0")/.."

skip() { echo "not tested: $*" >&2; exit 77; }
step() { printf '\n== %s\n' "$*"; }
hosts=${1:-60}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [ -z "${PYTHON:-}" ]; then
    command -v python3 >/dev/null || skip "no python3"
    python3 -m venv "$work/venv" >/dev/null 2>&1 || skip "python3 has no venv (Debian: python3-venv)"
    PYTHON=$work/venv/bin/python
    timeout 120 "$PYTHON" -m pip install --quiet --disable-pip-version-check duckdb==2.0.1 2>"$work/pip" ||
        skip "duckdb cannot be installed: $(tail -n 1 "$work/pip")"
    if [ "${CI:-}" = true ] && [ "$(id -u)" -eq 0 ] && ! command -v java >/dev/null && command -v apt-get >/dev/null; then
        DEBIAN_FRONTEND=noninteractive timeout 120 apt-get -qq install --yes --no-install-recommends default-jre-headless >/dev/null 2>&1 ||
            echo "not tested: Java cannot be installed in two minutes"
    fi
    if command -v java >/dev/null; then
        timeout 120 "$PYTHON" -m pip install --quiet --disable-pip-version-check pyspark==4.3.0 pyarrow 'pandas<3' 2>"$work/pip" ||
            echo "not tested: Spark cannot be installed in two minutes"
    fi
fi
if [ -z "${HOTFIXCHECK:-}" ]; then
    cargo build --locked
    HOTFIXCHECK=$(cargo metadata --locked --format-version 1 --no-deps |
        "$PYTHON" -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')/debug/hotfixcheck
fi
export HOTFIXCHECK

step "One judge"
# Exit codes 1, 3 and 4 are answers about hosts.
findings() { "$@" || case $? in 1 | 3 | 4) ;; *) return 1 ;; esac; }
"$HOTFIXCHECK" inventory data/sample/nt4 --no-progress --output "$work/nt4.json"
examples/fleet/make_hosts.py "$work/nt4.json" "$hosts" >"$work/hosts.jsonl"
findings "$HOTFIXCHECK" judge --stdin --no-config <"$work/hosts.jsonl" >"$work/judged.jsonl"
wc -l <"$work/judged.jsonl"

# same FILES: the answers of an engine, as lines or as Parquet with a row a host or an article a host.
same() {
    "$PYTHON" - "$work/judged.jsonl" "$@" <<'PYTHON'
import json, sys

import duckdb

judged, form, files = sys.argv[1:]
expected = {answer["host"]: [article["kb"] for article in answer["articles"]] for answer in map(json.loads, open(judged))}
if form == "lines":
    found = {answer["host"]: [article["kb"] for article in answer["articles"]] for answer in map(json.loads, open(files))}
elif form == "hosts":
    query = f"SELECT host, articles FROM read_parquet('{files}')"
    found = {host: [article["kb"] for article in articles] for host, articles in duckdb.sql(query).fetchall()}
else:
    query = f"SELECT host, list(kb) FROM read_parquet('{files}') GROUP BY host"
    found = {host: sorted(articles) for host, articles in duckdb.sql(query).fetchall()}
    expected = {host: sorted(articles) for host, articles in expected.items() if articles}
different = [host for host in expected.keys() | found.keys() if expected.get(host) != found.get(host)]
assert expected and any(expected.values()), "no host lacks anything: nothing is compared"
assert not different, f"{len(different)} hosts differ: {sorted(different)[:3]}"
print(f"{len(found)} hosts, the same answers")
PYTHON
}

step "xargs"
findings examples/fleet/with_xargs.sh "$work/hosts.jsonl" >"$work/xargs.jsonl"
same lines "$work/xargs.jsonl"

# Hosts that cannot be judged, each alone in its part, give lines with errors, and do not fail the run.
printf '%s\n' '{"host":"broken"' '{"host":"gone","path":"/nowhere"}' '{"host":"none","inventory":{}}' >"$work/broken.jsonl"
findings examples/fleet/with_xargs.sh "$work/broken.jsonl" >"$work/answers.jsonl"
[ "$(grep -c '"error":' "$work/answers.jsonl")" -eq 3 ] || { echo "hosts that cannot be judged are lost" >&2; exit 1; }

step "DuckDB"
"$PYTHON" examples/fleet/with_duckdb.py "$work/hosts.jsonl" "$work/missing.parquet" >/dev/null
same articles "$work/missing.parquet"

if ! command -v java >/dev/null || ! "$PYTHON" -c 'import pyspark, pyarrow, pandas' 2>/dev/null; then
    echo "not tested: Spark (needs Java, pyspark, pyarrow, pandas)"
    exit 0
fi
for way in pipe arrow; do
    step "Spark, $way"
    timeout 300 "$PYTHON" examples/fleet/with_spark.py 'local[2]' "$way" "$work/hosts.jsonl" "$work/$way" 2>"$work/spark" ||
        { tail -n 20 "$work/spark" >&2; echo "not tested: Spark does not run here"; exit 0; }
    same hosts "$work/$way/*.parquet"
done
