"""Files of one package on the systems of the others, for check_verdicts.py --cross.

Input: the rows of a bulletin on the systems that they are for. Output: each row's file, and one just below it, on every other
system of the bulletin, in the 32-bit or 64-bit folder for its processor there. The system's own rows are those of the same name
and processor. The kind shows what is checked:

at, lower       below all own rows of its line: never fixed
at, higher      at or above the own rows of its line, pack and branch: not missing
old, lower      below its own package's row, and below all own rows of its line: never fixed
old, no row     below its own package's row, and the bulletin has no row of its line that is as low: never fixed

All others are only counted: a file whose number or folder shows an earlier service pack than the system's (the row of its own
service pack judges it), one between two own rows, and one of another line than all own rows.
"""
import collections
import re

from made_inventories import tag_of

PROVEN = ("at, lower", "at, higher", "old, lower", "old, no row")
OPEN = ("at, earlier pack", "at, between", "at, other line", "at, no row", "old, earlier pack", "old, between", "old, other")
# The third number and the first revisions of the service packs.
PACKS = {3790: (1830, 3959), 2600: (1106, 2180, 5512), 2800: (0,), 2900: (0, 0, 5512)}


def system_of(file):
    return file["line"], file["pack"], file["system"], file["xp64"]


def line_of(version):
    """The line within which versions can be compared: the builds of one Windows, and of a component for one Windows."""
    one, two, three, _ = version
    if (one, two) in ((6, 0), (6, 1)) and 6000 <= three <= 7601:
        return one, two
    if one in (7, 8, 9) and 6000 <= three <= 7601:
        # Internet Explorer 7 for Windows Vista, whatever its service pack; 8 for Windows 7.
        return one, two, three // 1000
    return version[:3]


def pack_told(file):
    """The service pack that the number, or else the folder of the row shows."""
    three, four = file["found"][2:]
    if three in PACKS:
        return sum(four >= start for start in PACKS[three])
    if three in range(6000, 6003) or three in (7600, 7601):
        return three % 100
    folder = re.match(r"RTM|SP(\d)", file["row"]["folder"])
    return None if not folder else int(folder.group(1) or 0)


def kind_of(file, own, everywhere):
    """`own`: the system's rows of this name and processor; `everywhere`: all versions of the name in the bulletin."""
    version, is_old = file["found"], file["found"] != file["row"]["version"]
    start = "old" if is_old else "at"
    told = pack_told(file)
    line = [row for row in own if line_of(row["row"]["version"]) == line_of(version)]
    if told is not None and file["origin"][0] == file["line"] and told < file["pack"]:
        return f"{start}, earlier pack"
    if line and all(version < row["row"]["version"] for row in line):
        return f"{start}, lower"
    if is_old:
        lowest = all(other > version for other in everywhere if line_of(other) == line_of(version))
        return "old, between" if line else "old, no row" if lowest else "old, other"
    if not line:
        return "at, other line" if own else "at, no row"
    branch = [row for row in line if None in (row["branch"], file["branch"]) or row["branch"] == file["branch"]]
    same_pack = all(pack_told(dict(row, found=row["row"]["version"])) == told for row in branch)
    same_build = all(row["row"]["version"][:3] == version[:3] for row in branch)
    is_higher = branch and same_pack and same_build and all(version >= row["row"]["version"] for row in branch)
    return "at, higher" if is_higher else "at, between"


def is_for_every_pack(row, named):
    """A row without a folder under a heading without a service pack."""
    return not row["folder"] and not any(packs for _, _, packs, _ in named)


def crossed(made, neighbour, systems_of_heading):
    """The files of `made`, the rows of one bulletin on their systems, on the systems of the others."""
    systems = sorted({system_of(file) for file in made}, key=str)
    own, versions = collections.defaultdict(list), collections.defaultdict(set)
    for file in made:
        own[system_of(file), file["name"], file["machine"]].append(file)
        versions[file["name"]].add(file["row"]["version"])
    seen = set()
    for file in made:
        row, origin, everywhere = file["row"], system_of(file), versions[file["name"]]
        every_pack = is_for_every_pack(row, systems_of_heading(row["heading"]))
        for found in (row["version"], neighbour(row["version"], -1, everywhere)):
            for system in systems:
                line, pack, processor, xp64 = system
                same_but_pack = every_pack and (line, processor, xp64) == (origin[0], origin[2], origin[3])
                if not found or system == origin or same_but_pack or file["machine"] not in (processor, "i386"):
                    continue
                there = own[system, file["name"], file["machine"]]
                key = (system, file["name"], file["machine"], found, file["branch"], row["build"])
                if key in seen or any(other["row"]["version"] == row["version"] for other in there):
                    continue
                seen.add(key)
                moved = dict(
                    file, line=line, pack=pack, system=processor, xp64=xp64, found=found, origin=origin, tag=tag_of(file),
                    own=sorted({other["row"]["version"] for other in there}),
                )
                yield dict(moved, variant=kind_of(moved, there, everywhere))
