"""Which Microsoft hotfixes are missing from these Windows files?

The engine of the program ``hotfixcheck``, in process: for Spark, Ray, pandas, and scripts.

    >>> import hotfixcheck
    >>> snapshot = hotfixcheck.inventory("data/sample/nt4")
    >>> answer = hotfixcheck.judge(snapshot, host="pc1")
    >>> answer["outcome"], [article["kb"] for article in answer["articles"]]

An answer is the line that ``hotfixcheck judge --stdin`` writes (``docs/judged.schema.json``). The catalogue is opened at the
first call, once for each process. Every function may be called from many threads: the interpreter's lock is released while
it works. A process may be forked at any time, except while :func:`judge_many` is running in it. It uses no network and no
configuration file, and prints nothing.
"""

from __future__ import annotations

import json
import os
from typing import Any, Dict, Iterable, Iterator, List, Mapping, Optional, Sequence, Tuple, Union

from . import _native
from ._native import HotfixcheckError, __version__

__all__ = [
    "HotfixcheckError",
    "Judge",
    "__version__",
    "article",
    "articles",
    "extract",
    "inventory",
    "judge",
    "judge_lines",
    "judge_many",
    "scan",
    "versions",
]

#: A path of a file or folder.
Path = Union[str, "os.PathLike[str]"]
#: An inventory: a snapshot or list as parsed from JSON by Python, its text or bytes (also compressed by gzip or Zstandard), or,
#: as a ``PathLike``, the file that contains it.
Inventory = Union[Mapping[str, Any], Sequence[Any], str, bytes, "os.PathLike[str]"]
#: One of many hosts: a line of ``hotfixcheck judge --stdin`` as a dictionary (``host``, and ``inventory`` or ``path``, perhaps
#: ``format`` and ``hotfixes``), as its JSON text, or as a pair of host and inventory.
Host = Union[Mapping[str, Any], str, bytes, Tuple[str, Inventory]]


class Judge:
    """The settings for all hosts. It is cheap to make, and threads can share it.

    :param articles: judge only these articles: ids (``"Q265433"``, ``"KB836769"``), bulletins (``"MS02-018"``) or names of
        corrected files.
    :param cves: judge only the articles that correct these vulnerabilities.
    :param severity: judge only articles of this rating or a higher one: ``low``, ``moderate``, ``important``, ``critical``.
    :param all: list fixed, superseded and unknown articles, too.
    :param fail_on: the lowest verdict that is a finding: ``missing``, ``likely-missing``, ``unknown``, ``never``.
    :param os: the Windows of the hosts, by default from their registry or kernel files: ``"Windows NT 4.0"``, ``"xp"``.
    :param service_pack: the service pack of ``os``.
    :param machine: the processor of files whose inventory does not contain it: ``i386``, ``x64``, …
    :param format: the format of inventories; detected if not given: ``snapshot``, ``sigcheck``, ``osquery``, ``powershell``,
        ``filever``, ``velociraptor``, ``mftecmd``, ``csv``.
    :param include: use only files whose path matches one of these patterns.
    :param exclude: leave out files and folders whose path matches one of these patterns.
    :raises HotfixcheckError: for an unknown value.
    """

    def __init__(
        self,
        *,
        articles: Optional[Iterable[str]] = None,
        cves: Optional[Iterable[str]] = None,
        severity: Optional[str] = None,
        all: bool = False,
        fail_on: str = "missing",
        os: Optional[str] = None,
        service_pack: Optional[str] = None,
        machine: Optional[str] = None,
        format: Optional[str] = None,
        include: Optional[Iterable[str]] = None,
        exclude: Optional[Iterable[str]] = None,
    ) -> None:
        options = {
            "articles": _texts("articles", articles),
            "cves": _texts("cves", cves),
            "severity": severity,
            "all": all,
            "fail_on": fail_on,
            "os": os,
            "service_pack": service_pack,
            "machine": machine,
            "format": format,
            "include": _texts("include", include),
            "exclude": _texts("exclude", exclude),
        }
        self._options = options
        self._native = _native.Judge(options)

    def __repr__(self) -> str:
        given = (f"{name}={value!r}" for name, value in self._options.items() if value and (name, value) != ("fail_on", "missing"))
        return f"Judge({', '.join(given)})"

    def __reduce__(self) -> Any:
        # Spark and Ray send it to other processes.
        return (_judge_of, (self._options,))

    def judge(
        self,
        inventory: Inventory,
        *,
        host: Optional[str] = None,
        format: Optional[str] = None,
        hotfixes: Optional[str] = None,
    ) -> Dict[str, Any]:
        """Judge one inventory.

        :param inventory: see :data:`Inventory`. A ``str`` is the text of an inventory; a file is given as ``pathlib.Path``.
        :param host: its name, which the answer contains.
        :param format: the format of this inventory.
        :param hotfixes: the text of a list of installed updates: ``reg export``, ``systeminfo``, ``wmic qfe``, ``Get-HotFix``.
        :returns: the line that ``hotfixcheck judge --stdin`` writes for it.
        :raises HotfixcheckError: where that line would have an ``error``.
        """
        if isinstance(inventory, os.PathLike):
            return _dict(self._native.path(inventory, host, format, hotfixes))
        if isinstance(inventory, str):
            document = inventory.encode("utf-8", "surrogatepass")
        elif isinstance(inventory, (bytes, bytearray, memoryview)):
            document = bytes(inventory)
        else:
            document = _json(inventory)
        return _dict(self._native.document(document, host, format, hotfixes))

    def judge_many(self, hosts: Iterable[Host], *, threads: Optional[int] = None) -> Iterator[Dict[str, Any]]:
        """Judge many hosts on all processors. The answers come in the order of the hosts, while further hosts are being judged.

        :param hosts: see :data:`Host`. They are taken one by one, so that memory does not grow with their number.
        :param threads: the number of threads; by default one for each processor that this process may use.
        :returns: one answer for each host, numbered from 1 (``line``). A host that cannot be judged has ``error``; the others
            are judged normally. An exception of ``hosts`` itself is raised here.
        """
        return map(_dict, self.judge_lines(map(_line, hosts), threads=threads))

    def judge_lines(self, lines: Iterable[Union[str, bytes]], *, threads: Optional[int] = None) -> Iterator[bytes]:
        """Like ``hotfixcheck judge --stdin``: reads one line of JSON for each host, and returns one line of JSON (with its end).

        :param lines: an open file, a list, a generator. Empty lines are counted and skipped.
        :param threads: as in :meth:`judge_many`.
        """
        threads = _processors() if threads is None else threads
        if threads < 1:
            raise ValueError(f"threads: expected 1 or more, found {threads}")
        return self._native.lines(map(_bytes, lines), threads)

    def scan(self, path: Path, *, host: Optional[str] = None) -> Dict[str, Any]:
        """Judge the Windows files below a folder, in a disk image, or in a snapshot file.

        :returns: as :meth:`judge`. Files that could not be read are counted in ``files``, and make the outcome incomplete.
        :raises HotfixcheckError: for a path that cannot be read at all.
        """
        return _dict(self._native.path(path, host, None, None))


def judge(
    inventory: Inventory,
    *,
    host: Optional[str] = None,
    format: Optional[str] = None,
    hotfixes: Optional[str] = None,
    articles: Optional[Iterable[str]] = None,
    **options: Any,
) -> Dict[str, Any]:
    """Judge one inventory: :meth:`Judge.judge`, with the options of :class:`Judge`."""
    return _with(articles, options).judge(inventory, host=host, format=format, hotfixes=hotfixes)


def judge_many(
    hosts: Iterable[Host],
    *,
    threads: Optional[int] = None,
    articles: Optional[Iterable[str]] = None,
    **options: Any,
) -> Iterator[Dict[str, Any]]:
    """Judge many hosts on all processors: :meth:`Judge.judge_many`, with the options of :class:`Judge`."""
    return _with(articles, options).judge_many(hosts, threads=threads)


def judge_lines(
    lines: Iterable[Union[str, bytes]],
    *,
    threads: Optional[int] = None,
    articles: Optional[Iterable[str]] = None,
    **options: Any,
) -> Iterator[bytes]:
    """Like ``hotfixcheck judge --stdin``: :meth:`Judge.judge_lines`, with the options of :class:`Judge`."""
    return _with(articles, options).judge_lines(lines, threads=threads)


def scan(
    path: Path,
    *,
    host: Optional[str] = None,
    articles: Optional[Iterable[str]] = None,
    **options: Any,
) -> Dict[str, Any]:
    """Judge the Windows files below a folder or in an image: :meth:`Judge.scan`, with the options of :class:`Judge`."""
    return _with(articles, options).scan(path, host=host)


def inventory(*paths: Path, sniff: bool = False) -> Dict[str, Any]:
    """A snapshot of folders or images, as written by ``hotfixcheck inventory``: for :func:`judge`, now or years later.

    :param sniff: record Windows binaries that have another file name, too.
    """
    if not paths:
        raise TypeError("inventory() needs a path")
    return _dict(_native.inventory(list(paths), sniff))


def versions(path: Path) -> Dict[str, Any]:
    """The contents of one binary: ``format``, ``machine``, ``time_stamp``, ``checksum``, and ``version`` with both versions.

    ``version["outcome"]`` is ``found``, ``absent`` or ``corrupt``. If a version was found, ``fixed_file`` and ``fixed_product``
    are its numbers, and ``tables`` has its strings, one table for each language. A packed file (``TAPISRV.EX_``) is unpacked.

    :raises HotfixcheckError: for a file that cannot be read, or is not a Windows binary.
    """
    return _dict(_native.versions(path))


def extract(text: Union[str, bytes]) -> List[Dict[str, Any]]:
    """The facts of the Knowledge Base articles or the bulletin in a text, as printed by ``hotfixcheck extract``.

    :param text: plain text, Markdown or HTML; ``bytes`` are decoded as by the program.
    :raises HotfixcheckError: for a text that is not an article.
    """
    return _list(_native.extract(text.encode("utf-8", "surrogatepass") if isinstance(text, str) else bytes(text)))


def article(id: Union[str, int]) -> Dict[str, Any]:
    """The facts of an article of the catalogue.

    :param id: in any common spelling: ``"Q265433"``, ``"KB836769"``, ``265433``.
    :raises HotfixcheckError: for an id that the catalogue does not have; the message names the nearest ones.
    """
    (found,) = _list(_native.article(str(id)))
    return found


def articles(name: str) -> List[Dict[str, Any]]:
    """The articles for an id, a bulletin (``MS02-018``), a vulnerability or the name of a corrected file.

    :raises HotfixcheckError: if there is none.
    """
    return _list(_native.articles(name))


_DEFAULT: Optional[Judge] = None


def _with(articles: Optional[Iterable[str]], options: Dict[str, Any]) -> Judge:
    global _DEFAULT
    if articles is not None or options:
        return Judge(articles=articles, **options)
    if _DEFAULT is None:
        _DEFAULT = Judge()
    return _DEFAULT


def _judge_of(options: Dict[str, Any]) -> Judge:
    return Judge(**options)


def _texts(name: str, texts: Optional[Iterable[str]]) -> List[str]:
    if isinstance(texts, str):
        # A text is also an iterable of letters.
        raise TypeError(f"{name}: expected several texts, as in [{texts!r}]")
    return list(texts or ())


def _dict(text: bytes) -> Dict[str, Any]:
    value: Dict[str, Any] = json.loads(text)
    return value


def _list(text: bytes) -> List[Dict[str, Any]]:
    value: List[Dict[str, Any]] = json.loads(text)
    return value


def _json(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), default=_default).encode("ascii")


def _default(value: Any) -> Any:
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, bytes):
        return value.decode("utf-8")
    raise TypeError(f"not a value of JSON: {type(value).__name__}")


def _line(host: Host) -> bytes:
    """The line of a host."""
    if isinstance(host, (str, bytes)):
        return _bytes(host)
    if isinstance(host, tuple):
        name, inventory = host
        member = "path" if isinstance(inventory, os.PathLike) else "inventory"
        return _json({"host": name, member: inventory})
    return _json(host)


def _bytes(line: Union[str, bytes]) -> bytes:
    return line.encode("utf-8", "surrogatepass") if isinstance(line, str) else bytes(line)


def _processors() -> int:
    """The processors that this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        # Only Linux reports that.
        return os.cpu_count() or 1
