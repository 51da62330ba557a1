#!/usr/bin/env bash
# Builds hfcollect.exe for every 32-bit Windows from NT 3.51 and 95 on. The same sources and the same compiler give the
# same bytes on every machine and at any time.
#
# usage: build.sh [FOLDER]      (default: target/collectors)
#
# Needs Debian's gcc-mingw-w64-i686 (MINGW=prefix names another one); no other library, and none of the compiler's own.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=${1:-$here/../target/collectors}
tool=${MINGW:-i686-w64-mingw32}
for need in "$tool-gcc" "$tool-windres"; do
    command -v "$need" >/dev/null || { echo "build.sh: $need is not installed (Debian: apt-get install gcc-mingw-w64-i686)" >&2; exit 2; }
done
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$here/../Cargo.toml" | head -n 1)
[ -n "$version" ] || { echo "build.sh: no version in Cargo.toml" >&2; exit 2; }
numbers=$(printf '%s' "${version%%[-+]*}" | tr . ,),0

# Nothing of the day, the folder or the user may get in.
export SOURCE_DATE_EPOCH=0 LC_ALL=C TZ=UTC
objects=$(mktemp -d)
trap 'rm -rf "$objects"' EXIT
mkdir -p "$folder"
cd "$here/hfcollect"

# The oldest processor that Windows 95 and NT 3.51 run on, and nothing that a loader of 1995 does not know.
compile=(-std=gnu89 -pedantic -Wall -Wextra -Werror -Wno-long-long -Wno-overlength-strings
    -Os -march=i386 -mtune=i386 -mno-mmx -mno-sse -ffreestanding -fno-builtin -fno-stack-protector
    -fno-asynchronous-unwind-tables -fno-ident -frandom-seed=hfcollect -ffile-prefix-map="$here"=.
    -D_WIN32_WINNT=0x0400 -DWINVER=0x0400 -DHFCOLLECT_VERSION="\"$version\"")
for source in base source block pe old binary packed hive registry facts updates systems records cabinet walk hfcollect; do
    "$tool-gcc" "${compile[@]}" -c "$source.c" -o "$objects/$source.o"
    list="${list:-} $objects/$source.o"
done
"$tool-windres" -DHFCOLLECT_VERSION="\\\"$version\\\"" -DHFCOLLECT_NUMBERS="$numbers" hfcollect.rc "$objects/resources.o"
# shellcheck disable=SC2086 # a list of files without blanks
"$tool-gcc" -nostdlib -s -o "$folder/hfcollect.exe" $list "$objects/resources.o" \
    -Wl,-e,_start -Wl,--subsystem,console:3.10 -Wl,--major-os-version=3 -Wl,--minor-os-version=10 \
    -Wl,--disable-dynamicbase -Wl,--disable-nxcompat -Wl,--disable-reloc-section -Wl,--no-insert-timestamp \
    -Wl,--no-seh -lkernel32
sha256sum "$folder/hfcollect.exe"
