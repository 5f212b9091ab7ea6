"""Files of age for one identity, as a stream: how the payload of a package is sealed.

The format is that of ``age`` and is read by it. It is written here, on the ciphers of
``cryptography``, because a library that calls back into Python for every eight kibibytes takes
three times as long. A header that breaks the format in any way is refused.

References:
    - C2SP, age.md (github.com/C2SP/C2SP): header, X25519 stanzas, payload
    - C2SP/CCTV, age test vectors

"""

import base64
import binascii
import hmac
import os
import re
from collections.abc import Iterator
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from clew.exchange.sealing.locks import bech32

_BEGINS = b"age-encryption.org/v1\n"
_WRAPS = b"age-encryption.org/v1/X25519"
_KEY, _NONCE, _TAG = 16, 16, 16
"""Bytes of the file's key, of the payload's nonce, and of a chunk's tag."""
_CHUNK = 1 << 16
_SEALED = _CHUNK + _TAG
_AT_ONCE = 16
"""Chunks that are written at a time."""
_SHARE = 32
"""Bytes of a key of X25519."""
_LONGEST = 1 << 16
"""Bytes of the longest header that is read."""
_COLUMNS = 64
_STANZA = re.compile(rb"-> ([\x21-\x7e]+(?: [\x21-\x7e]+)*)")
_MAC = re.compile(rb"--- ([A-Za-z0-9+/]{43})")


class Sink(Protocol):
    """Where bytes are written to."""

    def write(self, data: memoryview, /) -> int:
        """Take all of the bytes, which stay as they are until the call after the next begins."""


class Source(Protocol):
    """Where bytes are read from."""

    def read(self, size: int, /) -> bytes:
        """So many bytes; fewer only at the end."""


def encrypt(pieces: Iterator[bytes | memoryview], into: Sink, secret: str) -> None:
    """Seal a stream for an identity; what the pieces raise is raised, and what is written is none.

    ``secret`` is the identity's text.
    """
    identity = _identity(secret)
    key, nonce = os.urandom(_KEY), os.urandom(_NONCE)
    into.write(memoryview(_header(key, identity.public_key()) + nonce))
    cipher = ChaCha20Poly1305(_derived(key, nonce, b"payload"))
    rooms = [memoryview(bytearray(_SEALED * _AT_ONCE)) for _ in range(2)]
    number = 0
    for group, is_last in _grouped(pieces):
        into.write(_sealed(cipher, group, number, rooms[0], is_last=is_last))
        rooms.reverse()
        number += len(group) // _CHUNK


def _sealed(
    cipher: ChaCha20Poly1305, plain: memoryview, number: int, room: memoryview, *, is_last: bool
) -> memoryview:
    """Some chunks, sealed in the room that is given; ``number`` is that of the first."""
    begins = range(0, len(plain) or 1, _CHUNK)
    for count, at in enumerate(begins):
        part = plain[at : at + _CHUNK]
        to = at + _TAG * count
        nonce = _nonce(number + count, ends=is_last and at + _CHUNK >= len(plain))
        cipher.encrypt_into(nonce, part, None, room[to : to + len(part) + _TAG])
    return room[: len(plain) + _TAG * len(begins)]


def decrypt(source: Source, into: Sink, secret: str) -> None:
    """Open a stream; ValueError where it is damaged, cut short or not for this identity.

    ``into`` has received plaintext by then, so it must be a file that nobody finds.
    """
    key, rest = _opened_header(source, _identity(secret))
    nonce, rest = _exactly(source, rest, _NONCE)
    cipher = ChaCha20Poly1305(_derived(key, nonce, b"payload"))
    size = _SEALED * _AT_ONCE
    room = memoryview(bytearray(size))
    sealed = rest + source.read(size - len(rest))
    number = 0
    while True:
        ahead = source.read(size)
        into.write(_opened(cipher, memoryview(sealed), number, room, is_last=not ahead))
        if not ahead:
            return
        sealed, number = ahead, number + _AT_ONCE


def _opened(
    cipher: ChaCha20Poly1305, sealed: memoryview, number: int, room: memoryview, *, is_last: bool
) -> memoryview:
    """Some chunks, opened in the room that is given; ``number`` is that of the first."""
    begins = range(0, len(sealed) or 1, _SEALED)
    for count, at in enumerate(begins):
        part = sealed[at : at + _SEALED]
        if len(part) < _TAG or (len(part) == _TAG and number + count):
            raise ValueError("the payload is cut short")
        to = at - _TAG * count
        nonce = _nonce(number + count, ends=is_last and at + _SEALED >= len(sealed))
        try:
            cipher.decrypt_into(nonce, part, None, room[to : to + len(part) - _TAG])
        except InvalidTag as error:
            raise ValueError("the payload was changed or cut short") from error
    return room[: len(sealed) - _TAG * len(begins)]


def _grouped(pieces: Iterator[bytes | memoryview]) -> Iterator[tuple[memoryview, bool]]:
    """Pieces as groups of whole chunks in one room, each with whether it is the last."""
    room, full = memoryview(bytearray(_CHUNK * _AT_ONCE)), 0
    for piece in pieces:
        left = memoryview(piece)
        while left:
            if full == len(room):
                yield room, False
                full = 0
            part = left[: len(room) - full]
            room[full : full + len(part)] = part
            full, left = full + len(part), left[len(part) :]
    yield room[:full], True


def _nonce(number: int, *, ends: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([ends])


def _identity(secret: str) -> X25519PrivateKey:
    return X25519PrivateKey.from_private_bytes(bech32.decoded(secret, "age-secret-key-"))


def _derived(key: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt, info).derive(key)


def _header(key: bytes, public: X25519PublicKey) -> bytes:
    """The header of a file for one recipient."""
    ephemeral = X25519PrivateKey.generate()
    share, own = ephemeral.public_key().public_bytes_raw(), public.public_bytes_raw()
    wrapping = _derived(ephemeral.exchange(public), share + own, _WRAPS)
    body = ChaCha20Poly1305(wrapping).encrypt(bytes(12), key, None)
    said = b"%s-> X25519 %s\n%s\n---" % (_BEGINS, _text(share), _text(body))
    return b"%s %s\n" % (said, _text(_mac(key, said)))


def _mac(key: bytes, said: bytes) -> bytes:
    return hmac.digest(_derived(key, b"", b"header"), said, "sha256")


def _opened_header(source: Source, identity: X25519PrivateKey) -> tuple[bytes, bytes]:
    """The file's key, and what was read beyond the header."""
    raw = source.read(_LONGEST)
    said, end, rest = raw.partition(b"\n---")
    mac, sign, rest = (end[1:] + rest).partition(b"\n")
    found = _MAC.fullmatch(mac)
    if not (found and sign and raw.startswith(_BEGINS)):
        raise ValueError("it has no header of age")
    for arguments, body in _stanzas(said[len(_BEGINS) :] + b"\n"):
        key = _unwrapped(arguments, body, identity)
        if key is not None:
            if not hmac.compare_digest(_mac(key, said + b"\n---"), _octets(found[1])):
                raise ValueError("the header was changed")
            return key, rest
    raise ValueError("it is for somebody else")


def _stanzas(text: bytes) -> list[tuple[list[bytes], bytes]]:
    """Arguments and body of each stanza of a header; ValueError where one breaks the format."""
    found: list[tuple[list[bytes], bytes]] = []
    lines = iter(text.removesuffix(b"\n").split(b"\n"))
    for line in lines:
        begins = _STANZA.fullmatch(line)
        if not begins:
            raise ValueError("a stanza of the header does not begin as it must")
        body = []
        while len(part := next(lines, b"-")) == _COLUMNS:
            body.append(part)
        if len(part) > _COLUMNS:
            raise ValueError("a line of the header is too long")
        found.append((begins[1].split(b" "), _octets(b"".join([*body, part]))))
    if not found:
        raise ValueError("the header has no stanza")
    return found


def _unwrapped(arguments: list[bytes], body: bytes, identity: X25519PrivateKey) -> bytes | None:
    """The file's key from a stanza for this identity; None where it is for another."""
    if arguments[0] == b"scrypt":
        raise ValueError("it is closed by a passphrase")
    if arguments[0] != b"X25519":
        return None
    share = b"".join(map(_octets, arguments[1:])) if len(arguments[1:]) == 1 else b""
    if len(share) != _SHARE or len(body) != _KEY + _TAG:
        raise ValueError("a stanza of the header has another size than it must")
    own = identity.public_key().public_bytes_raw()
    shared = identity.exchange(X25519PublicKey.from_public_bytes(share))
    try:
        return ChaCha20Poly1305(_derived(shared, share + own, _WRAPS)).decrypt(
            bytes(12), body, None
        )
    except InvalidTag:
        return None


def _text(octets: bytes) -> bytes:
    return base64.b64encode(octets).rstrip(b"=")


def _octets(text: bytes) -> bytes:
    """Octets by their one text in base64 without padding."""
    try:
        octets = base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
    except binascii.Error as error:
        raise ValueError("the header is not in base64") from error
    if _text(octets) != text:
        raise ValueError("the header is not in the one form of base64")
    return octets


def _exactly(source: Source, ready: bytes, size: int) -> tuple[bytes, bytes]:
    """So many bytes of what is ready or follows, and what is left of it."""
    ready += source.read(max(0, size - len(ready)))
    if len(ready) < size:
        raise ValueError("it is cut short")
    return ready[:size], ready[size:]
