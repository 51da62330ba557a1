"""Reads the file tables of security bulletins, for check_verdicts.py.

Input: the text of a page, in any language. Output: its rows with heading, folder, processor and the language of the build, and
the systems that a heading names. It shares no code with the program's extraction, so equal results confirm each other.
"""
import html
import re

FILE = re.compile(r"^[\w~$!.\-@&#+ ]{1,60}\.[A-Za-z][A-Za-z0-9_]{1,3}$")
VERSION = re.compile(r"^v?\d+\.\d+\.\d+\.\d+$")
FOLDER = re.compile(r"^(?:(?:rtm|sp\d)[_ ]?(?:gdr|qfe|ldr)?|gdr|qfe|ldr)(?:\\.*)?$", re.I)
SIZE = re.compile(r"^\d{1,3}(?:[.,]\d{3})+$|^\d{4,9}$")
PROCESSORS = {"x86": "i386", "i386": "i386", "x64": "x64", "amd64": "x64", "ia-64": "ia64", "ia64": "ia64"}
# "This update has these files" and notes on time zones may be between a heading and its table.
BUILD_LANGUAGES = (
    (r"日本語版", "041104B0"),
    (r"英語版|englische[nr]? version|versione (?:in )?(?:lingua )?inglese|英文版", "040904B0"),
    (r"deutsche[nr]? version", "040704B0"),
    (r"versione (?:in )?(?:lingua )?italiana", "041004B0"),
)
WINDOWS = re.compile(
    r"windows[®™\s]*(?:"
    r"(?P<nt>nt[^0-9,;、]{0,30}4(?:\.0)?)|(?P<w2000>2000)|(?P<xp>xp)|(?P<vista>vista)|(?P<w7>7(?![\d.]))|"
    r"(?:small business )?(?:server)?[®™\s,]*(?P<server>2003|2008(?:\s*r2)?))|"
    r"(?<![\w ])(?P<bare>server 200[38](?:\s*r2)?)|(?P<and2008>(?<=und )server 2008(?:\s*r2)?)",
    re.I,
)
OTHER_WINDOWS = re.compile(r"windows[®™\s]*(?:98|me\b|mill?enn?ium|mellennium|95)", re.I)
# Names inside a package, which setup changes: Korwbrkr.dll.x64, Msscntrs.dll_0001.x64.
PACKED_NAME = re.compile(r"\.(?:x64|x86|dl)$|_thunked\.", re.I)
COMPONENT = re.compile(
    r"internet explorer|media (?:player|format|services|encoder)|outlook express|\.net framework|messenger|directx|"
    r"\bmdac\b|data access|movie maker|visual |office|exchange|sql server|frontpage|jscript|vbscript|msxml|xml core|"
    r"remote ?desktop|リモート デスクトップ|\bie ?\d|\boe ?\d|\bwmp",
    re.I,
)


def clean(cell):
    cell = re.sub(r"\\([._*\-])", r"\1", cell.replace("\\\\", "\\"))
    return re.sub(r"\s+", " ", cell.replace("**", "")).strip()


def as_pipes(row):
    cells = re.findall(r"<t[dh].*?</t[dh]>", row.group(0), re.S)
    texts = (re.sub(r"\s+", " ", html.unescape(re.sub("<[^>]+>", " ", cell))).strip() for cell in cells)
    return "\n|" + "|".join(texts) + "|"


def first(pattern, cells):
    return next((cell for cell in cells if pattern.match(cell)), None)


def rows_of_page(text):
    """The rows that have a file name and a version of four numbers."""
    lines = re.sub(r"<tr.*?</tr>", as_pipes, text, flags=re.S).split("\n")
    rows, before, inside, heading, inner, build = [], [], False, "", "", None
    for number, line in enumerate(lines, 1):
        line = line.strip()
        if not line.startswith("|"):
            if line and not line.startswith("<"):
                before = [] if inside else before
                inside = False
                before.append(clean(line)[:600])
            continue
        if not inside:
            # The folder may be above the table, under the heading.
            inner = before.pop() if before and FOLDER.match(before[-1].split(" ")[0]) else ""
            inside, heading = True, heading_of(before) if before or not inner else heading
            # One sentence applies to all tables up to the next one.
            build = build_language(before) or build
        cells = [clean(cell) for cell in line.strip("|").split("|")]
        name, version = first(FILE, cells), first(VERSION, cells)
        if not name and not version and sum(map(bool, cells)) == 1:
            # A row with one cell is a heading inside the table, or the folder of its rows.
            cell = next(filter(None, cells))
            match = re.match(r"(?:RTM|SP\d)(?:GDR|QFE|LDR)\b", cell, re.I)
            heading, inner = (heading, cell) if match else (cell, inner)
        if not name or not version or PACKED_NAME.search(name):
            continue
        size = next((cell for cell in cells if SIZE.match(cell) and not VERSION.match(cell)), None)
        folder = first(FOLDER, cells) or inner
        rows.append({
            "line": number,
            "file": name.lower(),
            "version": tuple(int(part) for part in version.lstrip("v").split(".")),
            "size": int(re.sub("[.,]", "", size)) if size else None,
            "machine": next((PROCESSORS[cell.lower()] for cell in cells if cell.lower() in PROCESSORS), None),
            "folder": folder.upper(),
            "wow": any("wow" in cell.lower() for cell in [*cells, inner] if cell is not name),
            "heading": heading,
            "build": build,
            "raw": line,
        })
    return rows


def heading_of(before):
    """The last line before a table that names a product, else the last that is not about languages or time zones."""
    near = before[-5:]
    named = [text for text in near if WINDOWS.search(text) or COMPONENT.search(text)]
    short = [text for text in named if len(text) < 400 and not is_sentence(text)]
    return (short or named or near[-1:] or [""])[-1]


def is_sentence(text):
    return any(re.search(pattern, text, re.I) for pattern, _ in BUILD_LANGUAGES) or bool(re.search(r"\bUTC\b|。", text))


def build_language(before):
    for text in reversed(before[-5:]):
        for pattern, key in BUILD_LANGUAGES:
            if re.search(pattern, text, re.I):
                return key
    return None


def processor_in(text):
    text = text.lower()
    if re.search(r"itanium|ia-?64", text):
        return "ia64"
    if re.search(r"x64|ｘ64|amd64", text):
        return "x64"
    return "64" if re.search(r"64[- ‑]?bit", text) else "i386" if re.search(r"32[- ‑]?bit|x86", text) else None


def systems_of_heading(heading):
    """The Windows that a heading names: (line, processor or None, service packs named, XP x64)."""
    found = list(WINDOWS.finditer(heading))
    whole = {processor_in(part) for part in re.split("[,;、]", heading)} - {None}
    systems = []
    for at, match in enumerate(found):
        end = found[at + 1].start() if at + 1 < len(found) else len(heading)
        part = heading[match.start() : end]
        component = COMPONENT.search(part)
        part = part[: component.start()] if component else part
        own = processor_in(part)
        if own is None and len(whole) == 1 and processor_in(heading[: found[0].start()]) is not None:
            own = next(iter(whole))
        kind, word = match.lastgroup, re.sub(r"\s+", " ", match.group(0).lower())
        xp64 = False
        if kind == "nt":
            line = "NT4TSE" if "terminal" in part.lower() else "NT4"
        elif kind == "xp":
            xp64 = own == "x64" or "version 2003" in part.lower()
            line = "2003" if xp64 else "XP"
        elif kind in ("w2000", "vista", "w7"):
            line = {"w2000": "2000", "vista": "Vista", "w7": "7"}[kind]
        else:
            line = "2003" if "2003" in word else "7" if "r2" in word else "Vista"
        if own == "64":
            own = "ia64" if line in ("XP", "2003") else "x64"
        packs = {int(pack) for pack in re.findall(r"(?:Service Pack|SP)\s*(\d)", part)}
        system = (line, own, frozenset(packs), xp64)
        if system not in systems:
            systems.append(system)
    return [merged(system, systems) for system in systems]


def merged(system, systems):
    """"Windows Vista and Windows Vista Service Pack 1" names two service packs of one system."""
    line, own, packs, xp64 = system
    others = {pack for other in systems if other[0] == line and other[1] == own for pack in other[2]}
    plain = any(other[0] == line and other[1] == own and not other[2] for other in systems)
    # In a list of Windows XP Service Pack 1, a Windows XP Tablet PC Edition has that service pack, too.
    return line, own, frozenset(others | ({0} if others and plain and line != "XP" else set())), xp64
