"""Checkpoints: size and root of a log in three lines, and signatures under them.

References:
    - C2SP, tlog-checkpoint.md and signed-note.md (github.com/C2SP/C2SP)

"""

import base64
import binascii
import hashlib
from pathlib import Path
from typing import Protocol

import msgspec

from clew.errors import UsageError

ED25519 = 1
_DASH = "\u2014 "
_ROOT, _KEY_ID = 32, 4
_LINES = 3


class Checkpoint(msgspec.Struct, frozen=True):
    """A log at one moment."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


class Signature(msgspec.Struct, frozen=True):
    """One signature under a checkpoint."""

    name: str
    key_id: bytes
    value: bytes


class Note(msgspec.Struct):
    """A checkpoint with its signatures, and what is wrong with them."""

    checkpoint: Checkpoint
    signatures: tuple[Signature, ...]
    problems: list[str] = []
    signed_by: list[str] = []
    """Names whose signature was checked and is right."""


class Signer(Protocol):
    """Whoever holds a key: a file, or a token."""

    name: str
    public: bytes

    def sign(self, data: bytes) -> bytes:
        """Sign with Ed25519."""


def signed(checkpoint: Checkpoint, *signers: Signer) -> str:
    """The checkpoint as a signed note; without a signer its three lines alone."""
    lines = [checkpoint.text]
    for number, signer in enumerate(signers):
        check_name(signer.name)
        signature = key_id(signer.name, signer.public) + signer.sign(checkpoint.text.encode())
        first = "" if number else "\n"
        lines.append(f"{first}{_DASH}{signer.name} {base64.b64encode(signature).decode()}\n")
    return "".join(lines)


def parse(note: str) -> Note:
    """Read a note, or a text that holds one between other lines; UsageError where there is none."""
    lines = [line.strip() for line in note.replace("\r", "").split("\n")]
    for start in range(len(lines) - _LINES + 1):
        checkpoint = _checkpoint(lines[start : start + _LINES])
        if checkpoint:
            return Note(checkpoint, tuple(_signatures(lines[start + _LINES :])))
    raise UsageError(
        "there is no checkpoint in this text",
        do="Give the three lines of a checkpoint: its origin, the size, and the root.",
    )


def read(file: Path) -> str:
    """The checkpoint in a report of ours, or the text of the file itself."""
    text = file.read_text("utf-8", "replace")
    begin, end = '<pre class="checkpoint">', "</pre>"
    if begin in text:
        return text.partition(begin)[2].partition(end)[0]
    return text


def check(note: Note, verifier: str) -> None:
    """Check the signatures of one key, given as ``name+id+key``; add what is wrong to the note."""
    name, public = parse_verifier(verifier)
    mine = [s for s in note.signatures if s.name == name and s.key_id == key_id(name, public)]
    if not mine:
        note.problems.append(f"the checkpoint is not signed by {name}")
    for signature in mine:
        if is_right(public, signature.value, note.checkpoint.text.encode()):
            note.signed_by.append(name)
        else:
            note.problems.append(f"the signature of {name} is not of this checkpoint")


def check_name(name: str) -> None:
    """UsageError where this can't be a signer's name: it would be torn apart when it is read."""
    if not name or "+" in name or any(c.isspace() or not c.isprintable() for c in name):
        raise UsageError(
            f"{name!r} can't be the name of a signer: it is empty, or has a space or a plus in it",
            do="Name it as in: --name es.example/custody",
        )


def verifier(name: str, public: bytes) -> str:
    """The public key in the form in which it is handed over."""
    check_name(name)
    key = base64.b64encode(bytes([ED25519]) + public).decode()
    return f"{name}+{key_id(name, public).hex()}+{key}"


def parse_verifier(text: str) -> tuple[str, bytes]:
    """Name and public key; UsageError where it is no verifier key."""
    parts = text.strip().split("+", 2)
    try:
        name, stated, key = parts[0], bytes.fromhex(parts[1]), base64.b64decode(parts[2])
    except (IndexError, ValueError, binascii.Error) as error:
        raise UsageError(
            "this is no verifier key", do="It has the form NAME+ID+KEY; copy it whole."
        ) from error
    if key[:1] != bytes([ED25519]) or stated != key_id(name, key[1:]):
        raise UsageError(
            "this verifier key is damaged, or of a kind that is not known",
            do="Ask for it again; its id must fit its name and key.",
        )
    return name, key[1:]


def key_id(name: str, public: bytes) -> bytes:
    """The first bytes of a hash over name, kind and key."""
    hashed = hashlib.sha256(name.encode() + b"\n" + bytes([ED25519]) + public)
    return hashed.digest()[:_KEY_ID]


def _checkpoint(lines: list[str]) -> Checkpoint | None:
    origin, size, root = lines
    if not origin or not size.isascii() or not size.isdigit() or str(int(size)) != size:
        return None
    try:
        hashed = base64.b64decode(root, validate=True)
    except (ValueError, binascii.Error):
        return None
    return Checkpoint(origin, int(size), hashed) if len(hashed) == _ROOT else None


def _signatures(lines: list[str]) -> list[Signature]:
    found: list[Signature] = []
    for line in lines:
        if found and not line.startswith(_DASH):
            break  # what follows may be another checkpoint
        name, _, written = line.removeprefix(_DASH).rpartition(" ")
        if line.startswith(_DASH) and name:
            try:
                value = base64.b64decode(written, validate=True)
            except (ValueError, binascii.Error):
                continue
            found.append(Signature(name, value[:_KEY_ID], value[_KEY_ID:]))
    return found


def is_right(public: bytes, signature: bytes, data: bytes) -> bool:
    """Whether a signature of Ed25519 is of these data, by this key."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True
