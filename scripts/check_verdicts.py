#!/usr/bin/env python3
"""Checks the verdicts on security bulletins against the pages themselves.

usage: check_verdicts.py PAGES PROGRAM [--cross | --alone] [--bulletin MSyy-nnn]... [--keep FOLDER] [-v]

PAGES is a folder of bulletins (Markdown, any languages, one file MSyy-nnn.md for each bulletin and language); PROGRAM is
hotfixcheck, preferably a release build. Each row of a file table that has a version of four numbers becomes three files: just below the version,
at it, and just above, on each system that the row is for: Windows, service pack, processor, branch, language of the build.
`PROGRAM judge --stdin --all` must call the first missing and the two others fixed. No two files of one host are of one
bulletin, so that each is judged alone.

The pages are read by bulletin_rows.py, which shares no code with the program. A row in less than half of a bulletin's
translations is a misprint and is not used; rows that are only in a later translation are not used either.

It prints a table of files by kind and answer, then each contrary answer (below, but fixed; at or above, but missing) with the
row that shows it. "both": articles of the bulletin contradict each other, or the row's own article gives no certain answer and
another one is wrong. "no answer": the bulletin has no row of the file. -v also lists files that do not apply, are unknown or
have no answer.
--keep writes the inventory of each listed file to FOLDER, for `explain MSyy-nnn --inventory FILE`.

--cross puts each package's files on the systems of the bulletin's other packages instead, a host for each file
(cross_packages.py describes what this checks). --alone puts each package on a separate host (package_hosts.py): it lists files
that are judged differently than together with files of other bulletins, and articles that are fixed although a file is below
its row, or not fixed although all files are at their rows.
Exit code: 0 no contrary answer, 1 at least one, 2 could not run.
"""
import argparse
import collections
import functools
import os
import re
import sys

from bulletin_rows import COMPONENT, OTHER_WINDOWS, rows_of_page, systems_of_heading
from cross_packages import OPEN, PROVEN, crossed
from judged_hosts import answer_of, answers_of, explain, fail, judge, keep, numbers, shown, told_of
from made_inventories import is_server, path_of
from package_hosts import is_contrary, packages_of, statuses_of

# First and last date, in fractions of years, on which bulletins had updates for a service pack.
SUPPORTED = {
    "NT4": ((6, 1999.8, 2005.1),),
    "NT4TSE": ((6, 1999.8, 2005.1),),
    "2000": ((2, 2001, 2004.5), (3, 2002, 2005.5), (4, 2003.5, 2010.6)),
    "XP": ((0, 2001.8, 2004.8), (1, 2002.8, 2006.8), (2, 2004.7, 2010.6), (3, 2008.4, 2014)),
    "2003": ((0, 2003.3, 2007.3), (1, 2005.3, 2009.3), (2, 2007.3, 2015)),
    "Vista": ((0, 2007, 2010.3), (1, 2008.2, 2011.6), (2, 2009.4, 2017)),
    "7": ((0, 2009.8, 2013), (1, 2011.2, 2020)),
}
BULLETINS_A_YEAR = {3: 51, 4: 45, 5: 55, 6: 78, 7: 69, 8: 78, 9: 74, 10: 106, 11: 100}
WINDOWS_BUILDS = {
    (4, 0, 1381): "NT4", (5, 0, 2195): "2000", (5, 1, 2600): "XP", (5, 2, 3790): "2003", (6, 0, 6000): "Vista",
    (6, 0, 6001): "Vista", (6, 0, 6002): "Vista", (6, 1, 7600): "7", (6, 1, 7601): "7",
}
SERVERS = re.compile(r"server|share ?point|exchange|web apps|services for unix|サービス 4\.1", re.I)
KINDS = ("below", "at", "above")
ANSWERS = ("missing", "fixed", "both", "likely", "unknown", "not applicable", "no answer")
FILES_A_HOST = 200


def windows_of(version):
    line = WINDOWS_BUILDS.get(version[:3])
    # Terminal Server Edition has separate version numbers.
    return "NT4TSE" if line == "NT4" and version[3] >= 32999 else line


def pack_of_number(line, version):
    """The service pack that a version of Windows itself shows."""
    starts = {"XP": (1106, 2180, 5512), "2003": (1830, 3959)}.get(line)
    if starts:
        return sum(version[3] >= start for start in starts)
    return {"Vista": version[2] - 6000, "7": version[2] - 7600}.get(line)


def supported(line, bulletin):
    year, number = int(bulletin[2:4]), int(bulletin[5:8])
    day = 2000 + year + number / BULLETINS_A_YEAR.get(year, 100) * 0.95
    packs = [pack for pack, since, until in SUPPORTED[line] if since <= day <= until]
    return packs or [SUPPORTED[line][-1][0]]


def read_pages(folder, wanted):
    """For each bulletin its rows in one language, with the name of the page."""
    pages = collections.defaultdict(list)
    for parent, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            bulletin = name[:-3].upper()
            if re.fullmatch(r"MS\d\d-\d{3}\.md", name, re.I) and (not wanted or bulletin in wanted):
                path = os.path.join(parent, name)
                with open(path, encoding="utf-8", errors="replace") as page:
                    rows = rows_of_page(page.read())
                if rows:
                    pages[bulletin].append((os.path.relpath(path, folder), rows))
    for bulletin, translations in sorted(pages.items()):
        seen = collections.Counter()
        for _, rows in translations:
            seen.update({(row["file"], row["version"]) for row in rows})
        page, rows = translations[0]
        yield bulletin, page, [row for row in rows if 2 * seen[row["file"], row["version"]] >= len(translations)]


def branch_of(row, version, line):
    folder = row["folder"]
    if "GDR" in folder:
        return "gdr"
    if "QFE" in folder or "LDR" in folder:
        return "qfe"
    own = windows_of(version)
    by_number = own in ("Vista", "7") or (own is None and version[0] in (7, 8, 9) and version[3] >= 16000)
    return ("gdr" if version[3] < 20000 else "qfe") if by_number and line != "2000" else None


def on_disk(row, rows, system_machine):
    """The installed name: names of 32-bit files in a 64-bit package begin with an added W."""
    name = row["file"]
    if system_machine == "i386" or not name.startswith("w"):
        return name
    native = {other["file"] for other in rows if not other["wow"]}
    is_32_bit = row["wow"] or row["machine"] == "i386"
    if not is_32_bit or name[1:] in native:
        return name[1:] if is_32_bit else name
    # The W of wmp.dll belongs to its name; a file that is only in 32-bit packages has an added W like all others next
    # to it.
    beside = [other for other in rows if other["wow"] and other["heading"] == row["heading"]]
    is_added = name not in native and len(beside) > 1 and all(other["file"].startswith("w") for other in beside)
    return name[1:] if is_added else name


@functools.cache
def lines_of(heading):
    return {line for line, *_ in systems_of_heading(heading)}


def packs_of(row, rows, line, named, bulletin):
    """The service packs of the system that a row is for."""
    version = row["version"]
    folder = re.match(r"RTM|SP(\d)", row["folder"])
    of_folder = None if not folder else int(folder.group(1) or 0)
    there = supported(line, bulletin)
    if windows_of(version) == line and line in ("XP", "2003", "Vista", "7"):
        return [pack_of_number(line, version) if of_folder is None else of_folder]
    folders = {
        int(match.group(1) or 0)
        for other in rows
        if other["file"] == row["file"] and line in lines_of(other["heading"])
        for match in [re.match(r"RTM|SP(\d)", other["folder"])]
        if match
    }
    if named:
        of_windows = of_folder is not None and (of_folder in named or (len(folders) > 1 and folders & named))
        return [of_folder] if of_windows else sorted(named & set(there)) or sorted(named)[-1:]
    if line in ("Vista", "7") and version[2] in range(6000, 6003) and of_folder is None:
        # Uniscribe's 1.626.6001.22672 belongs to Windows 6.0.6001.
        return [version[2] - 6000]
    if of_folder is None or not folders & set(there):
        # There is no folder, or only those of a component's package: RTMGDR of Internet Explorer 6 SP1 is for Windows
        # 2000 SP4.
        return there[-1:]
    later = [pack for pack in there if pack > max(folders)] if len(folders) == 1 else []
    return [of_folder, *later] if of_folder in there else [of_folder]


def cases_of_row(row, rows, bulletin):
    """The systems with a row's file: (line, service pack, system's processor, file's processor, XP x64, kind)."""
    version, own = row["version"], windows_of(row["version"])
    named = systems_of_heading(row["heading"])
    if not named and OTHER_WINDOWS.search(row["heading"]):
        return
    component = bool(COMPONENT.search(row["heading"])) or own is None
    if own and any(line == own for line, *_ in named):
        named = [system for system in named if system[0] == own]
    elif own and not named:
        named = [(own, None, frozenset(), False)]
    elif not named:
        # A component that runs only on servers is not for Windows XP.
        named = [("2003" if SERVERS.search(row["heading"]) else "XP", None, frozenset(), False)]
    elif own and not component:
        # Versions of one Windows under the heading of another.
        component = True
    done = set()
    for line, processor, packs, xp64 in named:
        machine = row["machine"]
        system = processor
        if system is None:
            under = {other["machine"] for other in rows if other["heading"] == row["heading"]}
            wide = [known for known in ("x64", "ia64") if known in under]
            system = machine if machine in ("x64", "ia64") else wide[0] if row["wow"] and wide else "i386"
        if row["wow"]:
            machine = "i386"
            system = "x64" if system == "i386" else system
        machine = machine or system
        if system == "i386" and machine != "i386":
            system = machine
        if machine not in (system, "i386") or (line in ("2000", "NT4", "NT4TSE") and system != "i386"):
            continue
        if line == "XP" and system == "x64":
            line, xp64 = "2003", True
        for pack in packs_of(row, rows, line, packs, bulletin):
            if xp64 and system == "x64":
                # XP x64 Edition started as service pack 1.
                pack = max(pack, 1)
            case = (line, pack, system, machine, xp64)
            if case not in done:
                done.add(case)
                yield (*case, "component" if component else "windows")


def neighbour(version, step, taken):
    """The nearest version below or above that belongs to no other row."""
    number = version[3] + step
    while (*version[:3], number) in taken:
        number += step
    return None if number < 0 else (*version[:3], number)


def rows_on_systems(bulletin, page, rows):
    """Each row on each system that it is for, as dictionaries."""
    for row in rows:
        if not any(row["version"]):
            continue
        for line, pack, system, machine, xp64, kind in cases_of_row(row, rows, bulletin):
            yield {
                "row": row, "bulletin": bulletin, "page": page, "line": line, "pack": pack, "system": system,
                "machine": machine, "xp64": xp64, "kind": kind, "name": on_disk(row, rows, system),
                "branch": branch_of(row, row["version"], line),
            }


def files_of_bulletin(bulletin, page, rows):
    """All files for one bulletin, as dictionaries."""
    made = list(rows_on_systems(bulletin, page, rows))
    groups = collections.defaultdict(list)
    for file in made:
        place = (file["name"], file["line"], file["pack"], file["system"], file["machine"], file["row"]["version"][:3])
        groups[place].append(file)
    seen = set()
    for place, group in groups.items():
        taken = {file["row"]["version"] for file in group}
        for file in group:
            version, branch = file["row"]["version"], file["branch"]
            same = [
                other["row"]["version"] for other in group
                if other["branch"] == branch or not branch or not other["branch"]
            ]
            # If two rows are for the same files, a version between them has no single answer.
            for variant, found in (
                ("below", neighbour(version, -1, taken) if version == min(same) else None),
                ("at", version if version == max(same) else None),
                ("above", neighbour(version, 1, taken) if version == max(same) else None),
            ):
                key = (place, found, branch, variant)
                if found and key not in seen:
                    seen.add(key)
                    yield dict(file, variant=variant, found=found)


def hosts_of(files):
    """The files by host: one system each, no two files with one path or of one bulletin."""
    systems = collections.defaultdict(list)
    first_free = collections.defaultdict(int)
    for file in files:
        system = (file["line"], file["pack"], file["system"], file["xp64"], is_server(file))
        hosts = systems[system]
        at = first_free[system, file["bulletin"]]
        while at < len(hosts) and (path_of(file) in hosts[at][0] or len(hosts[at][1]) >= FILES_A_HOST):
            at += 1
        if at == len(hosts):
            hosts.append((set(), []))
        hosts[at][0].add(path_of(file))
        hosts[at][1].append(file)
        first_free[system, file["bulletin"]] = at + 1
    return [files for _, hosts in sorted(systems.items(), key=str) for _, files in hosts]


def plain(given, pages):
    """Files on their own systems, together with files of other bulletins."""
    files = [file for page in pages for file in files_of_bulletin(*page)]
    numbered(files, given)
    judge(given.program, hosts_of(files))
    table, listed = collections.Counter(), collections.defaultdict(list)
    for file in files:
        answer = answer_of(file)
        is_wrong = answer == ("fixed" if file["variant"] == "below" else "missing") or answer == "both"
        if answer == "not applicable":
            file["findings"] = explain(given.program, file)
            answer = answer if file["findings"] else "no answer"
        table[file["variant"], answer] += 1
        if is_wrong or (given.verbose and answer not in ("missing", "fixed")):
            listed[file["variant"], answer].append((file, is_wrong))
    report(f"{len(files)} files of {len({file['bulletin'] for file in files})} bulletins", table, KINDS, ANSWERS)
    return list_all(listed, given)


def cross(given, pages):
    """Files of each package on the systems of the others."""
    files = []
    for bulletin, page, rows in pages:
        of_page = list(crossed(list(rows_on_systems(bulletin, page, rows)), neighbour, systems_of_heading))
        if of_page:
            judge(given.program, [[file] for file in of_page], "--kb", bulletin)
        files.extend(of_page)
    numbered(files, given)
    table, listed = collections.Counter(), collections.defaultdict(list)
    for file in files:
        verdicts = {verdict for _, verdict, _, _ in file["findings"]} - {"not-applicable"}
        wrong = {"missing"} if file["variant"] == "at, higher" else {"fixed", "likely-fixed"}
        is_wrong = file["variant"] in PROVEN and bool(verdicts & wrong)
        answer = "both" if {"missing", "fixed"} <= verdicts else next(
            (answer for answer in ("missing", "fixed", "unknown") if answer in verdicts), "likely" if verdicts else "not applicable"
        )
        table[file["variant"], answer] += 1
        if is_wrong or (given.verbose and answer in ("fixed", "both") and file["variant"] in OPEN):
            listed[file["variant"], answer].append((file, is_wrong))
    report(f"{len(files)} files of {len({file['bulletin'] for file in files})} bulletins", table, PROVEN + OPEN, ANSWERS[:-1])
    return list_all(listed, given)


def alone(given, pages):
    """Each package on a separate host: compared with the same files together with other bulletins, and by article."""
    files, hosts, table, listed = [], [], collections.Counter(), collections.defaultdict(list)
    for bulletin, page, rows in pages:
        of_page = list(files_of_bulletin(bulletin, page, rows))
        packages = list(packages_of(of_page))
        answers = answers_of(given.program, [found for _, found, _ in packages], "--kb", bulletin) if packages else ()
        for (what, found, below), articles in zip(packages, answers):
            copies = [dict(file, findings=told) for file, told in zip(found, told_of(found, articles))]
            statuses = statuses_of(found, [article for article in articles if bulletin in article["bulletins"]], below, numbers)
            hosts.append((what, found, copies, below, statuses))
        files.extend(of_page)
    numbered(files, given)
    judge(given.program, hosts_of(files))
    for what, found, copies, below, statuses in hosts:
        status = " ".join(sorted(statuses)) or "not applicable"
        table[what, status] += 1
        if is_contrary(what, statuses):
            file = dict(below or found[0], id=f"{(below or found[0])['id']}-{what.replace(' ', '-')}", host=found)
            listed[what, status].append((file, True))
        if what == "one below":
            continue
        for file, copy in zip(found, copies):
            mixed, own = answer_of(file), answer_of(copy)
            if mixed != own:
                other = dict(copy, id=f"{file['id']}-alone", host=found)
                listed[f"{file['variant']} alone {own}, beside others", mixed].append((other, True))
    kinds, answers = zip(*table)
    report(f"{len(hosts)} hosts with {len(files)} files", table, sorted(set(kinds)), sorted(set(answers)))
    return list_all(listed, given)


def numbered(files, given):
    if not files:
        fail(f"no file table below '{given.pages}'")
    for at, file in enumerate(files):
        file["id"] = f"{at:06}"


def report(title, table, kinds, answers):
    print(title)
    width = max(map(len, kinds)) + 2
    print(" " * width + "".join(f"{answer:>16}" for answer in answers))
    for kind in kinds:
        print(f"{kind:{width}}" + "".join(f"{table[kind, answer]:>{max(16, len(answer))}}" for answer in answers))


def list_all(listed, given):
    """Lists files that contradict the page, and others; returns how many contradict it."""
    for (variant, answer), found in sorted(listed.items()):
        print(f"\n{variant}, but {answer}: {len(found)}")
        for file, _ in found:
            print("  " + shown(file))
            if given.keep:
                keep(file, given.keep, file.get("host"))
    return sum(is_wrong for found in listed.values() for _, is_wrong in found)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages")
    parser.add_argument("program")
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--cross", action="store_true")
    mode.add_argument("--alone", action="store_true")
    parser.add_argument("--bulletin", action="append", default=[], metavar="ID")
    parser.add_argument("--keep", metavar="FOLDER")
    parser.add_argument("-v", "--verbose", action="store_true")
    given = parser.parse_args()
    if given.keep:
        os.makedirs(given.keep, exist_ok=True)
    pages = read_pages(given.pages, {bulletin.upper() for bulletin in given.bulletin})
    contrary = (cross if given.cross else alone if given.alone else plain)(given, pages)
    print(f"\ncontrary: {contrary}")
    return 1 if contrary else 0


if __name__ == "__main__":
    sys.exit(main())
