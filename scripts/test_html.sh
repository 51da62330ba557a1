#!/usr/bin/env bash
# Makes the HTML pages of the program and checks them with two tools: vnu (the Nu Html Checker) for the markup and the
# style, before and after the page's script has run; axe in headless Chromium for people who use a keyboard or a screen
# reader, in light and dark, at 1280 and 360 pixels, with all details opened. Neither may find a problem.
#
# usage: test_html.sh [FOLDER]                  (the pages stay in FOLDER; default: a temporary one)
#
# Needs Node.js 18 or later, Java 17 or later, Chromium and the npm registry; HTML_CHECKERS names a node_modules folder
# that already has axe-core and vnu-jar. If something is missing, the exit code is 77: not tested. HOTFIXCHECK names the
# program (default: the one that `cargo build` makes).
set -euo pipefail
cd "$(dirname "$0")/.."

skip() { echo "not tested: $*" >&2; exit 77; }
step() { printf '\n== %s\n' "$*"; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
pages=${1:-$work/pages}
mkdir -p "$pages" "$work/stands"

if [ "${CI:-}" = true ] && [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    missing=()
    command -v java >/dev/null || missing+=(default-jre-headless)
    command -v npm >/dev/null || missing+=(nodejs npm)
    command -v chromium >/dev/null || missing+=(chromium)
    if [ ${#missing[@]} -gt 0 ]; then
        DEBIAN_FRONTEND=noninteractive timeout 120 apt-get -qq -o DPkg::Lock::Timeout=100 install --yes --no-install-recommends \
            "${missing[@]}" >/dev/null 2>&1 || echo "not installed: ${missing[*]}" >&2
    fi
fi
command -v node >/dev/null && command -v npm >/dev/null || skip "no node and npm (Debian: nodejs, npm)"
command -v java >/dev/null || skip "no java (Debian: default-jre-headless)"
for CHROMIUM in "${CHROMIUM:-}" chromium chromium-browser google-chrome ""; do
    [ -z "$CHROMIUM" ] || ! command -v "$CHROMIUM" >/dev/null || break
done
[ -n "$CHROMIUM" ] || skip "no chromium (Debian: chromium)"
export CHROMIUM
if [ -z "${HTML_CHECKERS:-}" ]; then
    # Their installation needs no scripts.
    timeout 120 npm install --prefix "$work/npm" --ignore-scripts --no-audit --no-fund --loglevel error \
        axe-core@4.14.1 vnu-jar@26.9.27 >"$work/log" 2>&1 ||
        skip "axe-core and vnu-jar cannot be installed: $(tail -n 1 "$work/log")"
    HTML_CHECKERS=$work/npm/node_modules
fi
if [ -z "${HOTFIXCHECK:-}" ]; then
    cargo build --locked
    HOTFIXCHECK=$(cargo metadata --locked --format-version 1 --no-deps |
        node -e 'process.stdout.write(JSON.parse(require("fs").readFileSync(0, "utf8")).target_directory)')/debug/hotfixcheck
fi

step "The pages"
# page NAME CODES OPTION...: a report; its exit code must be one of CODES.
page() {
    local name=$1 codes=$2 status=0
    shift 2
    "$HOTFIXCHECK" scan --no-config --no-progress "$@" --format html -o "$pages/$name.html" 2>"$work/log" || status=$?
    [[ " $codes " == *" $status "* ]] || { cat "$work/log" >&2; echo "$name: exit code $status, expected one of $codes" >&2; exit 1; }
    printf '%9s bytes  %s\n' "$(wc -c <"$pages/$name.html")" "$name"
}
whole=(--all --plan --include-inactive)
page nt4 1 data/sample/nt4
page nt4-whole 1 data/sample/nt4 "${whole[@]}"
page win2000 1 data/sample/win2000
page nt4-win2000 1 data/sample/nt4 data/sample/win2000
page all-samples 1 data/sample/*

mkdir "$work/empty"
page empty 4 "$work/empty"

# What is required, waived and rated; articles that are not there.
printf 'Q310626\nQ283015\nKB999999\n' >"$work/required.txt"
{
    printf '[[waiver]]\nkb = "Q310626"\nreason = "The vendor forbids it <b>until</b> the stop in March."\nexpires = 2099-03-31\n'
    printf '[[waiver]]\nkb = "Q265433"\nreason = "gone"\nexpires = 2001-01-01\n'
} >"$work/policy.toml"
status=0
"$HOTFIXCHECK" scan --config "$work/policy.toml" --no-progress data/sample/nt4 "${whole[@]}" --require "$work/required.txt" --format html \
    -o "$pages/policy.html" 2>/dev/null || status=$?
[ "$status" -eq 1 ]
page severity "1 3" data/sample/nt4 data/sample/win2000 --severity critical

# Names and damage of every kind.
mkdir -p "$work/odd/WINNT/System32/a & b <i>x"
cp data/sample/nt4/WINNT/System32/TAPISRV.EXE "$work/odd/WINNT/System32/a & b <i>x/"
cp data/sample/nt4/WINNT/System32/TAPISRV.EXE "$work/odd/WINNT/System32/"
head -c 700 data/sample/nt4/WINNT/System32/TAPISRV.EXE >"$work/odd/WINNT/System32/mpradmin.dll"
printf 'MZ' >"$work/odd/WINNT/System32/\"'lprmon.dll"
printf 'no program' >"$work/odd/WINNT/System32/lprmon.dll"
cp data/sample/nt4/WINNT/System32/TAPISRV.EXE "$work/odd/WINNT/System32/"$'caf\xe9'.dll
page odd "1 3" "$work/odd" "${whole[@]}" --sniff

# Every tenth name of the built-in catalogue in one folder; and a catalogue with 1,000 articles on the files of a sample.
{
    echo path,version,machine
    awk -F'\t' '$1 == "F" && $4 ~ /^[A-Za-z0-9_]+\.(dll|exe|sys|ocx|drv)$/ { print tolower($4) }' data/catalog.tsv data/bulletins.tsv | sort -u |
        sed -n '0~10 s/.*/C:\\WINDOWS\\System32\\&,5.1.2600.1,i386/p'
} >"$work/names.csv"
page names "1" --inventory "$work/names.csv" --all
awk 'BEGIN {
    print "hotfixcheck-catalog\t1"
    for (n = 0; n < 1000; n++) {
        printf "A\tKB%d\t%d-%02d-%02d\tProblem %d of a component & more\n", 10000000 + n, 1996 + n % 7, 1 + n % 12, 1 + n % 28, n
        printf "P\tWindows NT Server 4.0\nF\t9\ttable\tTapisrv.exe\t4.0.1381.%d\n", 100 + n % 250 * 31
    }
}' >"$work/large.tsv"
page articles-1000 1 data/sample/nt4 --catalog "$work/large.tsv" --all
[ "$(grep -c 'class="article"' "$pages/articles-1000.html")" -eq 1000 ] || { echo "articles-1000 has not 1,000 articles" >&2; exit 1; }

# Fleets: large, small, one that lacks nothing, and one with hosts that cannot be read.
"$HOTFIXCHECK" inventory data/sample/nt4 --no-progress -o "$work/nt4.json" 2>/dev/null
examples/fleet/make_hosts.py "$work/nt4.json" 300 "$work/hosts300"
examples/fleet/make_hosts.py "$work/nt4.json" 3 "$work/hosts3"
page fleet-300 1 --inventory "$work/hosts300"
page fleet-3 1 --inventory "$work/hosts3"
page fleet-3-top 1 --inventory "$work/hosts3" --top 2
mkdir "$work/hosts-bad" "$work/hosts-good"
cp "$work/hosts3/host000000.json" "$work/hosts-bad/host <b>&.json"
echo '{"schema":"nothing"}' >"$work/hosts-bad/broken.json"
page fleet-broken 1 --inventory "$work/hosts-bad"
for host in one two; do printf 'path,version,machine\nC:\\WINNT\\System32\\nothing.dll,1.2.3.4,i386\n' >"$work/hosts-good/$host.csv"; done
page fleet-nothing 4 --inventory "$work/hosts-good"
# With every filter: three systems, ratings, and vulnerabilities that are known to be exploited.
mkdir "$work/hosts-rated"
for host in 5.0.2195.1,i386 5.1.2600.1,i386 10.0.22621.1,x64; do
    { echo path,version,machine; printf 'C:\\Windows\\System32\\%s\n' "ntoskrnl.exe,$host" "netapi32.dll,$host"; } >"$work/hosts-rated/${host%%,*}.csv"
done
page fleet-rated 1 --inventory "$work/hosts-rated"

step "axe"
wrong=0
node scripts/check_pages.mjs "$HTML_CHECKERS" "$work/stands" "$pages"/*.html || wrong=1

step "vnu"
# As JSON: each message with the markup that it is about. One kind is not a fault: the content policy does not apply to a block of data,
# which is not run, and of a style or script vnu takes the hash without the white space around it, which is part of it. Of one that the
# policy really stops the browser complains, above.
java -Xss4m -jar "$HTML_CHECKERS/vnu-jar/build/dist/vnu.jar" --exit-zero-always --stdout --format json "$pages" "$work/stands" >"$work/vnu.json"
node -e '
const { messages } = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8"));
const policy = ({ message }) => /^Inline (style|script) violates Content Security Policy/.test(message);
const left = messages.filter((one) => !policy(one));
for (const one of left.slice(0, 40)) {
  console.log(`${one.url.split("/").pop()}:${one.lastLine}: ${one.subType ?? one.type}: ${one.message}\n    ${one.extract ?? ""}`);
}
console.log(`${left.length} errors and warnings`);
process.exit(left.length ? 1 : 0);
' "$work/vnu.json" || wrong=1
find "$pages" "$work/stands" -name '*.html' | wc -l | xargs printf '%s files checked\n'
exit "$wrong"
