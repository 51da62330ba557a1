"""Hosts with the files of one package each, for check_verdicts.py --alone.

Input: the files of a bulletin just below, at and above its rows. Output: for each system, heading and branch, a host with all
files below, one with all files at, and one with all files above; and hosts with all files at their rows except one below.
"""
import collections

from made_inventories import path_of

# How many files of a package are put below their rows, each in a separate host.
ONE_BELOW = 6
WHOLE = ("all below", "all at", "all above")


def packages_of(files):
    """The hosts of one bulletin: (what, files, the one file that is below)."""
    groups = collections.defaultdict(list)
    for file in files:
        groups[file["line"], file["pack"], file["system"], file["xp64"], file["row"]["heading"]].append(file)
    for group in groups.values():
        for branch in sorted({file["branch"] for file in group} - {None}) or [None]:
            whole = {what: {} for what in WHOLE}
            for file in group:
                if file["branch"] in (None, branch):
                    whole[f"all {file['variant']}"].setdefault(path_of(file), file)
            for what, found in whole.items():
                if found:
                    yield what, list(found.values()), None
            at, below = whole["all at"], whole["all below"]
            both = [path for path in at if path in below and at[path]["row"] is below[path]["row"]]
            step = max(1, len(both) // ONE_BELOW)
            for path in both[::step][:ONE_BELOW] if len(at) > 1 else ():
                yield "one below", [below[path] if other == path else file for other, file in at.items()], below[path]


def statuses_of(files, articles, below, numbers):
    """The statuses of the articles with the files' rows; if one file is below, only of those with its row."""
    wanted = {path_of(file).lower(): file["row"]["version"] for file in ([below] if below else files)}
    return {
        article["status"]
        for article in articles
        if any(
            finding["verdict"] != "not-applicable"
            and numbers(finding["required"]) == wanted.get((finding["file"] or "").lower(), ())
            for finding in article["findings"]
        )
    }


def is_contrary(what, statuses):
    if what in ("all at", "all above"):
        return bool(statuses & {"missing", "partial", "likely-missing"})
    return bool(statuses & {"fixed", "likely-fixed"})
