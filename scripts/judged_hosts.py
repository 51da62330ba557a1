"""Runs `judge` and `explain` on made-up hosts, for check_verdicts.py: the program's findings on each file."""
import collections
import json
import os
import re
import subprocess
import sys
import tempfile

from made_inventories import inventory_of, path_of


def fail(why):
    print(why, file=sys.stderr)
    sys.exit(2)


def answers_of(program, hosts, *options):
    """The articles of each host in the output of `judge`."""
    lines = (json.dumps({"host": str(at), "inventory": inventory_of(files)}) for at, files in enumerate(hosts))
    command = [program, "judge", "--stdin", "--all", *options]
    try:
        run = subprocess.run(command, input="\n".join(lines) + "\n", capture_output=True, text=True, check=False)
    except OSError as error:
        fail(f"cannot run '{program}': {error.strerror}")
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    if len(answers) != len(hosts):
        fail(f"'{program} judge' answered {len(answers)} of {len(hosts)} hosts: {run.stderr.strip()[-500:]}")
    for answer in answers:
        if answer["error"]:
            fail(f"host {answer['host']}: {answer['error']}")
        yield answer["articles"]


def told_of(files, articles):
    """For each file, the findings of its bulletin's articles on it: (article, verdict, reason, required)."""
    of_file = collections.defaultdict(list)
    for article in articles:
        for finding in article["findings"]:
            where = (finding["file"] or "").lower()
            told = (article["kb"], finding["verdict"], finding["reason"], finding["required"])
            of_file[where].extend((bulletin, told) for bulletin in article["bulletins"])
    for file in files:
        found = of_file[path_of(file).lower()]
        yield list(dict.fromkeys(told for bulletin, told in found if bulletin == file["bulletin"]))


def judge(program, hosts, *options):
    """Adds to each file the findings on it."""
    for files, articles in zip(hosts, answers_of(program, hosts, *options)):
        for file, told in zip(files, told_of(files, articles)):
            file["findings"] = told


def answer_of(file):
    """The answer of the article with the row; "both" if another article of the bulletin gives a wrong answer on the file."""
    articles = collections.defaultdict(set)
    for article, verdict, _, required in file["findings"]:
        if verdict != "not-applicable":
            articles[article].add((verdict, required))
    if not articles:
        return "not applicable"

    def whole(findings):
        verdicts = {verdict for verdict, _ in findings}
        return next((verdict for verdict in ("missing", "unknown", "fixed") if verdict in verdicts), "likely")

    wanted = file["row"]["version"]
    own = [findings for findings in articles.values() if any(numbers(required) == wanted for _, required in findings)]
    answers = {whole(findings) for findings in own or articles.values()}
    all_answers = {whole(findings) for findings in articles.values()}
    answer = next(answer for answer in ("missing", "fixed", "unknown", "likely") if answer in answers)
    # An article without a certain answer does not hide another one that is wrong (MS08-008).
    wrong = "fixed" if file["found"] < wanted else "missing"
    return "both" if {"missing", "fixed"} <= all_answers or (wrong in all_answers and answer != wrong) else answer


def numbers(version):
    return tuple(int(part) for part in version.split(".")) if version and re.fullmatch(r"[\d.]+", version) else None


def keep(file, folder, host=None):
    """Writes the inventory of a file, or of its host."""
    path = os.path.join(folder, f"{file['id']}.json")
    with open(path, "w", encoding="utf-8") as out:
        json.dump(inventory_of(host or [file]), out)
    return path


def explain(program, file):
    """The reasons why nothing applies, from `explain`: `judge` does not list articles that are not applicable."""
    with tempfile.TemporaryDirectory() as folder:
        command = [program, "explain", file["bulletin"], "--inventory", keep(file, folder), "--format", "json"]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        report = json.loads(run.stdout)
    except ValueError:
        return []
    findings = [
        (article["id"], finding["verdict"], finding["reason"], (finding["required"] or {}).get("version"))
        for article in report["articles"]
        for finding in article["findings"]
        if finding["file"] and (finding["required"] or {}).get("file", "").lower() == file["name"]
    ]
    return list(dict.fromkeys(findings))


def shown(file):
    row = file["row"]
    system = f"{'XP x64' if file['xp64'] else file['line']} SP{file['pack']} {file['system']}"
    found = ".".join(map(str, file["found"]))
    told = "; ".join(f"{kb} {verdict} {reason} {required}" for kb, verdict, reason, required in file["findings"][:4])
    where = f"{file['page']}:{row['line']}"
    own = " ".join(".".join(map(str, version)) for version in file.get("own", ()))
    return f"{file['id']} {file['bulletin']} {system} {file['branch'] or '-'} {file['machine']} {file['name']} {found}" \
        f"{', own rows ' + own if own else ''}\n" \
        f"      {where}: {row['heading'][:110]} | {re.sub(' +', ' ', row['raw'])}\n      {told or '-'}"
