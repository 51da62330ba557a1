#!/usr/bin/env python3
"""Lists the crates that the steps of .ci/run compile more than once, because they ask for other features of a dependency.

usage: built_twice.py

crates/feature-unification keeps that list empty: give it the dependency that asks for more. Exit code 1 if there is one. It
reads the plan of each step (`--unit-graph`, an unstable option of cargo) and compiles nothing.
"""
import collections
import json
import os
import subprocess
import sys

STEPS = [
    ["check", "--workspace", "--all-targets", "--features", "hotfixcheck-py/extension"],
    ["build", "--workspace", "--features", "hotfixcheck-py/extension"],
    ["build", "--bin", "hotfixcheck"],  # as `cargo run`
    ["doc", "--workspace", "--no-deps"],
    ["bench", "--no-run", "--profile", "dev"],
    ["test", "--no-run"],
]


def units(step):
    command = ["cargo", step[0], "--locked", "--unit-graph", "-Z", "unstable-options", *step[1:]]
    environment = dict(os.environ, RUSTC_BOOTSTRAP="1", PYO3_NO_PYTHON="1", CARGO_PROFILE_DEV_DEBUG="0")
    plan = json.loads(subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True).stdout)
    own, known = plan["units"], {}

    def form(place):
        """What makes a unit one of its own: its features, and those of all that it needs."""
        if place not in known:
            unit = own[place]
            profile = {key: value for key, value in unit["profile"].items() if key != "name"}
            needs = sorted(form(need["index"]) for need in unit["dependencies"])
            known[place] = hash(json.dumps([unit["features"], profile, unit["mode"], needs], sort_keys=True))
        return known[place]

    for place, unit in enumerate(own):
        if unit["mode"] in ("check", "build") and unit["target"]["kind"] != ["custom-build"]:
            target = unit["target"]
            yield (unit["pkg_id"].split("/")[-1], target["kind"][0], target["name"], unit["mode"]), form(place)


# A crate that build.rs needs, too, or that is also its own test, has two forms in one step.
forms = collections.defaultdict(list)
for step in STEPS:
    of_step = collections.defaultdict(set)
    for name, form in units(step):
        of_step[name].add(form)
    for name, own in of_step.items():
        forms[name].append(own)
twice = sorted(name for name, steps in forms.items() if len(set().union(*steps)) > max(map(len, steps)))
for package, kind, target, mode in twice:
    print(f"{package}: {kind} {target} ({mode})")
print(f"{len(twice)} of {len(forms)} are compiled in more than one form", file=sys.stderr)
sys.exit(bool(twice))
