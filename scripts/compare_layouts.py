#!/usr/bin/env python3
"""Compares two extractions of the same articles in different layouts.

    hotfixcheck extract ARCHIVE-TXT/ -o txt.json
    hotfixcheck extract ARCHIVE-MD/ -o md.json
    python3 scripts/compare_layouts.py txt.json md.json

Everything but the line numbers must be equal. Prints each difference, then the count; exit code 1 if there is any.
"""
import json
import sys


def facts(article):
    rows = [{k: v for k, v in row.items() if k != "line"} for row in article["fixes"]]
    return {**{k: article[k] for k in ("title", "products", "last_modified", "keywords", "service_packs")}, "fixes": rows}


def main():
    first, second = ({a["id"]: facts(a) for a in json.load(open(name, encoding="utf-8"))} for name in sys.argv[1:3])
    both = sorted(first.keys() & second.keys())
    differences = [(i, k) for i in both for k in first[i] if first[i][k] != second[i][k]]
    for article, key in differences:
        print(article, key, json.dumps(first[article][key])[:200], "<>", json.dumps(second[article][key])[:200])
    print(f"{len(both)} articles in both, {len(differences)} differences")
    return 1 if differences else 0


sys.exit(main())
