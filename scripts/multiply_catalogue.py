#!/usr/bin/env python3
"""Writes a catalogue with N times the articles, to measure the cost of its size: multiply_catalogue.py N CATALOGUE.tsv > LARGE.tsv

The copies have ids, file names, bulletins and vulnerabilities different from the originals, so that the same files match as before.
"""
import re
import sys


def main():
    times, path = int(sys.argv[1]), sys.argv[2]
    lines = open(path, encoding="utf-8").read().split("\n")
    head, body = lines[0], [line for line in lines[1:] if line and not line.startswith("#")]
    ids = sorted({int(re.sub(r"\D", "", line.split("\t")[1])) for line in body if line.startswith("A\t")})
    # Ids of copies are above all others and below 100,000,000.
    place = {number: index for index, number in enumerate(ids)}
    out = [head]
    for copy in range(times):
        for line in body:
            fields = line.split("\t")
            if copy and fields[0] == "A":
                number = int(re.sub(r"\D", "", fields[1]))
                fields[1] = f"KB{10_000_000 + copy * len(ids) + place[number]}"
            if copy and fields[0] == "F":
                fields[3] = f"c{copy}-{fields[3]}"
            if copy and fields[0] in "BCX":
                fields[1:] = [f"{field}-{copy}" for field in fields[1:]]
            # Those of an edition or release of Windows are among the article's.
            if copy and fields[0] == "E":
                fields[3:] = [f"{field}-{copy}" for field in fields[3:]]
            out.append("\t".join(fields))
    print("\n".join(out))


main()
