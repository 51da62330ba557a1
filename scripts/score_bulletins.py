#!/usr/bin/env python3
"""Scores the extractor against the hand labels of security bulletins.

usage: score_bulletins.py PROGRAM LABELS_FOLDER BULLETINS_FOLDER [-v] [--check]
       score_bulletins.py ANSWERS_FOLDER LABELS_FOLDER [-v] [--check]

LABELS_FOLDER holds one MSyy-nnn.LANGUAGE.json a page (see tests/labels/README.md). With PROGRAM, each page is read with
`PROGRAM extract PAGE`; ANSWERS_FOLDER holds such answers, one MSyy-nnn.LANGUAGE.json a page. -v names every difference;
--check makes the exit code 1 if a target of issue 14 is missed.

A row is right when name, version, size and date are equal (the name as printed or as installed, versions as numbers).
Processor, branch, section, KB id, WOW, time and language of the build are then compared on the right rows. Values
that the label marks as doubtful may be absent. Rows that are equal in everything compared count once on both sides.
"""
import collections
import json
import os
import re
import subprocess
import sys

# The fields of the extractor's JSON that are compared: the first existing name counts. Change names only here.
PAGE_FIELDS = {
    "rows": ("fixes", "rows"),
    "id": ("bulletins",),
    "kb": ("id",),
    "kbs": ("id",),
    "cves": ("cves", "cve"),
    "severity": ("severity", "max_severity"),
    "replaces": ("replaced_bulletins",),
    "packages": ("packages", "package_files"),
}
ROW_FIELDS = {
    "file": ("file", "name"),
    "version": ("version",),
    "date": ("date",),
    "time": ("time",),
    "size": ("size",),
    "machine": ("machine", "processor", "platform"),
    "branch": ("branch", "service_branch"),
    "folder": ("folder",),
    "wow": ("wow",),
    "section": ("section", "heading"),
    "kb": ("kb", "article"),
    "build": ("build_language", "language", "build"),
}
TARGETS = {
    "rows recall": 0.99,
    "rows precision": 0.99,
    "processor": 0.98,
    "branch": 0.98,
    "section": 0.98,
    "KB id": 1.0,
    "CVEs recall": 0.99,
    "CVEs precision": 0.99,
}
MACHINES = (
    ("ia64", r"ia-?64|itanium|i64"),
    ("x64", r"x64|amd-?64|x86[-_]64"),
    ("x86", r"x86|i[3-6]86|intel|32-?bit"),
)
LANGUAGES = {"en": "English", "eng": "English", "ja": "Japanese", "jpn": "Japanese"}
# The facts that a heading can name, in any language.
FACTS = re.compile(
    r"windows (?:nt [\w ]*?4\.0|2000|xp|vista|7|me\b|98|95|server 2003(?: r2)?|server 2008(?: r2)?|media player \d+|messenger [\d.]+)"
    r"|(?:internet explorer|outlook express|mdac|directx|exchange server|excel viewer|word viewer|visio viewer|works suite|works) \d[\d.]*"
    r"|(?:office|word|excel|outlook|powerpoint|publisher|visio|project|frontpage)(?: xp| \d{4})"
    r"|(?:service pack|sp) ?\d\w?|itanium|ia-?64|64-bit edition|x64|x86|32-? ?bit|32 位元",
    re.I,
)


def first(record, names):
    for name in names:
        if isinstance(record, dict) and record.get(name) is not None:
            return record[name]
    return None


def has(record, names):
    return any(name in record for name in names)


def number(version):
    """A version as numbers, if it consists of numbers: 5.00.2195 is 5.0.2195."""
    if version is None:
        return None
    return tuple(int(part) if part.isdigit() else part.lower() for part in str(version).split("."))


def name_of(text):
    return re.sub(r"\s+", "", str(text or "")).lower()


def machine_of(text):
    for name, pattern in MACHINES:
        if text and re.search(pattern, str(text), re.I):
            return name
    return None


def plain(text):
    if isinstance(text, list):
        text = " ".join(map(str, text))
    text = re.sub(r"\*\*|^#+|\\", "", text or "")
    return re.sub(r"\s+", " ", text).strip().rstrip(":：").strip().casefold()


def facts(text):
    found = set()
    for match in FACTS.finditer(plain(text)):
        fact = re.sub(r"\s+", " ", match[0])
        pack = re.fullmatch(r"(?:service pack|sp) ?(\d\w?)", fact)
        found.add(f"sp{pack[1]}" if pack else machine_of(fact) or fact)
    return found


def kb_of(text):
    match = re.search(r"\d{6,7}", str(text or ""))
    return match[0] if match else None


def cve_of(text):
    return str(text).upper().replace("CAN-", "CVE-")


def package_of(record):
    text = first(record, ("name", "file", "package")) if isinstance(record, dict) else record
    return re.sub(r"\.(exe|msu|msp|msi|cab)$", "", str(text), flags=re.I).rstrip("-").lower()


def branch_of(text):
    """The branch itself, whether the answer gives it alone or the whole folder (`SP2QFE\\WOW`)."""
    parts = [part for part in re.split(r"[\\/]+", str(text or "")) if part and part.lower() != "wow"]
    return parts[0].upper() if len(parts) == 1 else None


def label_rows(label):
    for table in label["tables"]:
        for row in table["rows"]:
            yield {
                "names": {name_of(row["file"]), name_of(row.get("installed"))} - {""},
                "version": number(row.get("version")),
                "date": row.get("date"),
                "time": row.get("time"),
                "size": row.get("size"),
                "machine": row.get("machine"),
                "machine_from": row.get("machine_from"),
                "machine_not": row.get("machine_not"),
                "branch": row.get("branch"),
                "wow": bool(row.get("wow")),
                "wow_from": row.get("wow_from"),
                "section": table["section"],
                "kb": table["kb"],
                "build": table["build"],
                "line": row["line"],
                "doubt": set(row.get("doubt", [])),
            }


def answer_rows(pages):
    for page in pages:
        for row in first(page, PAGE_FIELDS["rows"]) or []:
            value = {field: first(row, names) for field, names in ROW_FIELDS.items()}
            folder = str(value["folder"] or value["branch"] or "")
            language = str(value["build"] or "")
            yield {
                "names": {name_of(value["file"])},
                "version": number(value["version"]),
                "date": value["date"],
                "time": value["time"],
                "size": value["size"],
                "machine": machine_of(value["machine"]),
                "branch": branch_of(value["branch"] or value["folder"]),
                "wow": bool(value["wow"]) or bool(re.search(r"(^|\\|/)wow($|\\|/)", folder, re.I)),
                "section": value["section"],
                # A page may be split into one article for each KB id; the article's id is then that of the row.
                "kb": kb_of(value["kb"]) or kb_of(first(page, PAGE_FIELDS["kb"])) or kb_of(page.get("id")),
                "build": LANGUAGES.get(language.lower(), language or None),
                "line": row.get("line"),
            }


def distinct(rows):
    seen, kept = set(), []
    for row in rows:
        key = (*sorted(row["names"])[:1], row["version"], row["date"], row["time"], row["size"], row["machine"], row["branch"], plain(row["section"]))
        if key not in seen:
            seen.add(key)
            kept.append(row)
    return kept


def same(want, got):
    if not want["names"] & got["names"]:
        return False
    for field in ("version", "size", "date"):
        if got[field] != want[field] and not (field in want["doubt"] and got[field] is None):
            return False
    return True


def agreement(want, got):
    return (
        2 * (plain(want["section"]) == plain(got["section"]))
        + len(facts(want["section"]) & facts(got["section"])) / 100
        + (want["branch"] == got["branch"])
        + (want["machine"] == got["machine"])
        + (want["time"] == got["time"])
    )


def pairs(wanted, found):
    """Each label row with its answer row: best agreement first, so that equal files of two sections are not swapped."""
    by_name = collections.defaultdict(list)
    for index, got in enumerate(found):
        for name in got["names"]:
            by_name[name].append(index)
    choices = []
    for number_, want in enumerate(wanted):
        for index in sorted({i for name in want["names"] for i in by_name[name]}):
            if same(want, found[index]):
                choices.append((-agreement(want, found[index]), abs((want["line"] or 0) - (found[index]["line"] or 0)), number_, index))
    left, right = {}, set()
    for _, _, number_, index in sorted(choices):
        if number_ not in left and index not in right:
            left[number_] = index
            right.add(index)
    return left, right


class Score:
    def __init__(self, verbose):
        self.right, self.wrong = collections.Counter(), collections.Counter()
        self.notes = collections.Counter()
        self.page_recalls = []
        self.verbose = verbose

    def count(self, name, right, where="", want=None, got=None):
        (self.right if right else self.wrong)[name] += 1
        if not right and self.verbose:
            print(f"{name.upper():18}", where, "label", repr(want), "answer", repr(got))

    def sets(self, name, want, got, where, optional=frozenset()):
        for item in sorted(want):
            self.count(f"{name} recall", item in got, where, item, None)
        for item in sorted(got - optional):
            self.count(f"{name} precision", item in want, where, None, item)

    def share(self, name):
        total = self.right[name] + self.wrong[name]
        return self.right[name] / total if total else None

    def line(self, name):
        share = self.share(name)
        total = self.right[name] + self.wrong[name]
        target = f"  (target {TARGETS[name]:.2f})" if name in TARGETS else ""
        print(f"{name}: " + (f"{self.right[name]}/{total} = {share:.4f}{target}" if total else "none"))


def compare_row(score, where, want, got):
    doubt = want["doubt"]
    score.count("time", want["time"] == got["time"] or "time" in doubt, where, want["time"], got["time"])
    if want["machine_from"] in ("cell", "heading") and "machine" not in doubt:
        score.count("processor", want["machine"] == got["machine"], where, want["machine"], got["machine"])
    elif want["machine_from"] == "package":
        # Only the package name shows it: a missing processor is not an error, another one is.
        score.count("processor, by package", got["machine"] in (None, want["machine"]), where, want["machine"], got["machine"])
        score.notes["processor, by package: answered" if got["machine"] else "processor, by package: silent"] += 1
    else:
        if want["machine_not"]:
            score.count("processor, not forced", got["machine"] != want["machine_not"], where, f"not {want['machine_not']}", got["machine"])
        score.notes[f"processor, not stated: {got['machine']}"] += 1
    score.count("branch", want["branch"] == got["branch"] or ("branch" in doubt and got["branch"] is None), where, want["branch"], got["branch"])
    name = {None: "WOW", "folder": "WOW"}.get(want["wow_from"], "WOW, inferred")
    score.count(name, want["wow"] == got["wow"], where, want["wow"], got["wow"])
    score.count("section", plain(want["section"]) == plain(got["section"]), where, want["section"], got["section"])
    score.count("section, facts", facts(want["section"]) == facts(got["section"]), where, sorted(facts(want["section"])), sorted(facts(got["section"])))
    score.count("KB id", want["kb"] == got["kb"] or "kb" in doubt, where, want["kb"], got["kb"])
    if want["build"]:
        score.count("language of the build", want["build"] == got["build"], where, want["build"], got["build"])


def compare_page(score, label, pages):
    where = f"{label['id']} {label['language']}"
    groups = ("", f" {label['language']}", f" 20{label['id'][2:4]}")
    wanted, found = distinct(label_rows(label)), distinct(answer_rows(pages))
    left, right = pairs(wanted, found)
    for index, want in enumerate(wanted):
        text = (sorted(want["names"]), want["version"], want["date"], want["size"])
        for group in groups:
            quiet, score.verbose = score.verbose, score.verbose and not group
            score.count("rows recall" + group, index in left, f"{where} {want['line']}", text, None)
            score.verbose = quiet
        if index in left:
            compare_row(score, f"{where} {want['line']}", want, found[left[index]])
    score.page_recalls.append(len(left) / len(wanted) if wanted else 1.0)
    stated = {(name, want["version"]) for want in wanted for name in want["names"]}
    for index, got in enumerate(found):
        # A sentence that repeats a version of the tables states no new fact.
        if index not in right and got["size"] is None and got["date"] is None and any((name, got["version"]) in stated for name in got["names"]):
            score.notes["rows that a sentence repeats"] += 1
            continue
        for group in groups:
            quiet, score.verbose = score.verbose, score.verbose and not group
            text = (sorted(got["names"]), got["version"], got["date"], got["size"])
            score.count("rows precision" + group, index in right, f"{where} {got['line']}", None, text)
            score.verbose = quiet

    def values(field, clean):
        answers = [first(page, PAGE_FIELDS[field]) for page in pages]
        flat = [item for answer in answers if answer is not None for item in (answer if isinstance(answer, list) else [answer])]
        return {clean(item) for item in flat} - {None}

    ids = values("id", lambda item: str(item).upper())
    score.count("bulletin id", label["id"] in ids, where, label["id"], sorted(ids))
    if label["kb"]:
        heads = values("kb", kb_of) | {kb_of(page.get("id")) for page in pages}
        score.count("KB id of the headline", label["kb"] in heads, where, label["kb"], sorted(map(str, heads)))
    ids = values("kbs", kb_of) or values("kb", kb_of)
    score.sets("KB ids", set(label["kbs"]), ids, where, set(label["kbs_doubt"]))
    score.sets("CVEs", set(label["cves"]), values("cves", cve_of), where, set(label["cves_doubt"]))
    severity = values("severity", lambda item: str(item).capitalize())
    score.count("severity", severity == {label["severity"]}, where, label["severity"], sorted(severity))
    score.sets("replaced bulletins", set(label["replaces"]), values("replaces", lambda item: str(item).upper()), where)
    links = {package_of(item) for item in label["packages_in_links"]}
    score.sets("packages", {package_of(item) for item in label["packages"]}, values("packages", package_of), where, links)


def answer(source, label, pages_folder):
    if os.path.isdir(source):
        path = os.path.join(source, f"{label['id']}.{label['language']}.json")
        text = open(path, encoding="utf-8").read() if os.path.exists(path) else "[]"
    else:
        page = os.path.join(pages_folder, label["page"])
        if not os.path.exists(page):
            sys.exit(f"{page}: not found; BULLETINS_FOLDER must hold the unpacked pages")
        text = subprocess.run([source, "extract", page], capture_output=True, check=False).stdout.decode() or "[]"
    value = json.loads(text)
    value = value if isinstance(value, list) else first(value, ("articles",)) or [value]
    return [page for page in value if isinstance(page, dict)]


def main():
    names = [name for name in sys.argv[1:] if not name.startswith("-")]
    if len(names) < 2 or (len(names) < 3 and not os.path.isdir(names[0])):
        sys.exit(__doc__.strip())
    score = Score("-v" in sys.argv)
    labels = []
    for name in sorted(os.listdir(names[1])):
        if name.endswith(".json"):
            labels.append(json.load(open(os.path.join(names[1], name), encoding="utf-8")))
    for label in labels:
        compare_page(score, label, answer(names[0], label, names[2] if len(names) > 2 else ""))
    recalls = score.page_recalls
    whole = sum(recall == 1.0 for recall in recalls)
    mean = sum(recalls) / len(recalls) if recalls else 0.0
    # One page of the blind half has two fifths of its rows: the mean over pages limits its influence.
    print(f"{len(labels)} pages, {whole} with every row, mean recall of the pages {mean:.4f}")
    order = ["rows recall", "rows precision"]
    order += sorted(name for name in {*score.right, *score.wrong} if re.fullmatch(r"rows (recall|precision) .+", name))
    order += ["processor", "processor, by package", "processor, not forced", "branch", "section", "section, facts", "KB id"]
    order += ["WOW", "WOW, inferred", "time", "language of the build", "bulletin id", "KB id of the headline"]
    for name in ("KB ids", "CVEs", "replaced bulletins", "packages"):
        order += [f"{name} recall", f"{name} precision"]
    for name in [*order, "severity"]:
        score.line(name)
    for name, count in sorted(score.notes.items()):
        print(f"{name}: {count}")
    missed = [name for name, target in TARGETS.items() if (score.share(name) or 0) < target]
    if "--check" in sys.argv and missed:
        sys.exit("below the target: " + ", ".join(missed))


main()
