"""The compiled half of hotfixcheck: bytes of JSON in and out. Use the package itself."""

from os import PathLike
from typing import Any, Dict, Iterator, List, Optional, Union

__version__: str

class HotfixcheckError(Exception):
    """A request that hotfixcheck refuses; the message is that of the program."""

class Judge:
    def __new__(cls, options: Dict[str, Any]) -> "Judge": ...
    def document(
        self,
        inventory: bytes,
        host: Optional[str] = None,
        format: Optional[str] = None,
        hotfixes: Optional[str] = None,
    ) -> bytes: ...
    def path(
        self,
        path: Union[str, "PathLike[str]"],
        host: Optional[str] = None,
        format: Optional[str] = None,
        hotfixes: Optional[str] = None,
    ) -> bytes: ...
    def lines(self, lines: Iterator[bytes], threads: int) -> "Answers": ...

class Answers(Iterator[bytes]):
    def __iter__(self) -> "Answers": ...
    def __next__(self) -> bytes: ...

def extract(text: bytes) -> bytes: ...
def article(id: str) -> bytes: ...
def articles(name: str) -> bytes: ...
def versions(path: Union[str, "PathLike[str]"]) -> bytes: ...
def inventory(paths: List[Union[str, "PathLike[str]"]], sniff: bool) -> bytes: ...
