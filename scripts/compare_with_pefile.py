#!/usr/bin/env python3
"""Compares the version reader with pefile (pip install pefile).

    cargo run --release --example read_versions -- FOLDER... > versions.tsv
    python3 scripts/compare_with_pefile.py versions.tsv FOLDER...

Reads the table of the example, reads every file below the folders with pefile, and prints the counts and each
difference. Exit code 0: no difference, 1: some.
"""

import os
import sys

import pefile


def version(high, low):
    return f"{high >> 16}.{high & 0xFFFF}.{low >> 16}.{low & 0xFFFF}"


def printable(text):
    return "".join(" " if ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0 else c for c in text)


def first_file_version(pe):
    """The first FileVersion string that is not blank, in the file's order."""
    for infos in getattr(pe, "FileInfo", None) or []:
        for info in infos if isinstance(infos, list) else [infos]:
            for table in getattr(info, "StringTable", None) or []:
                for key, value in table.entries.items():
                    text = value.decode("utf-8", "replace").split("\0")[0]
                    if key.lower() == b"fileversion" and text.strip():
                        return text
    return ""


def ask_pefile(path):
    """(machine, file version, product version, FileVersion) or None for a file that is not a PE file for pefile."""
    try:
        pe = pefile.PE(path, fast_load=True)
    except pefile.PEFormatError:
        return None
    try:
        pe.parse_data_directories(directories=[pefile.DIRECTORY_ENTRY["IMAGE_DIRECTORY_ENTRY_RESOURCE"]])
        fixed = (getattr(pe, "VS_FIXEDFILEINFO", None) or [None])[0]
        file, product = "", ""
        if fixed is not None and fixed.Signature == 0xFEEF04BD:
            file = version(fixed.FileVersionMS, fixed.FileVersionLS)
            product = version(fixed.ProductVersionMS, fixed.ProductVersionLS)
        return (f"0x{pe.FILE_HEADER.Machine:04x}", file, product, printable(first_file_version(pe)))
    finally:
        pe.close()


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    ours = {}
    with open(sys.argv[1], encoding="utf-8", errors="surrogateescape", newline="\n") as table:
        for line in table:
            columns = line.rstrip("\n").split("\t")
            if columns[6] != "pe":
                continue  # pefile reads no other format and unpacks nothing
            ours[columns[0]] = tuple(columns[1:5])

    files = pe_files = with_version = agreements = 0
    differences = []
    for root in sys.argv[2:]:
        for folder, _, names in os.walk(root):
            for name in names:
                path = os.path.join(folder, name)
                if os.path.islink(path) or not os.path.isfile(path):
                    continue
                files += 1
                with open(path, "rb") as file:
                    executable = file.read(2) == b"MZ"
                theirs = ask_pefile(path) if executable else None
                mine = ours.pop(path, None)
                if theirs is None and mine is None:
                    continue
                pe_files += 1
                with_version += bool(theirs and theirs[1])
                if theirs == mine:
                    agreements += 1
                else:
                    differences.append((path, mine, theirs))
    differences.extend((path, mine, "not below the folders") for path, mine in ours.items())

    print(f"files {files}, PE {pe_files}, with a fixed version {with_version}, ", end="")
    print(f"agreements {agreements}, differences {len(differences)}")
    for path, mine, theirs in sorted(differences):
        print(f"{path}\n  ours   {mine}\n  pefile {theirs}")
    sys.exit(1 if differences else 0)


if __name__ == "__main__":
    main()
