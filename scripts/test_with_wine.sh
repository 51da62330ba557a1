#!/usr/bin/env bash
# Builds for 64-bit Windows and runs the tests under Wine. On Windows itself, use `cargo test`.
#
# usage: test_with_wine.sh [ARGUMENTS OF cargo test...]
#
# Needs the target x86_64-pc-windows-gnu, its linker (Debian: gcc-mingw-w64-x86-64) and wine64. Wine before 9 lacks
# bcryptprimitives.dll, which Rust's standard library needs for random numbers: a library with one function replaces it.
set -euo pipefail
cd "$(dirname "$0")/.."

target=x86_64-pc-windows-gnu
export WINEPREFIX="${WINEPREFIX:-$PWD/target/wine}" WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml="
for need in x86_64-w64-mingw32-gcc wine; do
    command -v "$need" >/dev/null || { echo "$need is not installed" >&2; exit 2; }
done
mkdir -p "$WINEPREFIX"
wine cmd /c exit 2>/dev/null || true
system32="$WINEPREFIX/drive_c/windows/system32"
if [ ! -e "$system32/bcryptprimitives.dll" ]; then
    printf '%s\n' '#include <windows.h>' '#include <ntsecapi.h>' \
        '__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T size) { return RtlGenRandom(data, (ULONG)size); }' |
        x86_64-w64-mingw32-gcc -shared -x c - -o "$system32/bcryptprimitives.dll" -ladvapi32
fi
# A test binary that hangs only ends itself.
export CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUNNER="timeout --kill-after=5 900 wine"
exec cargo test --locked --no-fail-fast --target "$target" "$@"
