"""Files of sites: a list of statements that travels on a stick or as codes on paper.

The first line of a signed file names the site and its key, every other is a statement and has the
site's signature over its id. Each names the one before it, so the last signature is checked for all
that stands before it without a gap. Lines may come in any order, as whoever scans codes has them.
"""

import base64
import binascii
import hashlib
from itertools import zip_longest
from pathlib import Path
from typing import Any

import msgspec

from clew.casefile.custody.checkpoint import is_right
from clew.casefile.custody.identity import read_aloud
from clew.errors import EvidenceError, UsageError
from clew.operation.statements import as_line, of_line
from clew.records import Statement

FORM = 1
"""Version of the form of these files."""
_MOST_BYTES = 512 << 20
_KEY_BYTES = 32
_SIGNED = b"clew statement, version 1\n"


class Head(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The first line of a file that is signed."""

    clew_site: int
    site: str
    public_key: str


class SiteFile(msgspec.Struct, frozen=True, kw_only=True):
    """What a file of a site holds."""

    name: str
    site: str
    statements: tuple[Statement, ...]
    """By number."""
    sha256: str
    public_key: str | None
    """Key that signs it, in base64; empty of a file that is not signed."""
    signature: str | None
    """Signature over the last statement's id."""

    @property
    def last(self) -> str | None:
        """Id of the last statement."""
        return self.statements[-1].statement_id if self.statements else None

    @property
    def fingerprint(self) -> str:
        """What two people read to each other to compare the key; empty without one."""
        return fingerprint(self.public_key) if self.public_key else ""


def fingerprint(public_key: str) -> str:
    """What two people read to each other to compare a site's key."""
    return read_aloud(base64.b64decode(public_key))


def signed_text(identifier: str) -> bytes:
    """What a site signs of a statement."""
    return _SIGNED + identifier.encode()


def head_line(site: str, public_key: str) -> bytes:
    """First line of a file that is signed."""
    return msgspec.json.encode(Head(clew_site=FORM, site=site, public_key=public_key)) + b"\n"


def line_of(statement: Statement, signature: str | None = None) -> bytes:
    """A line of a file."""
    line = as_line(statement)
    return msgspec.json.encode(line | ({"signature": signature} if signature else {})) + b"\n"


def read_site(file: Path) -> SiteFile:
    """A file of a site, checked; EvidenceError of one that was changed or is of several sites."""
    try:
        if file.stat().st_size > _MOST_BYTES:
            raise _refused(file.name, f"it has more than {_MOST_BYTES >> 20} MiB")
        content = file.read_bytes()
    except OSError as error:
        raise UsageError(
            f"{file} can't be read: {error.strerror}", do="Look to its path, and run it again."
        ) from error
    return parsed(content, file.name)


def parsed(content: bytes, name: str) -> SiteFile:
    """A file of a site by its bytes, checked."""
    lines = [line for line in content.removeprefix(b"\xef\xbb\xbf").splitlines() if line.strip()]
    heads = {line for line in lines if line.startswith(b'{"clew_site"')}
    if len(heads) > 1:
        raise _refused(name, "it has parts of several lists")
    head = _head(heads.pop(), name) if heads else None
    said = [
        (of_line(line, f"line {number} of {name}"), line)
        for number, line in enumerate(lines, 1)
        if not line.startswith(b'{"clew_site"')
    ]
    sites = {one.site for one, _ in said} | ({head.site} if head else set())
    if len(sites) != 1:
        raise _refused(name, f"it is of {len(sites)} sites" if sites else "nothing stands in it")
    ordered = sorted(said, key=lambda s: (s[0].seq, s[0].statement_id))
    if head:
        _check_signatures(ordered, head.public_key, name)
    return SiteFile(
        name=name,
        site=sites.pop(),
        statements=tuple({one.statement_id: one for one, _ in ordered}.values()),
        sha256=hashlib.sha256(content).hexdigest(),
        public_key=head.public_key if head else None,
        signature=_signature(ordered[-1][1]) if head and ordered else None,
    )


def _head(line: bytes, name: str) -> Head:
    try:
        head = msgspec.json.decode(line, type=Head)
        key = base64.b64decode(head.public_key, validate=True)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise _refused(name, f"its first line is damaged ({error})") from error
    if head.clew_site != FORM or len(key) != _KEY_BYTES:
        raise _refused(name, "it is of a form that this version does not read")
    return head


def _check_signatures(said: list[tuple[Statement, bytes]], public_key: str, name: str) -> None:
    """Every statement is signed by the key: itself, or by one that follows from it."""
    key = base64.b64decode(public_key)
    before = [one.previous for one, _ in said[1:]]
    for (one, line), following in zip_longest(said, before):
        if following == one.statement_id:
            continue
        try:
            signature = base64.b64decode(_signature(line) or "", validate=True)
        except (binascii.Error, ValueError):
            signature = b""
        if not is_right(key, signature, signed_text(one.statement_id)):
            raise _refused(name, f"statement {one.seq} is not signed by the key of the site")


def _signature(line: bytes) -> str | None:
    found = msgspec.json.decode(line, type=dict[str, Any]).get("signature")
    return found if isinstance(found, str) else None


def _refused(name: str, why: str) -> EvidenceError:
    return EvidenceError(
        f"{name} is refused: {why}",
        do="Nothing of it was merged. Ask the site for its file once more, whole and unchanged.",
    )
