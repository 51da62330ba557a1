#!/usr/bin/env python3
"""Makes up a fleet to try hotfixcheck with: hosts that each have some of the files of a snapshot.

usage: make_hosts.py SNAPSHOT.json HOSTS > hosts.jsonl     lines for `hotfixcheck judge --stdin`
       make_hosts.py SNAPSHOT.json HOSTS FOLDER            one snapshot for each host, for `hotfixcheck scan --inventory FOLDER`

Host N of the same snapshot is always the same. FOLDER must be new or empty. Needs only Python 3.8.
"""
import json
import pathlib
import sys


def main() -> None:
    if len(sys.argv) not in (3, 4) or not sys.argv[2].isdigit():
        sys.exit(__doc__)
    with open(sys.argv[1], encoding="utf-8") as file:
        snapshot = json.load(file)
    folder = None
    if len(sys.argv) == 4:
        folder = pathlib.Path(sys.argv[3])
        folder.mkdir(parents=True, exist_ok=True)
        # Hosts of an earlier, larger fleet would be counted together with these.
        if next(folder.iterdir(), None) is not None:
            sys.exit(f"make_hosts.py: {folder} is not empty: remove it or name another folder")
    files = snapshot["files"]
    for number in range(int(sys.argv[2])):
        # Every host lacks another file, and some lack two, so that neighbours differ.
        left_out = {number % len(files), number // len(files) % len(files)}
        some = [file for place, file in enumerate(files) if place not in left_out]
        name = f"host{number:06}"
        inventory = {**snapshot, "files": some}
        if folder:
            text = json.dumps(inventory, separators=(",", ":"))
            (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")
        else:
            print(json.dumps({"host": name, "inventory": inventory}, separators=(",", ":")))


if __name__ == "__main__":
    main()
