"""The Python module gives the answers of the program, byte for byte once they are JSON again (issue 17).

HOTFIXCHECK names the program. Run by scripts/test_wheel.sh; needs nothing but the standard library.
"""
import gzip
import io
import json
import multiprocessing
import os
import pathlib
import pickle
import subprocess
import sys
import tempfile
import threading
import time
import unittest

import hotfixcheck

PROGRAM = os.environ.get("HOTFIXCHECK", "hotfixcheck")
REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
SAMPLE = REPOSITORY / "data" / "sample"
TREES = sorted(path.name for path in SAMPLE.iterdir() if path.is_dir())
ARTICLE = """\
DOCUMENT:Q100001  03-NOV-2001  [winnt]
TITLE   :Telephony Server Loses Calls

The information in this article applies to:

 - Microsoft Windows NT Server version 4.0

RESOLUTION
==========

The fix has these file attributes, or later ones:

   Date         Time   Version        Size     File name    Platform
   -----------------------------------------------------------------
   02-Nov-2001  09:07  4.0.1381.7105  112,400  Tapisrv.exe  Intel
"""
SIGCHECK = '"Path","Verified","Machine Type","File Version"\r\n"C:\\WINNT\\System32\\tapisrv.exe","n/a","32-bit","4.00"\r\n'
FILEVER = "--a-- W32i   DLL ENU      4.0.1381.50 shp  1,000 01-02-1999 tapisrv.exe\n"


def program(*arguments, given=b"", codes=(0, 1, 3, 4)):
    """The program's standard output; it runs in the repository's folder."""
    run = subprocess.run([PROGRAM, *arguments], input=given, capture_output=True, cwd=REPOSITORY, check=False)
    assert run.returncode in codes, (run.returncode, run.stderr)
    return run.stdout


def text(value):
    """JSON as written by the program."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def judged(lines, *options):
    """The program's answers to some lines."""
    given = b"".join(line if isinstance(line, bytes) else text(line) + b"\n" for line in lines)
    return program("judge", "--stdin", "--no-config", *options, given=given, codes=(0, 1, 2, 3, 4)).splitlines(keepends=True)


def answered(answer):
    """The line of an answer."""
    return text(answer) + b"\n"


def first(line):
    """The line with the number of the first line of an input."""
    return answered({**json.loads(line), "line": 1})


class World(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        os.chdir(REPOSITORY)
        cls.snapshots = {tree: json.loads(program("inventory", f"data/sample/{tree}", "--no-progress")) for tree in TREES}


class Judging(World):
    def test_there_are_samples_with_findings(self):
        self.assertGreaterEqual(len(TREES), 5)
        self.assertTrue(any(hotfixcheck.judge(snapshot)["articles"] for snapshot in self.snapshots.values()))

    def test_the_answer_is_the_line_of_the_program(self):
        expected = judged({"host": tree, "inventory": snapshot} for tree, snapshot in self.snapshots.items())
        for (tree, snapshot), line in zip(self.snapshots.items(), expected):
            with self.subTest(tree):
                self.assertEqual(answered(hotfixcheck.judge(snapshot, host=tree)), first(line))

    def test_an_inventory_is_given_as_dictionary_text_bytes_or_file(self):
        snapshot = self.snapshots["nt4"]
        as_text = json.dumps(snapshot)
        expected = hotfixcheck.judge(snapshot)
        self.assertIsNone(expected["host"])
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "nt4.json"
            file.write_text(as_text)
            for given in (as_text, as_text.encode(), bytearray(as_text.encode()), gzip.compress(as_text.encode()), file):
                self.assertEqual(hotfixcheck.judge(given), expected, type(given))
            self.assertEqual(hotfixcheck.scan(file), expected)

    def test_a_list_of_another_tool_is_given_as_text_with_its_format(self):
        rows = [{"path": "C:\\WINNT\\System32\\tapisrv.exe", "file_version": "4.0.1381.7000", "mtime": "900000000", "size": "1"}]
        lists = [
            {"host": "list", "inventory": listed, **given}
            for form, listed in (("sigcheck", SIGCHECK), ("filever", FILEVER), ("osquery", rows), ("osquery", json.dumps(rows)))
            for given in ({}, {"format": form})
        ]
        for line, expected in zip(lists, judged(lists)):
            with self.subTest(line):
                answer = hotfixcheck.judge(**line)
                self.assertNotEqual(answer["files"]["known"], 0)
                self.assertEqual(answered(answer), first(expected))

    def test_options_are_those_of_the_program(self):
        snapshot = self.snapshots["nt4"]
        some = hotfixcheck.judge(snapshot)["articles"][0]["kb"]
        cases = [
            ({"all": True}, ["--all"]),
            ({"articles": [some, "MS02-018"]}, ["--kb", f"{some},MS02-018"]),
            ({"cves": ["CVE-2002-0648"]}, ["--cve", "CVE-2002-0648"]),
            ({"severity": "critical"}, ["--severity", "critical"]),
            ({"fail_on": "never"}, ["--fail-on", "never"]),
            ({"os": "nt4", "service_pack": "6a"}, ["--os", "nt4", "--service-pack", "6a"]),
            ({"machine": "alpha"}, ["--machine", "alpha"]),
            ({"exclude": ["**/System32/**"]}, ["--exclude", "**/System32/**"]),
            ({"include": ["**/*.exe"]}, ["--include", "**/*.exe"]),
        ]
        answers = set()
        for options, arguments in cases:
            with self.subTest(options):
                answer = hotfixcheck.judge(snapshot, host="nt4", **options)
                answers.add(text(answer))
                self.assertEqual([answered(answer)], judged([{"host": "nt4", "inventory": snapshot}], *arguments))
        self.assertGreater(len(answers), 5, "the options matter")

    def test_installed_updates_are_claims(self):
        updates = "HotFixID\r\nQ299444\r\nQ310626\r\n"
        snapshot = self.snapshots["nt4"]
        answer = hotfixcheck.judge(snapshot, host="a", hotfixes=updates)
        self.assertEqual([answered(answer)], judged([{"host": "a", "inventory": snapshot, "hotfixes": updates}]))

    def test_a_tree_is_scanned(self):
        paths = [{"host": tree, "path": f"data/sample/{tree}"} for tree in TREES]
        for line, expected in zip(paths, judged(paths)):
            with self.subTest(line):
                self.assertEqual(answered(hotfixcheck.scan(**line)), first(expected))

    def test_errors_are_exceptions_with_the_words_of_the_program(self):
        snapshot = self.snapshots["nt4"]
        report = {"schema": "hotfixcheck.report/1"}
        cases = [
            ({"inventory": "nothing known"}, lambda: hotfixcheck.judge("nothing known")),
            ({"inventory": report}, lambda: hotfixcheck.judge(report)),
            ({"inventory": snapshot, "format": "excel"}, lambda: hotfixcheck.judge(snapshot, format="excel")),
            ({"inventory": FILEVER, "format": "csv"}, lambda: hotfixcheck.judge(FILEVER, format="csv")),
            ({"path": "not/there"}, lambda: hotfixcheck.scan("not/there")),
            ({"path": "DATA/sample/nt4"}, lambda: hotfixcheck.scan("DATA/sample/nt4")),
            ({"path": "README.md", "format": "csv"}, lambda: hotfixcheck.judge(pathlib.Path("README.md"), format="csv")),
        ]
        for (line, call), answer in zip(cases, judged(line for line, _ in cases)):
            with self.subTest(line):
                with self.assertRaises(hotfixcheck.HotfixcheckError) as raised:
                    call()
                self.assertEqual(str(raised.exception), json.loads(answer)["error"])

    def test_options_that_name_nothing_known_are_exceptions(self):
        for options, words in (
            ({"articles": ["Q999998"]}, "not in the built-in catalogue"),
            ({"articles": ["none.such.dll"]}, "no article in the built-in catalogue lists a file 'none.such.dll'"),
            ({"cves": ["2002-0648"]}, "expected CVE-YEAR-NUMBER"),
            ({"severity": "awful"}, "use one of low, moderate, important, critical"),
            ({"fail_on": "always"}, "use one of missing, likely-missing, unknown, never"),
            ({"machine": "z80"}, "use one of i386, alpha"),
            ({"os": "Windows 1.0"}, "unknown system 'Windows 1.0'; use one of:"),
            ({"os": "nt4"}, "'nt4' needs a service pack"),
            ({"service_pack": "6a"}, "needs the name of its system"),
            ({"format": "excel"}, "use one of snapshot, sigcheck, osquery, powershell, filever, velociraptor, mftecmd, csv"),
        ):
            with self.subTest(options), self.assertRaises(hotfixcheck.HotfixcheckError) as raised:
                hotfixcheck.judge({}, **options)
            self.assertIn(words, str(raised.exception))
        with self.assertRaises(TypeError):
            hotfixcheck.judge({}, articles="Q265433")
        with self.assertRaises(TypeError):
            hotfixcheck.judge({}, no_such_option=1)
        with self.assertRaises(TypeError):
            hotfixcheck.judge({"schema": object()})


class Fleets(World):
    def hosts(self, count):
        for number in range(count):
            tree = TREES[number % len(TREES)]
            snapshot = self.snapshots[tree]
            files = snapshot["files"]
            yield {"host": f"{tree} {number}", "inventory": {**snapshot, "files": files[: len(files) - number % 3]}}

    def test_many_hosts_have_the_answers_of_the_program_in_their_order(self):
        hosts = list(self.hosts(60))
        expected = judged(hosts)
        self.assertEqual(len(expected), 60)
        for threads in (None, 1, 3):
            answers = [answered(answer) for answer in hotfixcheck.judge_many(hosts, threads=threads)]
            self.assertEqual(answers, expected, f"{threads} threads")
        self.assertEqual(list(hotfixcheck.judge_lines(map(text, hosts))), expected)

    def test_a_file_of_lines_is_answered_as_the_program_answers_it(self):
        good = text({"host": "good", "inventory": self.snapshots["nt4"]}) + b"\n"
        lines = [good, b"\n", b" \r\n", b'{"host":"cut","inventory":{"sch\n', b"no json\n", b"{}\n", b"[1]\n"]
        lines += [b'{"host":"bytes \xff","path":"data"}\n', b'{"host":12.50,"path":"not/there"}\n', b'{"host":"both","path":"a","inventory":{}}\n']
        lines += [b'{"host":"folder","path":"data/sample/nt4"}\n', b'{"host":"claims","path":"data/sample/nt4","hotfixes":"x"}\n', good]
        expected = judged(lines)
        self.assertEqual(len(expected), len(lines) - 2)
        self.assertEqual(list(hotfixcheck.judge_lines(io.BytesIO(b"".join(lines)))), expected)
        self.assertEqual([answer["line"] for answer in hotfixcheck.judge_many(lines)][:3], [1, 4, 5])

    def test_a_host_is_given_as_dictionary_line_or_pair(self):
        snapshot = self.snapshots["win2000"]
        (expected,) = judged([{"host": "pc", "inventory": snapshot}])
        path = pathlib.Path("data/sample/win2000")
        for host in ({"host": "pc", "inventory": snapshot}, json.dumps({"host": "pc", "inventory": snapshot}), ("pc", snapshot), ("pc", json.dumps(snapshot))):
            (answer,) = hotfixcheck.judge_many([host])
            self.assertEqual(answered(answer), expected)
        by_path = [list(hotfixcheck.judge_many([host])) for host in ({"host": "pc", "path": path}, ("pc", path))]
        self.assertEqual(by_path[0], by_path[1])
        self.assertIsNone(by_path[0][0]["error"])

    def test_hosts_are_taken_as_they_are_needed(self):
        taken = []

        def endless():
            for host in iter(lambda: {"host": "pc", "inventory": self.snapshots["nt4"]}, None):
                taken.append(1)
                yield host

        answers = hotfixcheck.judge_many(endless(), threads=2)
        for _ in range(5):
            next(answers)
        self.assertLess(len(taken), 5 + 2 * 8 + 1)

    def test_what_the_hosts_raise_is_raised(self):
        def broken():
            yield {"host": "pc", "inventory": self.snapshots["nt4"]}
            raise LookupError("the database is gone")

        with self.assertRaisesRegex(LookupError, "the database is gone"):
            list(hotfixcheck.judge_many(broken()))
        with self.assertRaises(ValueError):
            hotfixcheck.judge_many([], threads=0)
        self.assertEqual(list(hotfixcheck.judge_many([])), [])

    def test_the_interpreter_is_free_while_hosts_are_judged(self):
        # An inventory of many files, so that judging it takes longer than switching threads.
        snapshot = self.snapshots["nt4"]
        files = [{**file, "path": f"d{number}/{file['path']}"} for number in range(300) for file in snapshot["files"]]
        document = text({**snapshot, "files": files})
        ticks, done = [], threading.Event()

        def tick():
            while not done.is_set():
                ticks.append(time.monotonic())
                time.sleep(0.002)

        ticking = threading.Thread(target=tick)
        ticking.start()
        begin = time.monotonic()
        hotfixcheck.Judge()._native.document(document)
        end = time.monotonic()
        done.set()
        ticking.join()
        during = [moment for moment in ticks if begin < moment < end]
        self.assertGreater(len(during), 3, f"{end - begin:.3f} s")

    def test_threads_share_a_judge(self):
        judge = hotfixcheck.Judge(all=True)
        expected = judge.judge(self.snapshots["nt4"])
        answers = []
        threads = [threading.Thread(target=lambda: answers.append(judge.judge(self.snapshots["nt4"]))) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(answers, [expected] * 6)

    @unittest.skipUnless(hasattr(os, "fork"), "this system has no fork")
    def test_a_process_is_forked_after_hosts_were_judged(self):
        expected = hotfixcheck.judge(self.snapshots["nt4"], host="pc")
        many = list(hotfixcheck.judge_many([("pc", self.snapshots["nt4"])] * 3))
        with multiprocessing.get_context("fork").Pool(2) as pool:
            self.assertEqual(pool.apply_async(_judge, (self.snapshots["nt4"],)).get(60), expected)
            self.assertEqual(pool.apply_async(_judge_many, (self.snapshots["nt4"],)).get(60), many)
            self.assertEqual(pool.apply_async(_scan).get(60)["outcome"], "findings")

    def test_a_judge_goes_to_other_processes(self):
        judge = hotfixcheck.Judge(all=True, severity="critical")
        again = pickle.loads(pickle.dumps(judge))
        self.assertEqual(repr(again), "Judge(severity='critical', all=True)")
        self.assertEqual(again.judge(self.snapshots["nt4"]), judge.judge(self.snapshots["nt4"]))


def _judge(snapshot):
    return hotfixcheck.judge(snapshot, host="pc")


def _judge_many(snapshot):
    return list(hotfixcheck.judge_many([("pc", snapshot)] * 3))


def _scan():
    return hotfixcheck.scan("data/sample/nt4")


class Facts(World):
    def test_an_article_is_extracted_as_the_program_does_it(self):
        expected = json.loads(program("extract", "-", given=ARTICLE.encode()))
        self.assertEqual(expected[0]["id"], "Q100001")
        for given in (ARTICLE, ARTICLE.encode(), ARTICLE.replace("Loses", "Löses").encode("cp1252").replace(b"\xf6", b"o")):
            self.assertEqual(hotfixcheck.extract(given), expected)
        with self.assertRaises(hotfixcheck.HotfixcheckError) as raised:
            hotfixcheck.extract("no article at all")
        run = subprocess.run([PROGRAM, "extract", "-"], input=b"no article at all", capture_output=True, check=False)
        self.assertIn(str(raised.exception), run.stderr.decode())

    def test_an_article_of_the_catalogue(self):
        expected = json.loads(program("article", "Q310626", "--format", "json"))
        for id in ("Q310626", "KB310626", "310626", "kb 310626", 310626):
            self.assertEqual([hotfixcheck.article(id)], expected)
        for name in ("MS02-018", "CVE-2002-0648", "tapisrv.exe"):
            self.assertEqual(hotfixcheck.articles(name), json.loads(program("article", name, "--format", "json")))
        for id in ("Q1", "not an id"):
            with self.assertRaises(hotfixcheck.HotfixcheckError) as raised:
                hotfixcheck.articles(id)
            run = subprocess.run([PROGRAM, "article", id], capture_output=True, check=False)
            self.assertEqual(run.stderr.decode(), f"hotfixcheck: {raised.exception}\n")
        with self.assertRaises(hotfixcheck.HotfixcheckError):
            hotfixcheck.article("MS02-018")

    def test_a_snapshot_is_that_of_the_program(self):
        for tree, snapshot in self.snapshots.items():
            self.assertEqual(hotfixcheck.inventory(f"data/sample/{tree}"), snapshot)
        with self.assertRaises(hotfixcheck.HotfixcheckError):
            hotfixcheck.inventory("not/there")

    def test_versions_are_those_of_the_snapshot(self):
        seen = 0
        for tree, snapshot in self.snapshots.items():
            for file in snapshot["files"]:
                path = SAMPLE / tree / file["path"]
                if not path.is_file():
                    continue
                if "error" in file:
                    with self.assertRaises(hotfixcheck.HotfixcheckError):
                        hotfixcheck.versions(path)
                    continue
                found = hotfixcheck.versions(path)
                self.assertEqual((found["path"], found["size"]), (str(path), path.stat().st_size))
                self.assertEqual((found["machine"], found["checksum"]), (file.get("machine"), file.get("checksum")))
                if "version" in file:
                    block = snapshot["versions"][file["version"]]
                    self.assertIn(found["version"]["fixed_file"], json.dumps(block))
                    self.assertEqual(found["version"]["outcome"], "found")
                    seen += 1
        self.assertGreater(seen, 10)

    def test_what_is_no_binary_has_no_versions(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "a.dll"
            file.write_bytes(b"no binary")
            for path, words in ((file, "cannot read"), (folder, "it is a folder"), (pathlib.Path(folder) / "b.dll", "file not found")):
                with self.subTest(words), self.assertRaisesRegex(hotfixcheck.HotfixcheckError, words):
                    hotfixcheck.versions(path)


class Package(unittest.TestCase):
    def test_it_is_the_program_s_version(self):
        version = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True, check=True).stdout.split()
        self.assertEqual(hotfixcheck.__version__, version[1])

    def test_types_come_with_it(self):
        package = pathlib.Path(hotfixcheck.__file__).parent
        self.assertTrue((package / "py.typed").is_file() and (package / "_native.pyi").is_file())
        import ast

        told = {node.name for node in ast.parse((package / "_native.pyi").read_text()).body if hasattr(node, "name")}
        native = {name for name in dir(hotfixcheck._native) if not name.startswith("__")}
        self.assertEqual(told, native)

    def test_the_first_page_runs_as_it_is_written(self):
        os.chdir(REPOSITORY)
        page = (REPOSITORY / "python" / "README.md").read_text()
        code = page.split("```python\n")[1].split("```")[0]
        run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        self.assertRegex(run.stdout, r"^findings [1-9][0-9]*\nQ[0-9]+ ")

    def test_every_name_is_described(self):
        for name in hotfixcheck.__all__:
            self.assertTrue(name == "__version__" or getattr(hotfixcheck, name).__doc__, name)

    def test_importing_it_does_not_open_the_catalogue(self):
        code = "import time; t = time.perf_counter(); import hotfixcheck; print(time.perf_counter() - t)"
        run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        self.assertLess(float(run.stdout), 2.0)


if __name__ == "__main__":
    unittest.main()
