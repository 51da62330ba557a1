#!/usr/bin/env bash
# Builds the files of a release into FOLDER, for one target, and tries them.
#
# usage: build_release.sh [--target TRIPLE] [FOLDER]       (default: this machine's target, target/release-files)
#
# Always: the archive (program, README, docs, samples, fleet examples, manual, completions, licences) and SHA256SUMS. Where the
# tool is installed: collectors (Debian's gcc-mingw-w64-i686), .deb (cargo-deb), wheels of the program and of the Python module
# (maturin), SBOM (cargo-cyclonedx). Windows is built from Linux by Debian's gcc-mingw-w64-x86-64 and -i686, 64-bit ARM
# by gcc-aarch64-linux-gnu; HOTFIXCHECK names a program of the same version that writes their manual (default: it is
# built). The results are tested: in an empty root, by dpkg, in a new Python environment, under Wine (HOTFIXCHECK_WINE
# names another wine) or qemu-user. Parts that were left out are listed at the end; RELEASE_STRICT=1 makes that a
# failure.
set -euo pipefail
cd "$(dirname "$0")/.."

host=$(rustc -vV | sed -n 's/^host: //p')
target=$host
if [ "${1:-}" = --target ]; then target=$2; shift 2; fi
mkdir -p "${1:-target/release-files}"
files=$(cd "${1:-target/release-files}" && pwd)
targets=${CARGO_TARGET_DIR:-target}
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -n 1)
name=hotfixcheck-$version-$target
left_out=()
step() { printf '\n== %s\n' "$*"; }
has() { command -v "$1" >/dev/null 2>&1; }
fail() { echo "build_release.sh: $*" >&2; exit 1; }
# CODE COMMAND...: the command must end with this exit code (1: the sample has findings).
expect() {
    local wanted=$1 status=0
    shift
    "$@" || status=$?
    [ "$status" = "$wanted" ] || fail "$*: exit code $status, expected $wanted"
}
# The date of every file in the archives: that of the commit.
day=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 0)}
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT

step "The program for $target"
given_flags=${RUSTFLAGS:-}
# One file without system libraries: it runs on any distribution, and in an empty container; on Windows without the
# libraries of a compiler.
export RUSTFLAGS="${RUSTFLAGS:-} -C target-feature=+crt-static"
if [ "$target" = aarch64-unknown-linux-gnu ] && [ "$host" != "$target" ]; then
    export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=aarch64-linux-gnu-gcc
fi
cargo build --release --locked --bin hotfixcheck --target "$target"
program=hotfixcheck
case $target in *-windows-*) program=hotfixcheck.exe ;; esac
built=$targets/$target/release/$program
# A program for this machine writes the manual and the completions, whatever the target is.
own=$built
if [ "$target" != "$host" ]; then
    own=${HOTFIXCHECK:-$targets/debug/hotfixcheck}
    [ -n "${HOTFIXCHECK:-}" ] || RUSTFLAGS=$given_flags cargo build --locked
fi

step "The archive"
# The folders of the source, so that every command and link of the README works in both.
folder=$work/$name
mkdir -p "$folder"/{completions,man,data,examples,collectors,python}
cp "$built" README.md CHANGELOG.md LICENSE-APACHE LICENSE-MIT "$folder/"
cp -r docs "$folder/docs"
cp -r data/sample data/sample-disk.img data/SOURCES.md "$folder/data/"
cp -r examples/fleet "$folder/examples/fleet"
cp python/README.md "$folder/python/"
cp collectors/README.md collectors/hfcollect.vbs collectors/hfcollect.ps1 "$folder/collectors/"
if has i686-w64-mingw32-gcc; then
    collectors/build.sh "$folder/collectors" >/dev/null
    # On old machines, only these are needed. They are the same in every archive: those of one target are also separate
    # files of the release.
    [ "$target" != x86_64-unknown-linux-gnu ] || cp "$folder"/collectors/hfcollect.* "$files/"
else
    left_out+=("hfcollect.exe: no i686-w64-mingw32-gcc")
fi
find "$folder" -name __pycache__ -prune -exec rm -r {} +
"$own" man --out-dir "$folder/man"
"$own" completions bash >"$folder/completions/hotfixcheck.bash"
"$own" completions zsh >"$folder/completions/_hotfixcheck"
"$own" completions fish >"$folder/completions/hotfixcheck.fish"
"$own" completions powershell >"$folder/completions/hotfixcheck.ps1"
case $target in *-windows-*)
    # Windows has no reader for manual pages: they are plain text there, without overstruck letters.
    has mandoc || left_out+=("manual as text: no mandoc")
    for page in "$folder"/man/*.1; do
        if has mandoc; then mandoc -T ascii "$page" | LC_ALL=C sed $'s/.\b//g' >"${page%.1}.txt"; fi
        rm "$page"
    done ;;
esac
# The targets of its links must exist.
find "$folder" -name '*.md' -printf '%P\n' | while read -r page; do
    # A page without a link is no failure.
    { grep -oE '\]\([^)# ]+' "$folder/$page" || true; } | cut -c3- | sort -u | while read -r linked; do
        case $linked in *://*) continue ;; esac
        [ -e "$folder/$(dirname "$page")/$linked" ] || fail "$page links to $linked, which the archive does not have"
    done
done
# The same files give the same archive, whoever builds it and when.
find "$folder" -exec touch -h -d "@$day" {} +
case $target in
    *-windows-*) (cd "$work" && find "$name" -type f | LC_ALL=C sort | TZ=UTC zip -q -X - -@ >"$files/$name.zip") ;;
    *)
        tar --directory "$work" --sort=name --owner=0 --group=0 --numeric-owner --mode=go=rX --create "$name" |
            gzip --no-name --best >"$files/$name.tar.gz" ;;
esac

deb=
case $target in *-linux-*)
    step "The Debian package"
    if has cargo-deb; then
        # Everything except the program is the same as in the archive.
        rm -rf target/deb-files && mkdir -p target && cp -r "$folder" target/deb-files
        deb=$files/hotfixcheck_${version}_$target.deb
        cargo deb --no-build --locked --target "$target" --output "$deb"
        rm -rf target/deb-files
    else
        left_out+=(".deb: no cargo-deb (cargo install cargo-deb)")
    fi ;;
esac

step "The wheels: the program (hotfixcheck), and the Python module (hotfixcheck_py)"
wheels=$work/wheels
mkdir "$wheels"
if has maturin; then
    maturin build --release --locked --target "$target" --out "$wheels"
    # A module is loaded by the system's Python, so it cannot be static. maturin puts the needed C libraries into its
    # name.
    RUSTFLAGS=$given_flags maturin build --release --locked --target "$target" --manifest-path python/Cargo.toml --out "$wheels" ||
        left_out+=("wheel of the Python module: it was not built")
    cp "$wheels"/*.whl "$files/"
else
    left_out+=("wheels: no maturin (pip install maturin)")
fi

step "The list of its parts (SBOM)"
if has cargo-cyclonedx; then
    cargo cyclonedx --format json --target "$target" --override-filename "$name.cdx" --quiet
    mv "$name.cdx.json" "$files/"
    # It writes one SBOM for each crate of the workspace.
    find crates python -name "$name.cdx.json" -delete
else
    left_out+=("SBOM: no cargo-cyclonedx (cargo install cargo-cyclonedx)")
fi

step "Tried: the archive"
mkdir "$work/unpacked"
case $target in
    *-windows-*) (cd "$work/unpacked" && unzip -q "$files/$name.zip") ;;
    *) tar --directory "$work/unpacked" -xzf "$files/$name.tar.gz" ;;
esac
# The runner for a program of the target: nothing, Wine, or a processor emulator.
runner=() runs=1
case $target in
    "$host") ;;
    *-windows-*) runner=("${HOTFIXCHECK_WINE:-wine}") ;;
    aarch64-*-linux-*) runner=(qemu-aarch64) ;;
    *) runs=0 ;;
esac
if [ ${#runner[@]} = 1 ] && ! has "${runner[0]}"; then runs=0; fi
if [ "$runs" = 1 ]; then
    (
        cd "$work/unpacked/$name"
        export WINEPREFIX="${WINEPREFIX:-$work/wine}" WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml="
        expect 0 "${runner[@]}" "./$program" --version
        for sample in nt4 win2000; do
            expect 1 "${runner[@]}" "./$program" scan "data/sample/$sample" --one-line
        done
        expect 1 "${runner[@]}" "./$program" data/sample-disk.img -o disk.html
        expect 0 "${runner[@]}" "./$program" inventory data/sample/nt4 -o nt4.json
        expect 1 "${runner[@]}" "./$program" scan --inventory nt4.json -o nt4.html
        if has python3; then
            python3 examples/fleet/make_hosts.py nt4.json 20 hosts
            expect 1 "${runner[@]}" "./$program" scan --inventory hosts --one-line
        fi
    )
else
    left_out+=("trial of the program: nothing here runs $target")
fi
case $target in *-linux-*)
    # An empty folder as the whole file system: no library, no terminal database, no locale.
    if [ "$target" != "$host" ]; then :
    elif [ "$(id -u)" = 0 ] && has chroot; then
        step "Tried: the program in an empty root"
        mkdir "$work/empty" && cp -r "$work/unpacked/$name"/{data,hotfixcheck} "$work/empty/"
        expect 1 chroot "$work/empty" /hotfixcheck scan /data/sample/nt4 --one-line
    else
        left_out+=("trial in an empty root: not root")
    fi ;;
esac
if [ -n "$deb" ]; then
    if [ "$(id -u)" = 0 ] && has dpkg; then
        step "Tried: the package, installed and removed"
        # A separate, empty system, so that files that the package leaves behind are noticed.
        root=$work/root
        mkdir -p "$root"/var/lib/dpkg/{info,updates,triggers} && touch "$root/var/lib/dpkg/status"
        dpkg --root="$root" --force-architecture --log=/dev/null --install "$deb"
        if [ "$target" = "$host" ]; then
            expect 1 chroot "$root" /usr/bin/hotfixcheck scan /usr/share/hotfixcheck/data/sample/nt4 --one-line
        fi
        dpkg --root="$root" --log=/dev/null --purge hotfixcheck
        remaining=$(find "$root" -path "$root/var/lib/dpkg" -prune -o -type f -print)
        [ -z "$remaining" ] || fail "the package leaves behind: $remaining"
    else
        left_out+=("trial of the package: not root, or no dpkg")
    fi
fi
if [ "$target" = "$host" ] && has python3 && compgen -G "$wheels/*.whl" >/dev/null; then
    step "Tried: the wheels, in a new environment"
    python3 -m venv "$work/venv"
    "$work/venv/bin/pip" install --quiet --no-index "$wheels"/*.whl
    (
        cd "$work/unpacked/$name"
        expect 0 "$work/venv/bin/hotfixcheck" --version
        expect 1 "$work/venv/bin/hotfixcheck" scan data/sample/nt4 --one-line
        if compgen -G "$wheels/hotfixcheck_py*.whl" >/dev/null; then
            expect 0 "$work/venv/bin/python" -c 'import hotfixcheck; assert hotfixcheck.scan("data/sample/nt4")["outcome"] == "findings"'
        fi
    )
fi

(cd "$files" && find . -maxdepth 1 -type f ! -name SHA256SUMS -printf '%P\n' | LC_ALL=C sort | xargs sha256sum >SHA256SUMS)
step "Built"
(cd "$files" && ls -l)
for what in "${left_out[@]}"; do echo "left out: $what"; done
[ "${RELEASE_STRICT:-}" != 1 ] || [ ${#left_out[@]} = 0 ]
