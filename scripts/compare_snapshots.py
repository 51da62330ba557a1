#!/usr/bin/env python3
"""Compares the snapshot of a collector with that of hotfixcheck for the same files.

    python3 scripts/compare_snapshots.py COLLECTED REFERENCE [--tree FOLDER] [--script]

Every file of the reference must be in the snapshot with the same members; with --tree every file of the folder, too.
Differences that the collectors' pages describe are counted separately: packed files that a collector does not unpack, the
wording of damage, and with --script texts in code pages that a script does not read. Exit code 0: no other difference.
"""

import argparse
import json
import os
import re
import sys


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def plain(value):
    """A damaged text without escapes: Rust's {:?} escapes characters that cannot be shown, a collector does not."""
    if isinstance(value, str):
        return re.sub(r"\\u\{([0-9a-f]+)\}", lambda m: chr(int(m[1], 16)), value)
    if isinstance(value, list):
        return [plain(item) for item in value]
    return {key: plain(item) for key, item in value.items()} if isinstance(value, dict) else value


def raw(record):
    return bytes.fromhex(record["path_raw"]) if "path_raw" in record else record["path"].encode()


def records(snapshot):
    """The records by tree, path and origin, each with its version block in place of the block's number."""
    found = {}
    for record in snapshot["files"]:
        key = (record.get("tree", 0), raw(record), record.get("origin", "file"))
        record = {k: v for k, v in record.items() if k not in ("path", "path_raw", "tree")}
        if "version" in record:
            record["version"] = snapshot["versions"][record["version"]]
        found.setdefault(key, []).append(plain(record))
    return found


def error_of(record):
    error = record.get("error")
    return next(iter(error)) if isinstance(error, dict) else error


def is_packed(record):
    """True for a file that is reported as packed, and not unpacked."""
    return "packed" in record and error_of(record) in ("packed", "not-told")


def without_words(record):
    """A record without the wording of damage, and without the values that a script leaves out if it names a code page."""
    record = dict(record)
    if "corrupt" in record:
        record["corrupt"] = True
    error = record.get("error")
    if isinstance(error, dict) and ("corrupt" in error or "truncated" in error):
        record["error"] = True
    if "damage" in record.get("version", {}):
        record["version"] = dict(record["version"], damage=True)
    return record


def only_code_page(one, other):
    damage = one.get("version", {}).get("damage", "")
    same = one.get("version", {}).get("fixed_file") == other.get("version", {}).get("fixed_file")
    return same and "code page" in damage


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("collected")
    parser.add_argument("reference")
    parser.add_argument("--tree")
    parser.add_argument("--script", action="store_true")
    options = parser.parse_args()
    collected, reference = load(options.collected), load(options.reference)
    ours, theirs = records(collected), records(reference)

    expected, wrong = {}, []
    for key, record in theirs.items():
        mine = ours.get(key)
        if mine == record:
            continue
        one, other = (mine or [{}])[0], record[0]
        if mine and is_packed(one):
            expected["packed, not unpacked"] = expected.get("packed, not unpacked", 0) + 1
        elif not mine and key[2] == "member":
            expected["members not listed"] = expected.get("members not listed", 0) + 1
        elif mine and without_words(one) == without_words(other):
            expected["words of damage"] = expected.get("words of damage", 0) + 1
        elif mine and options.script and only_code_page(one, other):
            expected["code pages"] = expected.get("code pages", 0) + 1
        else:
            wrong.append(f"{key[1].decode(errors='replace')}\n    collected {mine}\n    reference {record}")

    order = [(record.get("tree", 0), raw(record)) for record in collected["files"]]
    if order != sorted(order):
        wrong.append("the files are not in the order of bytes")
    if collected["files_seen"] != reference["files_seen"]:
        wrong.append(f"files_seen: {collected['files_seen']}, reference {reference['files_seen']}")
    if not options.script and collected["systems"] != reference["systems"]:
        wrong.append("the systems differ")
    if options.tree:
        held = {path for _, path, _ in ours}
        for folder, _, names in os.walk(options.tree.encode()):
            for name in names:
                path = os.path.relpath(os.path.join(folder, name), options.tree.encode())
                if path not in held:
                    wrong.append(f"lost: {path.decode(errors='replace')}")

    for line in wrong[:20]:
        print(line)
    named = "".join(f", {count} {what}" for what, count in sorted(expected.items()))
    print(f"{len(theirs)} records of {len(ours)} compared: {len(wrong)} wrong{named}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
