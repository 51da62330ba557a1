#!/usr/bin/env bash
# Prints the notes of a release: its section of CHANGELOG.md, and the build tools of the files.
# usage: scripts/release_notes.sh VERSION
set -euo pipefail
cd "$(dirname "$0")/.."
version=${1:?usage: scripts/release_notes.sh VERSION}
section=$(awk -v head="## $version" '
    index($0, "## ") == 1 { inside = ($0 == head || index($0, head " ") == 1); next }
    inside' CHANGELOG.md)
[ -n "${section//[[:space:]]/}" ] || { echo "CHANGELOG.md has no section '## $version'" >&2; exit 1; }
cat <<NOTES
$section

## Check what you downloaded

    sha256sum --check --ignore-missing SHA256SUMS
    gh attestation verify FILE --repo ${GITHUB_REPOSITORY:-OWNER/hotfixcheck}

\`hfcollect.exe\` is built by \`collectors/build.sh\` with $(i686-w64-mingw32-gcc --version 2>/dev/null | head -n 1 || true): the same
compiler gives the same bytes.
NOTES
