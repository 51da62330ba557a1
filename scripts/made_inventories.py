"""Inventories of made-up systems, for check_verdicts.py: registry facts of a Windows, and files of chosen versions."""

# The registry values of each Windows: product name, CurrentVersion, build.
REGISTRY = {
    "NT4": ("Windows NT", "4.0", 1381),
    "NT4TSE": ("Windows NT", "4.0", 1381),
    "2000": ("Microsoft Windows 2000", "5.0", 2195),
    "XP": ("Microsoft Windows XP", "5.1", 2600),
    "2003": ("Microsoft Windows Server 2003", "5.2", 3790),
    "Vista": ("Windows Vista (TM) Ultimate", "6.0", 6000),
    "7": ("Windows 7 Ultimate", "6.1", 7600),
}
SERVERS = {"Vista": "Windows Server (R) 2008 Enterprise", "7": "Windows Server 2008 R2 Enterprise"}
CLIENTS = {"Vista": "Vista", "7": "Windows 7"}
XP_X64 = "Windows XP Professional x64 Edition"
PROCESSOR = {"i386": "x86", "x64": "AMD64", "ia64": "IA64"}


def path_of(file):
    folder = "Windows/SysWOW64/" if file["system"] != file["machine"] else "Windows/System32/"
    return folder + file["name"]


def tag_of(file):
    line, pack, branch = file["line"], file["pack"], file["branch"]
    if line in ("NT4", "NT4TSE", "2000"):
        return ""
    if line in ("XP", "2003"):
        start = {"XP": "xpsp", "2003": "srv03"}[line]
        return f" ({start}_sp{pack}_{branch}.090101-1234)" if branch else f" ({start}.090101-1234)"
    return f" ({'vista' if line == 'Vista' else 'win7'}_{'ldr' if branch == 'qfe' else 'gdr'}.090101-1234)"


def is_server(file):
    """Whether the system is the server with its kernel: the row's heading is only for that. Itanium has no client."""
    line, heading = file["line"], file["row"]["heading"]
    return line in SERVERS and (file["system"] == "ia64" or ("Server 2008" in heading and CLIENTS[line] not in heading))


def system_of(line, pack, machine, xp64, server):
    """The registry of a system, as in inventories."""
    name, version, build = REGISTRY[line]
    name = SERVERS[line] if server else name
    build += pack if line in ("Vista", "7") else 0
    name = XP_X64 if xp64 and machine == "x64" else name
    values = {
        "product_name": name,
        "current_version": version,
        "build": build,
        "csd_version": f"Service Pack {pack}" if pack else "",
        "product_suite": ["Terminal Server"] if line == "NT4TSE" else [] if line == "NT4" else None,
        "control_csd_version": pack * 256,
        "processor_architecture": PROCESSOR[machine],
    }
    unset = ("version_numbers", "revision", "release_id", "current_type", "install_date", "product_type", "pending_renames")
    facts = {key: None if value is None else {"value": value, "source": key} for key, value in values.items()}
    facts.update(dict.fromkeys(unset))
    # Service Pack 6a reports itself as 6; its fix is listed.
    six_a = {
        "id": "Q246009", "name": "Q246009", "source": "SOFTWARE", "list": "windows-nt", "state": "installed",
        "description": None, "installed_on": None, "files": [],
    }
    hives = [
        {"hive": hive, "unfinished": False, "wrong_checksum": False, "truncated": False} for hive in ("software", "system")
    ]
    return {"path": "Windows/System32/config", "hives": hives, "facts": facts, "hotfixes": [six_a] if line == "NT4" else [],
            "problems": []}


def inventory_of(files):
    """A snapshot of one system with these files."""
    files = sorted(files, key=lambda file: path_of(file).encode())
    versions, entries = [], []
    for file in files:
        version = ".".join(map(str, file["found"]))
        tag = file.get("tag", tag_of(file))
        table = {"key": file["row"]["build"] or "040904B0", "file_version": version + tag}
        versions.append({"fixed_file": version, "fixed_product": version, "tables": [table]})
        # Only a file at the row's version has the row's size.
        size = (file["row"]["size"] or 99_999) + (0 if file["found"] == file["row"]["version"] else 512)
        entries.append({
            "path": path_of(file), "size": size, "modified": 1_300_000_000, "machine": file["machine"],
            "version": len(entries), "original": file["name"],
        })
    one = files[0]
    return {
        "schema": "hotfixcheck.inventory/1", "tool": {"name": "check_verdicts", "version": "1"}, "trees": [{"path": "C:"}],
        "coverage": None, "sniffed": False, "files_seen": len(entries), "versions": versions, "files": entries,
        "problems": [], "systems": [system_of(one["line"], one["pack"], one["system"], one["xp64"], is_server(one))],
    }
