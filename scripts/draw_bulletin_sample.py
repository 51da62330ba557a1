#!/usr/bin/env python3
"""Draws pages of security bulletins for hand labelling: a seeded sample over years and languages, each bulletin at most once.

usage: draw_bulletin_sample.py BULLETINS_FOLDER SEED [COUNT] [LABELS_FOLDER_TO_LEAVE_OUT...]

BULLETINS_FOLDER holds the unpacked pages, LANGUAGE/.../msYY-NNN.md. Prints one line a page: half, year, language,
bulletin, path. A stratum is a year (2003 to 2011) in a language. One page is drawn from each stratum in turn, of a
bulletin that was not drawn yet, until there are COUNT pages (60). The pages of each stratum go alternately to the two
halves, `tuning` and `blind`. Bulletins with a label in one of the folders left out are not drawn.
"""
import os
import random
import re
import sys

PAGE = re.compile(r"ms(0[3-9]|1[01])-(\d{3})\.md$", re.I)


def main():
    root, seed = sys.argv[1:3]
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 60
    used = set()
    for labels in sys.argv[4:]:
        for _, _, files in os.walk(labels):
            used |= {name.split(".")[0].lower() for name in files}
    strata = {}
    for language in sorted(os.listdir(root)):
        for folder, _, files in os.walk(os.path.join(root, language)):
            for name in files:
                if match := PAGE.match(name):
                    strata.setdefault((match[1], language), []).append(os.path.join(folder, name))
    rng = random.Random(int(seed))
    queues = {}
    for stratum in sorted(strata):
        queues[stratum] = sorted(strata[stratum])
        rng.shuffle(queues[stratum])
    drawn = []
    given = dict.fromkeys(queues, 0)
    turn = 0
    while len(drawn) < count and any(queues.values()):
        order = sorted(queues)
        rng.shuffle(order)
        # Strata with few bulletins choose first: otherwise the large ones use up their pages.
        order.sort(key=lambda stratum: len(strata[stratum]))
        if turn > 1:
            rng.shuffle(order)
        for stratum in order:
            while queues[stratum] and len(drawn) < count:
                path = queues[stratum].pop()
                bulletin = os.path.basename(path)[:-3].lower()
                if bulletin in used:
                    continue
                used.add(bulletin)
                half = ("tuning", "blind")[given[stratum] % 2] if given[stratum] < 2 else None
                drawn.append([half, stratum, bulletin, path])
                given[stratum] += 1
                break
        turn += 1
    for index, page in enumerate(page for page in drawn if page[0] is None):
        page[0] = ("tuning", "blind")[index % 2]
    for half, (year, language), bulletin, path in sorted(drawn, key=lambda page: (page[0] != "tuning", page[1:])):
        print(half, f"20{year}", language, bulletin.upper(), path)


main()
