#!/usr/bin/env python3
"""Writes lines for `hotfixcheck judge --stdin`: made-up hosts, each with some of the files of a snapshot.

usage: make_hosts.py SNAPSHOT.json HOSTS > hosts.jsonl

Host N of the same snapshot is always the same. Needs nothing but Python 3.8.
"""
import json
import sys


def main() -> None:
    if len(sys.argv) != 3 or not sys.argv[2].isdigit():
        sys.exit(__doc__)
    with open(sys.argv[1], encoding="utf-8") as file:
        snapshot = json.load(file)
    files = snapshot["files"]
    for number in range(int(sys.argv[2])):
        # Every host lacks another file, and some lack two: no two neighbours are alike.
        left_out = {number % len(files), number // len(files) % len(files)}
        some = [file for place, file in enumerate(files) if place not in left_out]
        host = {"host": f"host{number:06}", "inventory": {**snapshot, "files": some}}
        print(json.dumps(host, separators=(",", ":")))


if __name__ == "__main__":
    main()
