"""BagIt: manifests and tags as RFC 8493 has them, and a bag written as one stream.

The payload goes first and is hashed as it passes; manifests follow it, so that nothing is read
twice and no copy is made. ``clew.exchange.sealing.bagcheck`` checks any bag.

References:
    - RFC 8493, The BagIt File Packaging Format (V1.0)

"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from clew.errors import UsageError
from clew.exchange.sealing.digest import Digest
from clew.exchange.sealing.member import Member
from clew.exchange.sealing.names import MOST, colliding, unsafe

DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
"""All of ``bagit.txt``."""
DATA = "data/"
MANIFEST, TAG_MANIFEST = "manifest-sha256.txt", "tagmanifest-sha256.txt"
INFO = "bag-info.txt"
OXUM = "Payload-Oxum"
_ENCODED = re.compile(r"%(0[Aa]|0[Dd]|25)")
_LINE = re.compile(r"([0-9A-Fa-f]+)[ \t]++\*?(\s*+\S.*)")
"""What is matched is not given back: a line of a million blanks would else be tried in each way."""
Info = Sequence[tuple[str, str]]
"""Tags of ``bag-info.txt`` in order; one may stand more than once."""


def manifest(digests: Iterable[tuple[str, str]]) -> bytes:
    """A manifest of names and digests, sorted by name."""
    lines = (f"{digest}  {escaped(name)}\n" for name, digest in sorted(digests))
    return "".join(lines).encode()


def listed(text: str) -> Iterator[tuple[str, str]]:
    """Name and digest of each line of a manifest; ValueError of a line that is none."""
    for line in text.splitlines():
        if not line.strip():
            continue
        found = _LINE.fullmatch(line)
        if not found:
            raise ValueError(f"the line {line[:60]!r} is no digest and name")
        yield unescaped(found[2]), found[1].lower()


def escaped(name: str) -> str:
    """A name in a manifest: line ends and the percent sign stand as in a URL (RFC 8493, 2.1.3)."""
    return name.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")


def unescaped(name: str) -> str:
    """A name as it was before it was written into a manifest."""
    return _ENCODED.sub(lambda found: chr(int(found[1], 16)), name)


def info(tags: Info) -> bytes:
    """The lines of ``bag-info.txt``; UsageError of a tag that would not be read as it is."""
    for label, value in tags:
        if not label or ":" in label or not label.isprintable() or not value.isprintable():
            raise UsageError(
                f"the tag {label!r} of the bag can't be written",
                do="A label has no colon, and neither label nor value a line end.",
            )
    return "".join(f"{label}: {value}\n" for label, value in tags).encode()


def tags(text: str) -> Iterator[tuple[str, str]]:
    """Labels and values of a tag file, in order; lines that go on begin with white space."""
    label, value = "", ""
    for line in text.splitlines():
        if line[:1].isspace() and label:
            value += f" {line.strip()}"
            continue
        if label:
            yield label, value
        label, sign, value = (part.strip() for part in line.partition(":"))
        if line.strip() and (not sign or not label):
            raise ValueError(f"the line {line[:60]!r} is no label and value")
    if label:
        yield label, value


class Bag:
    """A bag as it is written: payload first, and the tag files that follow from it."""

    def __init__(self, members: Iterable[Member], about: Info) -> None:
        self._members = members
        self._about = about
        self._digests: dict[str, str] = {}
        self.members: list[tuple[str, int, str]] = []
        """Name, size and SHA-256 of each member, as it was when it passed."""
        self.size = 0
        """Bytes of the payload."""
        self.tagmanifest_sha256 = ""
        """SHA-256 of the tag manifest, on which the whole bag hangs; empty until it is written."""

    def __iter__(self) -> Iterator[Member]:
        """Every file of the bag by its name in it, in the order in which it is to be written."""
        yield Member.of("bagit.txt", DECLARATION)
        with ThreadPoolExecutor(1) as beside:
            for member in self._members:
                yield self._payload(member, Digest(beside))
        self._refuse_collisions()
        oxum = (OXUM, f"{self.size}.{len(self._digests)}")
        tag_files = {
            "bagit.txt": DECLARATION,
            INFO: info([*self._about, oxum]),
            MANIFEST: manifest(self._digests.items()),
        }
        last = manifest((name, _sha256(content)) for name, content in tag_files.items())
        self.tagmanifest_sha256 = _sha256(last)
        for name in (INFO, MANIFEST):
            yield Member.of(name, tag_files[name])
        yield Member.of(TAG_MANIFEST, last)

    def _payload(self, member: Member, digest: Digest) -> Member:
        name = DATA + member.name
        if wrong := unsafe(f"bag/{name}"):
            raise _unwritable(member.name, wrong)
        if name in self._digests:
            raise _unwritable(member.name, "there is another of this name")
        if len(self._digests) == MOST:
            raise UsageError(f"a package holds at most {MOST} files", do="Send fewer at a time.")
        self._digests[name] = ""
        return Member(name, member.size, self._hashed(name, member, digest))

    def _hashed(self, name: str, member: Member, digest: Digest) -> Iterator[bytes | memoryview]:
        passed = 0
        for chunk in member.chunks:
            digest.update(chunk)
            passed += len(chunk)
            yield chunk
        if passed != member.size:
            raise UsageError(
                f"{member.name} has {passed} bytes and was said to have {member.size}",
                do="It changed while it was packed: pack again. No package was made.",
            )
        self._digests[name] = digest.hexdigest()
        self.members.append((name.removeprefix(DATA), passed, self._digests[name]))
        self.size += passed

    def _refuse_collisions(self) -> None:
        for name, met in colliding(self._digests):
            raise _unwritable(name, f"the same as {met} where case is not told apart")


def _unwritable(name: str, why: str) -> UsageError:
    return UsageError(
        f"{name!r} can't be the name of a file in a package: {why}",
        do="Name it otherwise. No package was made.",
    )


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
