#!/usr/bin/env python3
"""Draws article ids for hand labelling: a seeded sample over the layouts of the text archive.

usage: draw_label_sample.py ARCHIVE_TXT_FOLDER SEED [--quota STRATUM=N,...] [LEAVE_OUT...]

LEAVE_OUT is a file of ids, one a line, or a folder of labels (QNNNNNN.json). With --quota only the named strata are drawn.
Prints one line for each article: stratum, id, path. The strata depend only on the shape of the text, never on the
extractor's output, so that the sample can show what the extractor misses.
"""
import os
import random
import re
import sys

COLUMN = re.compile(r"\b(date|time|version|size|bytes|file ?names?|platform|language|locale)\b", re.I)
FILE = r"[A-Za-z0-9_~$-]{1,20}\.(?:dll|exe|sys|ocx|vxd|drv|386|cpl|ovl|ax|asp|htm|inf|hlp|tlb|mod|com|wpc|nlm|bin)\b"
STAMP = re.compile(r"\d{1,2}[-/]\d{1,2}[-/]\d{2,4}|\d{1,2}-[A-Za-z]{3}-\d{2,4}")
PROSE = re.compile(FILE + r"[^.\n]{0,60}?\bversion\s+\d+\.\d+", re.I)
# A file and a version in one sentence, in either order and over line ends; attributes of a file, one a line.
SENTENCE = re.compile(
    FILE + r"[^.]{0,120}?\bversions?\b[^.]{0,30}\d+\.\d+|\bversions?\b[^.]{0,60}?\d+\.\d+[^.]{0,80}?\b" + FILE, re.I | re.S)
ATTRIBUTES = re.compile(
    r"^[ \t]*(?:file ?name[: ]+)?" + FILE + r"[^\n]{0,20}\n(?:[^\n]*\n){0,3}?[ \t]*(?:version|size|date|time ?stamp|modified)\b[^\n]*\d", re.I | re.M)
SERVICE_PACK = re.compile(r"(latest|first\s+(corrected|fixed|included))[^.]{0,80}service\s+pack|service pack fix", re.I)
QUOTA = {"table": 50, "boxed": 25, "list": 25, "prose": 30, "attributes": 0, "sentence": 0, "service-pack": 30, "other": 15}


def stratum(text):
    lines = text.split("\n")
    for line in lines:
        words = COLUMN.findall(line)
        rest = COLUMN.sub("", line)
        if len(words) >= 2 and "file" in line.lower() and len(re.sub(r"[^a-z]", "", rest.lower())) <= 12:
            return "boxed" if line.strip().startswith("|") else "table"
    if any(re.search(FILE, line, re.I) and STAMP.search(line) for line in lines):
        return "list"
    if PROSE.search(text):
        return "prose"
    if ATTRIBUTES.search(text):
        return "attributes"
    if SENTENCE.search(text):
        return "sentence"
    if SERVICE_PACK.search(text):
        return "service-pack"
    return "other"


def main():
    root, seed, *known = sys.argv[1:]
    quotas = dict(QUOTA)
    if known[:1] == ["--quota"]:
        asked = dict(part.split("=") for part in known[1].split(","))
        quotas = {name: int(asked.get(name, 0)) for name in QUOTA}
        known = known[2:]
    left_out = set()
    for name in known:
        if os.path.isdir(name):
            left_out |= {os.path.splitext(file)[0] for _, _, files in os.walk(name) for file in files}
        else:
            left_out |= {line.split()[0] for line in open(name) if line.strip()}
    groups = {name: [] for name in QUOTA}
    for folder, dirs, files in sorted(os.walk(root)):
        dirs.sort()
        for name in sorted(files):
            path = os.path.join(folder, name)
            article = name[:-4]
            if article in left_out:
                continue
            text = open(path, encoding="cp1252", errors="replace").read()
            groups[stratum(text)].append((article, path))
    rng = random.Random(int(seed))
    for name, quota in quotas.items():
        print(f"# {name}: {len(groups[name])} in the archive", file=sys.stderr)
        for article, path in sorted(rng.sample(groups[name], min(quota, len(groups[name])))):
            print(name, article, path)


main()
