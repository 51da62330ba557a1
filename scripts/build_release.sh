#!/usr/bin/env bash
# Builds the files of a release into FOLDER, for one target, and tries them.
#
# usage: build_release.sh [--target TRIPLE] [FOLDER]       (default: this machine's target, target/release-files)
#
# Always: the archive (program, manual, completions, schemas, sample, licences) and SHA256SUMS. Where the tool is installed:
# .deb (cargo-deb), wheels of the program and of the Python module (maturin), SBOM (cargo-cyclonedx), collectors (Debian's gcc-mingw-w64-i686). What is left out is said
# at the end; RELEASE_STRICT=1 makes that a failure.
set -euo pipefail
cd "$(dirname "$0")/.."

target=$(rustc -vV | sed -n 's/^host: //p')
if [ "${1:-}" = --target ]; then target=$2; shift 2; fi
mkdir -p "${1:-target/release-files}"
files=$(cd "${1:-target/release-files}" && pwd)
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -n 1)
name=hotfixcheck-$version-$target
left_out=()
step() { printf '\n== %s\n' "$*"; }
has() { command -v "$1" >/dev/null 2>&1; }
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT

step "The program for $target"
given_flags=${RUSTFLAGS:-}
# One file without a library of the system: it runs on any distribution, and in an empty container.
case $target in
    *-linux-*) export RUSTFLAGS="${RUSTFLAGS:-} -C target-feature=+crt-static" ;;
esac
cargo build --release --locked --target "$target"
built=target/$target/release
program=hotfixcheck
case $target in *-windows-*) program=hotfixcheck.exe ;; esac
# The program of this machine writes the manual and the completions, whatever the target is.
case $target in
    "$(rustc -vV | sed -n 's/^host: //p')") own=$built/$program ;;
    *) cargo build --locked; own=target/debug/hotfixcheck ;;
esac

step "The archive"
folder=$work/$name
mkdir -p "$folder"/{completions,schemas,man}
cp "$built/$program" README.md CHANGELOG.md LICENSE-APACHE LICENSE-MIT "$folder/"
cp docs/*.schema.json "$folder/schemas/"
cp -r data/sample "$folder/sample"
"$own" man --out-dir "$folder/man"
"$own" completions bash >"$folder/completions/hotfixcheck.bash"
"$own" completions zsh >"$folder/completions/_hotfixcheck"
"$own" completions fish >"$folder/completions/hotfixcheck.fish"
"$own" completions powershell >"$folder/completions/hotfixcheck.ps1"
if has i686-w64-mingw32-gcc; then
    collectors/build.sh "$folder/collectors" >/dev/null
    cp collectors/README.md collectors/hfcollect.vbs collectors/hfcollect.ps1 "$folder/collectors/"
else
    left_out+=("collectors: no i686-w64-mingw32-gcc")
fi
# The same files give the same archive, whenever and by whomever it is made.
find "$folder" -exec touch -h -d @0 {} +
case $target in
    *-windows-*)
        # Windows has no reader for manual pages.
        for page in "$folder"/man/*.1; do
            if has mandoc; then mandoc -T utf8 "$page" | col -b >"${page%.1}.txt"; fi
            rm "$page"
        done
        find "$folder" -exec touch -h -d @0 {} +
        (cd "$work" && find "$name" -type f | LC_ALL=C sort | zip -q -X "$files/$name.zip" -@) ;;
    *)
        tar --directory "$work" --sort=name --owner=0 --group=0 --numeric-owner --mode=go=rX --create "$name" |
            gzip --no-name --best >"$files/$name.tar.gz" ;;
esac

case $target in *-linux-*)
    step "The Debian package"
    if has cargo-deb; then
        # Completions and manual are those of the archive.
        rm -rf target/deb-files && mkdir -p target && cp -r "$folder" target/deb-files
        cargo deb --no-build --locked --target "$target" --output "$files/hotfixcheck_${version}_$target.deb"
        rm -rf target/deb-files
    else
        left_out+=(".deb: no cargo-deb (cargo install cargo-deb)")
    fi ;;
esac

step "The wheels: the program (hotfixcheck), and the Python module (hotfixcheck_py)"
if has maturin; then
    maturin build --release --locked --target "$target" --out "$files"
    # A module is loaded by the system's Python: it cannot be static. maturin says in its name which libraries of C it needs.
    RUSTFLAGS=$given_flags maturin build --release --locked --target "$target" --manifest-path python/Cargo.toml --out "$files" ||
        left_out+=("wheel of the Python module: it was not built")
else
    left_out+=("wheels: no maturin (pip install maturin)")
fi

step "The list of its parts (SBOM)"
if has cargo-cyclonedx; then
    cargo cyclonedx --format json --target "$target" --override-filename "$name.cdx" --quiet
    mv "$name.cdx.json" "$files/"
    find crates -name "$name.cdx.json" -delete
else
    left_out+=("SBOM: no cargo-cyclonedx (cargo install cargo-cyclonedx)")
fi

step "Tried"
if [ "$own" = "$built/$program" ]; then
    case $target in *-linux-*)
        # An empty folder as its whole file system: no library, no terminal database, no locale.
        if [ "$(id -u)" = 0 ] && has chroot; then
            mkdir "$work/empty" && cp -r "$folder/sample" "$built/$program" "$work/empty/"
            status=0
            chroot "$work/empty" /hotfixcheck scan /sample/nt4 --one-line || status=$?
            [ "$status" = 1 ] || { echo "build_release.sh: exit code $status in an empty root, expected 1" >&2; exit 1; }
        else
            left_out+=("trial in an empty root: not root")
        fi ;;
    esac
    "$own" scan "$folder/sample/win2000" --one-line || [ $? = 1 ]
fi

(cd "$files" && find . -maxdepth 1 -type f ! -name SHA256SUMS -printf '%P\n' | LC_ALL=C sort | xargs sha256sum >SHA256SUMS)
step "Built"
(cd "$files" && ls -l)
for what in "${left_out[@]}"; do echo "left out: $what"; done
[ "${RELEASE_STRICT:-}" != 1 ] || [ ${#left_out[@]} = 0 ]
