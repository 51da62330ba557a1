#!/usr/bin/env bash
# Builds hfcollect.exe twice, runs it and hfcollect.vbs under 32-bit Wine, and compares their snapshots with
# hotfixcheck:
# the verdicts must be those of a scan of the files, and the facts of odd and of damaged files must be the same.
#
# usage: test_collectors.sh [--chroot FOLDER]
#
# Needs gcc-mingw-w64-i686, python3 and a Wine that runs 32-bit programs (Debian: dpkg --add-architecture i386, wine32).
# --chroot FOLDER uses the Wine of a Debian i386 system in FOLDER; run by root with mmdebstrap, it makes the system if
# it does not exist: its packages are unpacked and not set up, which takes 20 to 40 seconds. On a CI machine (CI=true,
# root, apt-get) the compiler and mmdebstrap are installed, and such a system is made in a temporary folder. HOTFIXCHECK
# names the program (default: target/release/hotfixcheck, else target/debug/hotfixcheck). If something is missing, the
# exit code is 77: not tested.
set -euo pipefail
cd "$(dirname "$0")/.."
repository=$PWD

skip() { echo "not tested: $*" >&2; exit 77; }
step() { printf '\n== %s\n' "$*"; }

chroot=
if [ "${1:-}" = --chroot ]; then
    chroot=$(mkdir -p "$2" && cd "$2" && pwd)
fi
work=
mounted=
temporary=
finish() {
    # A file system that is still mounted must not be removed with the folder.
    if [ -n "$mounted" ]; then umount "$mounted" || umount -l "$mounted" || return; fi
    rm -rf ${work:+"$work"} ${temporary:+"$temporary"}
}
trap finish EXIT
if [ "${CI:-}" = true ] && [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    install() {
        DEBIAN_FRONTEND=noninteractive timeout 120 apt-get -qq -o DPkg::Lock::Timeout=100 install --yes --no-install-recommends "$@" \
            >/dev/null 2>&1
    }
    command -v i686-w64-mingw32-gcc >/dev/null || install gcc-mingw-w64-i686-win32 || skip "gcc-mingw-w64-i686 cannot be installed"
    if [ -z "$chroot" ]; then
        command -v mmdebstrap >/dev/null || install mmdebstrap || skip "mmdebstrap cannot be installed"
        chroot=$(mktemp -d) temporary=$chroot
    fi
fi
hotfixcheck=${HOTFIXCHECK:-}
for program in target/release/hotfixcheck target/debug/hotfixcheck; do
    [ -n "$hotfixcheck" ] || { [ -x "$program" ] && hotfixcheck=$PWD/$program; }
done
[ -n "$hotfixcheck" ] || skip "there is no hotfixcheck: cargo build"
command -v i686-w64-mingw32-gcc >/dev/null || skip "i686-w64-mingw32-gcc is not installed"
command -v python3 >/dev/null || skip "python3 is not installed"

# A function of PowerShell reads the variables of its callers: one of the script, hidden by a caller's, has another value.
step "hfcollect.ps1: no function hides a variable of the script that another function reads (issue 17)"
python3 - <<'PYTHON'
import re, sys
shared, functions, at_top = set(), [], True
for line in open("collectors/hfcollect.ps1", encoding="utf-8").read().splitlines():
    if line.startswith("function "):
        functions.append((line.split()[1].split("(")[0], line + "\n"))
        at_top = line.endswith("}")
    elif not at_top:
        functions[-1] = (functions[-1][0], functions[-1][1] + line + "\n")
        at_top = line == "}"
    elif found := re.match(r"(?:\[[\w.\[\]]+\])?\$(\w+) =", line):
        shared.add(found[1].lower())
wrong = []
own = []
for _, body in functions:
    names = re.findall(r"\$(\w+)", body.split("{")[0]) + re.findall(r"\$(\w+)(?: [-+*/]?= |\+\+| in )", body.split("{", 1)[1])
    own.append({name.lower() for name in names})
reads = [{name.lower() for name in re.findall(r"\$(\w+)", body)} for _, body in functions]
for name in sorted(shared):
    hiding = [function for (function, _), names in zip(functions, own) if name in names]
    reading = [function for (function, _), names, all_names in zip(functions, own, reads) if name in all_names - names]
    if hiding and reading:
        wrong.append(f"${name}: local in {hiding}, read in {reading}")
if wrong or not shared or not functions:
    sys.exit("\n".join(wrong) or "no variables or functions found")
print(f"{len(functions)} functions, {len(shared)} variables")
PYTHON

if [ -n "$chroot" ]; then
    if [ ! -e "$chroot/usr/lib/wine" ]; then
        command -v mmdebstrap >/dev/null || skip "mmdebstrap is not installed"
        step "A Debian i386 system with Wine in $chroot"
        . /etc/os-release
        # The source of this machine's own packages; only its main part is needed.
        source=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' "Codename: $VERSION_CODENAME" | sort -u | head -n 1)
        timeout 120 mmdebstrap --quiet --variant=extract --architectures=i386 --include=wine,wine32,dash,coreutils,libc-bin "$VERSION_CODENAME" \
            "$chroot" ${source:+"$source"} >&2 || skip "an i386 system with Wine cannot be made in two minutes"
        # Replaces the packages' own scripts.
        ln -sf dash "$chroot/bin/sh"
        ln -sf wine-stable "$chroot/usr/bin/wine"
        zlib=$chroot/usr/lib/i386-linux-gnu/wine/i386-windows/zlib1.dll
        cp "$chroot/usr/i686-w64-mingw32/lib/zlib1.dll" "$zlib"
        # Wine loads its own libraries only with this mark, followed by 16 zeros.
        { printf 'Wine builtin DLL'; head -c 16 /dev/zero; } | dd of="$zlib" bs=1 seek=64 conv=notrunc status=none
        mkdir -p "$chroot/proc" "$chroot/root" "$chroot/tmp"
    fi
    if [ ! -e "$chroot/proc/self" ]; then
        mount -t proc proc "$chroot/proc" || skip "/proc cannot be mounted in $chroot"
        mounted=$chroot/proc
    fi
    work=$chroot/tmp/collectors
    inside=/tmp/collectors
    win() {
        chroot "$chroot" env HOME=/root WINEPREFIX="$inside/prefix-$prefix" WINEDEBUG=-all \
            WINEDLLOVERRIDES="mscoree,mshtml=" LC_ALL=C.UTF-8 timeout 300 sh -c "cd $inside && exec wine \"\$@\"" sh "$@"
    }
else
    command -v wine >/dev/null || skip "wine is not installed"
    work=$(mktemp -d)
    win() {
        (cd "$work" && WINEPREFIX="$work/prefix-$prefix" WINEARCH=win32 WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml=" \
            LC_ALL=C.UTF-8 exec timeout 300 wine "$@")
    }
fi
prefix=nt
rm -rf "$work"
mkdir -p "$work"

step "Two builds of hfcollect.exe are the same bytes"
mkdir "$work/elsewhere"
cp -r collectors Cargo.toml "$work/elsewhere/"
collectors/build.sh "$work/one" >/dev/null
(cd / && TZ=Asia/Tokyo SOURCE_DATE_EPOCH=999999999 "$work/elsewhere/collectors/build.sh" "$work/two" >/dev/null)
cmp "$work/one/hfcollect.exe" "$work/two/hfcollect.exe"
cp "$work/one/hfcollect.exe" collectors/hfcollect.vbs "$work/"
sha256sum "$work/hfcollect.exe" | cut -d' ' -f1

step "It asks for nothing that Windows of 1995 does not have"
headers=$(i686-w64-mingw32-objdump -p "$work/hfcollect.exe")
[ "$(grep -c 'DLL Name:' <<<"$headers")" = 1 ] && grep -q 'DLL Name: KERNEL32.dll' <<<"$headers"
for field in 'MajorSubsystemVersion.*3$' 'MinorSubsystemVersion.*10$' 'Subsystem.*(Windows CUI)'; do grep -q "$field" <<<"$headers"; done
# Instructions newer than the 80386.
later='cmov|xmm|%mm[0-7]|bswap|cmpxchg|xadd|rdtsc|cpuid|fcomi|prefetch|endbr'
if i686-w64-mingw32-objdump -d "$work/hfcollect.exe" | grep -E "$later"; then echo "later instructions" >&2; exit 1; fi

win cmd /c exit 2>/dev/null || skip "this Wine does not run 32-bit programs"

# Compares the verdicts on a snapshot with those on the files, in each format.
same_verdicts() { # SNAPSHOT TREE
    local format one other
    for format in json table markdown csv sarif html; do
        one=0 other=0
        (cd "$work" && "$hotfixcheck" scan "$2" --format "$format" >"$work/direct") || one=$?
        (cd "$work" && "$hotfixcheck" scan --inventory "$1" --format "$format" >"$work/snapshot") || other=$?
        [ "$one" = "$other" ] || { echo "$1: exit code $other, of the files $one" >&2; exit 1; }
        cmp "$work/direct" "$work/snapshot"
    done
    echo "$1: six formats of report are the same bytes as of $2"
}
cp -r data/sample "$work/sample"

step "hfcollect.exe: the samples"
for tree in nt4 win2000; do
    win hfcollect.exe -o "$tree.json" "sample/$tree"
    same_verdicts "$tree.json" "sample/$tree"
done

step "hfcollect.exe on Windows 98: the same snapshots by the functions without wide characters"
prefix=98
win winecfg /v win98
win cmd /c ver | grep -q ' 4\.10'
for tree in nt4 win2000; do
    win hfcollect.exe -o "$tree-98.json" "sample/$tree"
    cmp "$work/$tree.json" "$work/$tree-98.json"
done
prefix=nt

step "hfcollect.exe: odd and damaged files"
python3 scripts/odd_files.py "$work/odd"
win hfcollect.exe -o odd.json odd
# 3: some of them cannot be read, and are listed.
(cd "$work" && "$hotfixcheck" inventory odd -o odd.reference.json >/dev/null 2>&1) || [ $? = 3 ]
python3 scripts/compare_snapshots.py "$work/odd.json" "$work/odd.reference.json" --tree "$work/odd"
win hfcollect.exe -o odd.again.json odd
cmp "$work/odd.json" "$work/odd.again.json"

step "hfcollect.exe: links to a folder above end"
mkdir -p "$work/loop/a/b"
cp data/sample/nt4/WINNT/System32/TAPISRV.EXE "$work/loop/a/"
ln -s ../.. "$work/loop/a/b/up"
win hfcollect.exe -o loop.json loop
grep -c '"path":"a/TAPISRV.EXE"' "$work/loop.json"

step "hfcollect.exe: Wine's own files"
libraries=
for folder in "$chroot"/usr/lib/i386-linux-gnu/wine/i386-windows "$chroot"/usr/lib/wine/i386-windows; do
    [ -d "$folder" ] && libraries=$folder
done
if [ -n "$libraries" ]; then
    cp -r "$libraries" "$work/libraries"
    win hfcollect.exe -o libraries.json libraries
    (cd "$work" && "$hotfixcheck" inventory libraries -o libraries.reference.json >/dev/null)
    python3 scripts/compare_snapshots.py "$work/libraries.json" "$work/libraries.reference.json" --tree "$work/libraries"
fi

step "hfcollect.exe: a folder after -o"
for into in "here" 'here\'; do
    rm -rf "$work/here" && mkdir "$work/here"
    win hfcollect.exe -o "$into" sample/nt4
    [ "$(find "$work/here" -name '*.json' | wc -l)" = 1 ] || { echo "-o $into: no file in the folder" >&2; exit 1; }
done

step "hfcollect.exe: the running Windows"
nt='HKLM\Software\Microsoft\Windows NT\CurrentVersion'
set_value() { win reg add "$1" /v "$2" /t "$3" /d "$4" /f >/dev/null; }
set_value "$nt" CSDVersion REG_SZ "Service Pack 3"
set_value "$nt" UBR REG_DWORD 1234
set_value "$nt\\HotFix\\Q246009" Installed REG_DWORD 1
set_value "$nt\\HotFix\\Q246009" "Fix Description" REG_SZ "Größe"
set_value "$nt\\HotFix\\KB823980-v2\\File 1" "New File" REG_SZ ntdll.dll
set_value "HKLM\\Software\\Microsoft\\Updates\\Windows XP\\SP4\\KB900725\\Filelist\\0" FileName REG_SZ shell32.dll
set_value "HKLM\\System\\ControlSet001\\Control\\ProductOptions" ProductType REG_SZ LanmanNT
win hfcollect.exe -o running.json
python3 - "$work/running.json" <<'PYTHON'
import json, sys
snapshot = json.load(open(sys.argv[1], encoding="utf-8"))
[system] = snapshot["systems"]
facts = {name: fact and fact["value"] for name, fact in system["facts"].items()}
assert system["path"].lower() == "system32/config", system["path"]
assert facts["csd_version"] == "Service Pack 3" and facts["revision"] == 1234, facts
assert facts["product_type"] == "LanmanNT" and isinstance(facts["build"], int), facts
assert facts["release_id"] is None and facts["product_suite"] == [], facts
fixes = {fix["name"]: fix for fix in system["hotfixes"]}
assert fixes["Q246009"]["state"] == "installed" and fixes["Q246009"]["description"] == "Größe", fixes
assert fixes["KB823980-v2"]["id"] == "KB823980" and fixes["KB823980-v2"]["files"][0]["name"] == "ntdll.dll", fixes
assert fixes["KB900725"]["list"] == "updates" and fixes["KB900725"]["files"][0]["name"] == "shell32.dll", fixes
print("facts and updates of the registry are in the snapshot")
PYTHON
status=0; (cd "$work" && "$hotfixcheck" scan --inventory running.json >/dev/null) || status=$?
[ "$status" -ne 2 ]

step "hfcollect.exe: what cannot be done ends with exit code 2"
for arguments in "nowhere" "-o z:\\nowhere\\x.json sample" "-x" "-o"; do
    status=0
    # shellcheck disable=SC2086 # several words
    win hfcollect.exe $arguments 2>/dev/null || status=$?
    [ "$status" -eq 2 ] || { echo "hfcollect $arguments: exit code $status" >&2; exit 1; }
done

step "hfcollect.vbs: the NT 4.0 sample, odd files"
win winecfg /v winxp
set_value 'HKLM\SYSTEM\CurrentControlSet\Control\TimeZoneInformation' ActiveTimeBias REG_DWORD 0
if win cscript //nologo hfcollect.vbs /o:nt4.vbs.json sample/nt4; then
    same_verdicts nt4.vbs.json sample/nt4
    # Wine's VBScript needs a tenth of a second for each file, so only a part of them is used.
    mkdir "$work/part"
    for kind in kinds lost packed ne le pe pe64; do
        mkdir "$work/part/$kind"
        find "$work/odd/contents/$kind" -type f | sort | awk 'NR % 9 == 1 || NR < 25' | while read -r file; do cp -p "$file" "$work/part/$kind/"; done
    done
    win cscript //nologo hfcollect.vbs /o:part.json part
    (cd "$work" && "$hotfixcheck" inventory part -o part.reference.json >/dev/null 2>&1) || [ $? = 3 ]
    python3 scripts/compare_snapshots.py "$work/part.json" "$work/part.reference.json" --tree "$work/part" --script
else
    echo "this Wine's cscript does not run it: not tested" >&2
fi

if python3 -c 'import jsonschema' 2>/dev/null; then
    step "The snapshots are as docs/inventory.schema.json describes them"
    python3 - "$repository/docs/inventory.schema.json" "$work"/nt4.json "$work"/win2000.json "$work"/odd.json "$work"/running.json "$work"/nt4.vbs.json "$work"/part.json <<'PYTHON'
import json, os, sys, jsonschema
validator = jsonschema.Draft202012Validator(json.load(open(sys.argv[1])))
for path in filter(os.path.exists, sys.argv[2:]):
    for error in validator.iter_errors(json.load(open(path, encoding="utf-8"))):
        sys.exit(f"{path}: {error.json_path}: {error.message}")
    print(os.path.basename(path))
PYTHON
else
    echo "python3 has no jsonschema: the schema is not tested" >&2
fi
printf '\nThe collectors and hotfixcheck agree.\n'
