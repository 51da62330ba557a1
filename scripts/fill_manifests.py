#!/usr/bin/env python3
"""Fills the templates of packaging/ for an existing release.

usage: fill_manifests.py VERSION REPOSITORY SHA256SUMS FOLDER

REPOSITORY is the address of the project's page, SHA256SUMS the file of the release. If a template
needs a file that the release does not have, that is an error, and nothing is written.
"""
import pathlib
import re
import sys


def main() -> None:
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    version, repository, sums, folder = sys.argv[1:]
    hashes = {}
    for number, line in enumerate(pathlib.Path(sums).read_text().splitlines(), 1):
        match = re.fullmatch(r"([0-9a-f]{64})  (\S+)", line)
        if not match:
            sys.exit(f"{sums}:{number}: expected a SHA-256 sum, two spaces and a file name")
        hashes[match[2]] = match[1]
    filled = {}
    templates = pathlib.Path(__file__).resolve().parent.parent / "packaging"
    for template in sorted(path for path in templates.rglob("*") if path.is_file()):
        text = template.read_text().replace("@VERSION@", version).replace("@REPOSITORY@", repository.rstrip("/"))

        def hash_of(match: re.Match) -> str:
            name = f"hotfixcheck-{version}-{match[1]}"
            if name not in hashes:
                sys.exit(f"{template.name}: {sums} has no {name}")
            return hashes[name]

        filled[template.relative_to(templates)] = re.sub(r"@SHA256 ([^@\n]+)@", hash_of, text)
    out = pathlib.Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    for name, text in filled.items():
        out.joinpath(name).parent.mkdir(exist_ok=True)
        out.joinpath(name).write_text(text)


if __name__ == "__main__":
    main()
