"""What a package says of itself outside and inside, and the signatures under both.

The envelope is signed over the ciphertext, so that it is checked before anything is decrypted. The
inner statement is signed too and names sender and receivers: contents can't be passed on as one's
own. Both are canonical JSON, so that one statement is one row of bytes, and both begin with a line
of their own when they are signed, so that neither signature can stand for the other.
"""

import base64
import binascii
import re
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import uuid4

import msgspec

from clew.casefile.custody.canonical import canonical
from clew.casefile.custody.checkpoint import Signer, is_right
from clew.errors import UsageError
from clew.exchange.markings import Handling, Tlp
from clew.exchange.moments import moment, stated

FORMAT = "clew-package/1"
OUTER = b"clew package envelope, version 1\n"
"""What stands before an envelope when it is signed."""
INNER = b"clew package contents, version 1\n"
"""What stands before the inner statement when it is signed."""
PARTY = re.compile(r"[A-Z0-9][A-Za-z0-9_-]{0,39}")
"""Who sends or receives, such as ``ES`` or ``PT-unit4``: it names a file too."""
_PACKAGE = re.compile(r"(urn:uuid:)?[a-z0-9][a-z0-9-]{7,63}")
Statement = TypeVar("Statement", bound="Header")


class Header(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True,
    rename={"sender": "from", "receivers": "to"},
):  # fmt: skip
    """What envelope and contents both say; no person and no exhibit stands here."""

    package: str
    """Id of the package, as ``package_id`` makes one."""
    case: str
    """Id of the sender's case."""
    sender: str
    """Who sends, by the id under which partners register each other."""
    receivers: tuple[str, ...]
    """Who may open it, sorted."""
    sealed_at: str
    """When, in UTC, as ``2026-11-30T12:00:00Z``."""
    handling: tuple[str, ...] = ()
    """Handling codes of the whole package, such as ``H1``."""
    tlp: str = ""
    """Traffic Light Protocol, such as ``TLP:AMBER``."""
    supersedes: str | None = None
    """Id of an earlier package that this one replaces."""
    recalls: str | None = None
    """Id of an earlier package that is taken back."""
    format: str = msgspec.field(default=FORMAT)


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file beside the envelope."""

    name: str
    size: int
    sha256: str


class Lock(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The key of the contents, closed for one receiver."""

    name: str
    receiver: str
    kind: str
    """``age``, ``cms`` or ``openpgp``."""
    size: int
    sha256: str


class Envelope(Header, frozen=True, kw_only=True):
    """What stands outside: the header, and every lock and volume."""

    locks: tuple[Lock, ...]
    volumes: tuple[Part, ...]


class Inner(Header, frozen=True, kw_only=True):
    """What stands inside: the header, and the tag manifest that all contents hang on."""

    tagmanifest_sha256: str


def package_id() -> str:
    """A new id of a package: ``urn:uuid:`` and a UUID."""
    return uuid4().urn


def now() -> str:
    """The moment, as a header has it."""
    return stated(datetime.now(UTC))


def check(header: Header) -> None:
    """Raise UsageError where a header can't be one of a package."""
    if not header.receivers:
        raise UsageError("a package needs a receiver", do="Name one; nothing was written.")
    if wrong := wrong_in(header):
        raise UsageError(f"a package can't say {wrong}", do="Nothing was written.")


def wrong_in(header: Header) -> str | None:
    """What in a header is not as it may be; None where all is."""
    named = (header.sender, *header.receivers)
    for name in named:
        if not PARTY.fullmatch(name):
            return f"the party {name!r}"
    if header.format != FORMAT:
        return f"the format {header.format!r}"
    if list(header.receivers) != sorted(set(header.receivers)) or not header.receivers:
        return "its receivers in this way: each once, sorted"
    try:
        moment(header.sealed_at)
    except ValueError:
        return f"the moment {header.sealed_at!r}"
    return _wrong_marking(header) or _wrong_packages(header)


def _wrong_marking(header: Header) -> str | None:
    """A code or light that is none would bar nothing where it is read."""
    if unknown := sorted({*header.handling} - {*Handling}):
        return f"the handling code {unknown[0]!r}"
    if header.tlp and header.tlp not in {*Tlp}:
        return f"the label {header.tlp!r}"
    return None


def _wrong_packages(header: Header) -> str | None:
    for package in (header.package, header.supersedes, header.recalls):
        if package is not None and not _PACKAGE.fullmatch(package):
            return f"the package {package!r}"
    if header.supersedes and header.recalls:
        return "that it supersedes one package and recalls another"
    if header.package in (header.supersedes, header.recalls):
        return "that it takes its own place"
    return None


def written(statement: Header) -> bytes:
    """The one row of bytes of a statement."""
    fields: dict[str, Any] = {"format": FORMAT, **msgspec.to_builtins(statement)}
    return canonical(fields).encode()


def read(data: bytes, kind: type[Statement]) -> Statement:
    """A statement by its bytes; ValueError where they are not the one row of bytes that it has."""
    try:
        statement = msgspec.json.decode(data, type=kind)
        again = written(statement)
    except (msgspec.MsgspecError, UnicodeError, TypeError) as error:
        raise ValueError(str(error)) from error
    if again != data:
        raise ValueError("it is not written in the one way that it has")
    if wrong := wrong_in(statement):
        raise ValueError(f"it says {wrong}")
    return statement


def shared(statement: Header) -> dict[str, Any]:
    """What envelope and contents must both say."""
    return {name: getattr(statement, name) for name in Header.__struct_fields__}


def signature(begins: bytes, data: bytes, signer: Signer) -> bytes:
    """A signature as it stands in a file: Ed25519 in base64, one line."""
    return base64.b64encode(signer.sign(begins + data)) + b"\n"


def is_signed(begins: bytes, data: bytes, signed: bytes, public: bytes) -> bool:
    """Whether a signature is of these bytes, by this key, and written in the one way it has."""
    try:
        value = base64.b64decode(signed)
    except binascii.Error:
        return False
    one_way = base64.b64encode(value) + b"\n" == signed
    return one_way and is_right(public, value, begins + data)
