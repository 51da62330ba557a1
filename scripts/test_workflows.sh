#!/usr/bin/env bash
# Checks action.yml, the workflows and the recipes of docs/ci.md with their public schemas, which are part of the
# checker. Needs Python 3 with venv, and PyPI; the exit code is 77 if one is missing.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv" >/dev/null 2>&1 || { echo "skipped: no Python 3 with venv"; exit 77; }
"$work/venv/bin/pip" install --quiet --disable-pip-version-check check-jsonschema==0.39.0 || { echo "skipped: no PyPI"; exit 77; }
check() { "$work/venv/bin/check-jsonschema" --builtin-schema "vendor.$1" "${@:2}"; }

check github-actions action.yml
check github-workflows .github/workflows/*.yml

# The recipes: a whole workflow has `jobs`, GitLab's has a `script` in each job; parts of workflows are not checked.
awk -v folder="$work" '
    /^```yaml/ { file = sprintf("%s/recipe-%d.yml", folder, ++count); next }
    /^```/ { file = "" }
    file { print > file }' docs/ci.md
recipes=("$work"/recipe-*.yml)
[ -e "${recipes[0]}" ] || { echo "docs/ci.md has no recipe" >&2; exit 1; }
checked=0
for recipe in "${recipes[@]}"; do
    case $(grep -cE '^jobs:' "$recipe"),$(grep -cE '^  script:' "$recipe") in
        1,*) check github-workflows "$recipe"; checked=$((checked + 1)) ;;
        0,[1-9]*) check gitlab-ci --data-transform gitlab-ci "$recipe"; checked=$((checked + 1)) ;;
    esac
done
[ "$checked" -ge 2 ] || { echo "docs/ci.md: $checked recipes were checked, expected one of GitHub and one of GitLab" >&2; exit 1; }
echo "$checked recipes of docs/ci.md, the action and the workflows are well-formed"
