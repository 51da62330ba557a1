#!/usr/bin/env python3
"""Scores the extractor against hand labels.

usage: score_labels.py HOTFIXCHECK LABELS_FOLDER ARCHIVE_TXT_FOLDER [-v]

LABELS_FOLDER holds one QNNNNNN.json an article (see tests/labels/README.md). A row counts as right when file,
version, date and size are all equal; time, platform, language and section are then compared on the right rows.
Rows that are equal in everything compared count once on both sides: the extractor keeps identical rows once (issue 14).
A row with "doubt" is one that a careful reader could take for a fix or not: it counts neither as missed nor as wrong.
"""
import collections
import json
import os
import subprocess
import sys


def key(row):
    return (row["file"].lower(), row["version"], row["date"], row["size"])


def section(text):
    return (text or "").strip().rstrip(":").lower()


def once(rows):
    """The rows without repetitions."""
    seen = set()
    kept = []
    for row in rows:
        facts = (*key(row), row["time"], row["platform"], row["language"], section(row["section"]))
        if facts not in seen:
            seen.add(facts)
            kept.append(row)
    return kept


def main():
    binary, labels_folder, archive = sys.argv[1:4]
    verbose = "-v" in sys.argv
    labels = {}
    for name in sorted(os.listdir(labels_folder)):
        if name.endswith(".json"):
            label = json.load(open(os.path.join(labels_folder, name), encoding="utf-8"))
            labels[label["id"]] = label
    paths = []
    for folder, _, files in os.walk(archive):
        paths += [os.path.join(folder, f) for f in files if f[:-4] in labels]
    answer = json.loads(subprocess.run([binary, "extract", *sorted(paths)], capture_output=True, check=False).stdout)
    got = {article["id"]: article for article in answer}
    hits, missed, invented, doubted = (collections.Counter() for _ in range(4))
    fields = collections.defaultdict(lambda: [0, 0])
    packs = [0, 0, 0]
    for article, label in labels.items():
        found = got.get(article, {"fixes": [], "service_packs": []})
        open_rows = once(found["fixes"])
        for want in sorted(once(label["fixes"]), key=lambda row: row.get("doubt", False)):
            same = [r for r in open_rows if key(r) == key(want)]
            same.sort(key=lambda r: (section(r["section"]) != section(want["section"]), r["platform"] != want["platform"]))
            if want.get("doubt"):
                doubted[bool(same)] += 1
                if same:
                    open_rows.remove(same[0])
                continue
            if not same:
                missed[want["kind"]] += 1
                if verbose:
                    print("MISSED  ", article, want["kind"], want["line"], *key(want))
                continue
            row = same[0]
            open_rows.remove(row)
            hits[want["kind"]] += 1
            for field in ("time", "platform", "language", "section", "kind"):
                equal = section(row[field]) == section(want[field])
                fields[field][0] += equal
                fields[field][1] += 1
                if verbose and not equal:
                    print("FIELD   ", article, want["line"], field, repr(row[field]), "label", repr(want[field]))
        for row in open_rows:
            invented[row["kind"]] += 1
            if verbose:
                print("INVENTED", article, row["kind"], row["line"], *key(row))
        want_packs = {(p["product"], p["sp"]) for p in label["service_packs"]}
        got_packs = {(p["product"], p["sp"]) for p in found["service_packs"]}
        packs[0] += len(want_packs & got_packs)
        packs[1] += len(want_packs - got_packs)
        packs[2] += len(got_packs - want_packs)
        if verbose and want_packs != got_packs:
            print("PACKS   ", article, "missed", sorted(want_packs - got_packs), "invented", sorted(got_packs - want_packs))
    ratio = lambda a, b: f"{a}/{a + b} = {a / (a + b):.4f}" if a + b else "none"
    print(f"{len(labels)} articles")
    lines = [k for k in ("table", "list")]
    print("tables and lists: recall", ratio(sum(hits[k] for k in lines), sum(missed[k] for k in lines)))
    print("prose: recall", ratio(hits["prose"], missed["prose"]))
    print("rows: recall", ratio(sum(hits.values()), sum(missed.values())))
    print("rows: precision", ratio(sum(hits.values()), sum(invented.values())), dict(invented))
    for field, (right, total) in fields.items():
        print(f"{field}: {ratio(right, total - right)}")
    print(f"in doubt: {sum(doubted.values())}, of them read: {doubted[True]}")
    print("service packs: recall", ratio(packs[0], packs[1]), "precision", ratio(packs[0], packs[2]))


main()
