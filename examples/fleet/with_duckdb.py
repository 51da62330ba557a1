#!/usr/bin/env python3
"""Judges a file of hosts and answers three questions with DuckDB (`pip install duckdb`).

usage: with_duckdb.py hosts.jsonl [PARQUET]          HOTFIXCHECK names the program (default: hotfixcheck)

Writes an article a host to PARQUET (default: missing.parquet).
"""
import os
import subprocess
import sys
import tempfile

import duckdb


def main() -> None:
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    program = os.environ.get("HOTFIXCHECK", "hotfixcheck")
    parquet = sys.argv[2] if len(sys.argv) == 3 else "missing.parquet"
    with tempfile.TemporaryDirectory() as work:
        judged = os.path.join(work, "judged.jsonl")
        with open(sys.argv[1], "rb") as hosts, open(judged, "wb") as answers:
            # 0 no findings, 1 findings, 3 incomplete, 4 nothing to judge on some host: these are all answers.
            code = subprocess.run([program, "judge", "--stdin"], stdin=hosts, stdout=answers, check=False).returncode
        if code not in (0, 1, 3, 4):
            sys.exit(f"{program} judge: exit code {code}")
        questions(judged, parquet)


def questions(judged: str, parquet: str) -> None:
    db = duckdb.connect()
    # The columns are named, so that DuckDB need not read every line to find their types.
    db.execute(
        """
        CREATE VIEW hosts AS SELECT * FROM read_json(?, format = 'newline_delimited', maximum_object_size = 268435456,
            columns = {host: 'VARCHAR', error: 'VARCHAR', outcome: 'VARCHAR',
                       articles: 'STRUCT(kb VARCHAR, title VARCHAR, status VARCHAR, severity VARCHAR, cves VARCHAR[])[]'})
        """.replace("?", "'" + judged.replace("'", "''") + "'")
    )
    db.execute("CREATE VIEW missing AS SELECT host, unnest(articles, recursive := true) FROM hosts")
    print("Hosts by outcome")
    for outcome, hosts in db.execute("SELECT outcome, count(*) FROM hosts GROUP BY 1 ORDER BY 2 DESC, 1").fetchall():
        print(f"  {hosts:>8}  {outcome}")
    print("Fixes that most hosts lack")
    top = "SELECT kb, count(*), any_value(title) FROM missing GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 5"
    for kb, hosts, title in db.execute(top).fetchall():
        print(f"  {hosts:>8}  {kb}  {title}")
    print("Hosts that lack most")
    most = "SELECT host, len(articles) FROM hosts WHERE articles IS NOT NULL ORDER BY 2 DESC, 1 LIMIT 5"
    for host, fixes in db.execute(most).fetchall():
        print(f"  {fixes:>8}  {host}")
    db.execute(f"COPY missing TO '{parquet.replace(chr(39), chr(39) * 2)}' (FORMAT parquet)")
    print(f"An article a host: {parquet}")


if __name__ == "__main__":
    main()
