"""Whether a folder is a valid bag: complete, unchanged, and with no name that leads elsewhere.

Bags of every version are read, since partners and archives send older ones. What is wrong is a
problem; what RFC 8493 advises against, or an older version let pass, is a warning. ``fetch.txt`` is
never followed: what it names must be there.

References:
    - RFC 8493, The BagIt File Packaging Format (V1.0), 2 and 3
    - Library of Congress, bagit-conformance-suite

"""

import codecs
import hashlib
import os
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec

from clew.exchange.sealing import bag
from clew.exchange.sealing.member import HASHED
from clew.exchange.sealing.names import colliding

_DECLARED = re.compile(
    r"BagIt-Version: (\d+)\.(\d+) ?\r?\nTag-File-Character-Encoding: ([\w.-]+)\s*"
)
_MANIFEST = re.compile(r"(tag)?manifest-([a-z0-9]+)\.txt")
_ELSEWHERE = re.compile(r"[/~\\]|[A-Za-z]:|%\w+%|(.*/)?\.\.(/|$)")
_FETCHED = re.compile(r"\S+[ \t]+(?:\d+|-)[ \t]+(.+)")
_STRICT = (1, 0)
"""First version in which every manifest lists every file, and each once."""
_OF_SYSTEMS = frozenset(("thumbs.db", "desktop.ini", ".ds_store"))
_HASHING = 2
"""Files that are hashed at a time: reading and hashing leave the other processor free."""


class Verdict(msgspec.Struct, frozen=True):
    """What was found of a bag."""

    problems: tuple[str, ...]
    """What makes it no valid bag; none of one that is."""
    warnings: tuple[str, ...]
    info: bag.Info = ()
    """Tags of ``bag-info.txt``, in order."""


class _NoBag(Exception):
    """It can't be read as a bag at all."""


def check(folder: Path) -> Verdict:
    """Read a bag to its last byte, and say what is wrong with it."""
    checking = _Check(folder)
    try:
        checking.all()
    except _NoBag as error:
        checking.problems.append(str(error))
    return Verdict(tuple(checking.problems), tuple(checking.warnings), tuple(checking.info))


class _Check:
    """A bag that is being read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.problems: list[str] = []
        self.warnings: list[str] = []
        self.info: list[tuple[str, str]] = []
        self._encoding = "utf-8"
        self._version = _STRICT

    def all(self) -> None:
        """Every check, in the order of RFC 8493, 3."""
        self._declaration()
        files = dict(self._files())
        payload = {name for name in files if name.startswith(bag.DATA)}
        manifests = {n: found for n in files if (found := _MANIFEST.fullmatch(n))}
        if not any(found[1] is None for found in manifests.values()):
            raise _NoBag("it has no manifest of its payload")
        wanted: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for name, found in manifests.items():
            self._manifest(name, found[2], wanted, payload if found[1] is None else None)
        if odd := sorted(payload - {n for n in wanted if n.startswith(bag.DATA)}):
            self.problems.append(f"{odd[0]} is in no manifest")
        self._fetch(payload)
        self._digests(wanted)
        self._info(payload, files)
        self._advice(files)

    def _declaration(self) -> None:
        try:
            raw = (self._folder / "bagit.txt").read_bytes()
            found = _DECLARED.fullmatch(raw.decode("utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise _NoBag("there is no bagit.txt that can be read") from error
        if not found:
            raise _NoBag("bagit.txt does not say its version and encoding as it must")
        self._version = (int(found[1]), int(found[2]))
        try:
            self._encoding = codecs.lookup(found[3]).name
        except LookupError as error:
            raise _NoBag(f"the encoding {found[3]!r} is not known") from error

    def _files(self) -> Iterator[tuple[str, os.stat_result]]:
        """Plain files of the bag; a link in it is a problem, since it can lead elsewhere."""
        for folder, _, names in os.walk(self._folder):
            for name in names:
                path = Path(folder, name)
                within = path.relative_to(self._folder).as_posix()
                if path.is_symlink() or not path.is_file():
                    self.problems.append(f"{within} is no plain file")
                else:
                    yield within, path.stat()

    def _text(self, name: str) -> str:
        try:
            text = (self._folder / name).read_bytes().decode(self._encoding)
        except (OSError, UnicodeDecodeError) as error:
            raise _NoBag(f"{name} can't be read in {self._encoding}") from error
        if text.startswith("\ufeff"):
            raise _NoBag(f"{name} begins with a byte order mark")
        return text

    def _manifest(
        self, name: str, algorithm: str, wanted: dict[str, dict[str, set[str]]],
        payload: set[str] | None,
    ) -> None:  # fmt: skip
        """Digests that a manifest asks for; ``payload`` is what it must list, if it is of that."""
        if algorithm not in hashlib.algorithms_available:
            self.problems.append(f"the algorithm of {name} is not known")
            return
        text = self._text(name)
        try:
            lines = list(bag.listed(text))
        except ValueError as error:
            raise _NoBag(f"{name}: {error}") from error
        if "*" in text:
            self.warnings.append(f"{name} marks files by asterisks, as md5sum writes them")
        seen: Counter[str] = Counter()
        for listed, digest in lines:
            path = self._within(listed, name)
            if path is not None:
                seen[path] += 1
                wanted[path][algorithm].add(digest)
        for path in (path for path, times in seen.items() if times > 1):
            said = self.problems if self._version >= _STRICT else self.warnings
            said.append(f"{name} lists {path} more than once")
        missing = sorted(payload - set(seen)) if payload and self._version >= _STRICT else ()
        if missing:
            self.problems.append(f"{name} does not list {missing[0]}")

    def _within(self, listed: str, name: str) -> str | None:
        """A path of a manifest as a name in the bag; None where it leads out of it."""
        if _ELSEWHERE.match(listed):
            self.problems.append(f"{name} names {listed!r}, which leads out of the bag")
            return None
        if listed.startswith("./"):
            self.warnings.append(f"{name} names {listed!r} with a dot")
            listed = listed.removeprefix("./")
        if (self._folder / listed).is_file():
            return listed
        return self._other_form(listed) or listed

    def _other_form(self, listed: str) -> str | None:
        """The file of a name in another form of Unicode."""
        for form in ("NFC", "NFD"):
            other = unicodedata.normalize(form, listed)
            if (self._folder / other).is_file():
                self.warnings.append(f"{listed!r} is there in another form of Unicode")
                return other
        return None

    def _fetch(self, payload: set[str]) -> None:
        if not (self._folder / "fetch.txt").is_file():
            return
        for line in self._text("fetch.txt").splitlines():
            found = _FETCHED.fullmatch(line.strip())
            if line.strip() and not found:
                raise _NoBag(f"fetch.txt: the line {line[:60]!r} names no file")
            path = found and self._within(bag.unescaped(found[1]), "fetch.txt")
            if path and path not in payload:
                self.problems.append(f"{path} is still to be fetched")

    def _digests(self, wanted: dict[str, dict[str, set[str]]]) -> None:
        """Hash every file once, in all algorithms that are asked for."""
        asked = sorted(wanted)
        with ThreadPoolExecutor(_HASHING) as hashing:
            found = hashing.map(lambda name: _hashed(self._folder / name, wanted[name]), asked)
            for name, digests in zip(asked, found, strict=True):
                if digests is None:
                    self.problems.append(f"{name} is missing")
                elif any(wanted[name][a] != {digests[a]} for a in digests):
                    self.problems.append(f"{name} is not what its manifest says")

    def _info(self, payload: set[str], files: dict[str, os.stat_result]) -> None:
        if bag.INFO not in files:
            return
        try:
            self.info = list(bag.tags(self._text(bag.INFO)))
        except ValueError as error:
            raise _NoBag(f"{bag.INFO}: {error}") from error
        oxum = f"{sum(files[name].st_size for name in payload)}.{len(payload)}"
        for label, value in self.info:
            if label.lower() == bag.OXUM.lower() and value != oxum:
                self.problems.append(f"the payload is {oxum}, and {bag.OXUM} says {value}")

    def _advice(self, files: dict[str, os.stat_result]) -> None:
        for name, met in colliding(sorted(files)):
            self.warnings.append(f"{name} and {met} are one file where case is not told apart")
        for name in files:
            if name.rpartition("/")[2].lower() in _OF_SYSTEMS:
                self.warnings.append(f"{name} is a file of an operating system")


def _hashed(path: Path, algorithms: dict[str, set[str]]) -> dict[str, str] | None:
    """Digests of a file; None where it can't be read."""
    hashing = {name: hashlib.new(name, usedforsecurity=False) for name in algorithms}
    buffer = memoryview(bytearray(HASHED))
    try:
        with path.open("rb", buffering=0) as file:
            while size := file.readinto(buffer):
                for one in hashing.values():
                    one.update(buffer[:size])
    except OSError:
        return None
    return {name: one.hexdigest() for name, one in hashing.items()}
