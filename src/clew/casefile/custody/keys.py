"""Keys that sign checkpoints: Ed25519 in a file with a passphrase, or in a PKCS#11 token.

A passphrase is asked for, or read from the file that CLEW_PASSPHRASE_FILE names; it never stands on
a command line, where every user of the machine can read it.
"""

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from clew.errors import UsageError, installing

PASSPHRASE_FILE = "CLEW_PASSPHRASE_FILE"  # noqa: S105 - the name of a variable

WITNESS_FILE = "CLEW_WITNESS_PASSPHRASE_FILE"
"""Variable that names the file with the passphrase or PIN of the witness."""
_PUBLIC_BYTES = 32


class FileKey:
    """A key in a PEM file (PKCS#8, encrypted)."""

    def __init__(self, name: str, key: Any) -> None:
        self.name = name
        self._key = key
        self.public: bytes = key.public_key().public_bytes_raw()

    def sign(self, data: bytes) -> bytes:
        """Sign with Ed25519."""
        return bytes(self._key.sign(data))


class NoToken(UsageError):
    """The token with the key can't be reached."""


class TokenKey:
    """A key that never leaves its token, which is opened anew for each signature."""

    def __init__(self, name: str, module: str, label: str, pin: str) -> None:
        self.name = name
        self._label, self._pin = label, pin
        with token_errors(NoToken) as library:
            self._library = library
            self._token, self.public = _found(library, module, label)
        with token_errors():
            self._signing(lambda _: b"")  # so that a wrong PIN is found before the work

    def sign(self, data: bytes) -> bytes:
        """Sign with Ed25519, on the token."""
        mechanism = self._library.Mechanism.EDDSA
        with token_errors():
            return self._signing(lambda key: bytes(key.sign(data, mechanism=mechanism)))

    def _signing(self, use: Callable[[Any], bytes]) -> bytes:
        private = self._library.ObjectClass.PRIVATE_KEY
        with self._token.open(user_pin=self._pin) as session:
            return use(session.get_key(object_class=private, label=self._label))


def _found(library: Any, module: str, label: str) -> tuple[Any, bytes]:
    """The token that has a key of this label, and the public key, for which no PIN is asked."""
    public = library.ObjectClass.PUBLIC_KEY
    for token in library.lib(module).get_tokens(token_flags=library.TokenFlag.TOKEN_INITIALIZED):
        with token.open() as session, contextlib.suppress(library.NoSuchKey):
            point = session.get_key(object_class=public, label=label)[library.Attribute.EC_POINT]
            return token, bytes(point)[-_PUBLIC_BYTES:]
    raise NoToken(
        f"no token that the module sees has a key {label!r}",
        do="Put the token in, and check the module and the label of the key.",
    )


@contextlib.contextmanager
def token_errors(error_class: type[UsageError] = UsageError) -> Iterator[Any]:
    """The library that speaks to tokens; what goes wrong there is said with what to do."""
    try:
        import pkcs11
    except ImportError as error:
        raise UsageError(
            "signing with a token needs the extra `pkcs11`, which is not installed",
            do=f"Install it: {installing('pkcs11')}",
        ) from error
    try:
        yield pkcs11
    except (pkcs11.PKCS11Error, RuntimeError, OSError) as error:
        raise error_class(
            f"the token can't be used ({type(error).__name__}: {error})",
            do="Check the module, that the token is there, the label of the key and the PIN.",
        ) from error


def make(file: Path, passphrase: str, *, open_to_its_owner: bool = False) -> bytes:
    """Make a key and write it to a new file; returns its public part.

    It has a passphrase, but where its owner may do without.
    """
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    if not passphrase and not open_to_its_owner:
        raise UsageError(
            "a key needs a passphrase", do="Choose one of several words; nothing was written."
        )
    key = Ed25519PrivateKey.generate()
    written = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(passphrase.encode())
        if passphrase
        else serialization.NoEncryption(),
    )
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except FileExistsError as error:
        raise UsageError(
            f"{file} is there already", do="Name another file: a key is never written over."
        ) from error
    with os.fdopen(handle, "wb") as out:
        out.write(written)
        out.flush()
        os.fsync(out.fileno())
    return key.public_key().public_bytes_raw()


def load(file: Path, name: str, passphrase: str) -> FileKey:
    """Open a key; UsageError where the file is none or the passphrase is wrong."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    try:
        key = serialization.load_pem_private_key(file.read_bytes(), passphrase.encode() or None)
    except (ValueError, TypeError, OSError) as error:
        raise UsageError(
            f"the key in {file} can't be opened: the file is no key, or the passphrase is wrong",
            do="Check both. A key made here: clew custody key NEW.pem",
        ) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise UsageError(
            f"the key in {file} is not of Ed25519", do="Make one with: clew custody key"
        )
    return FileKey(name, key)
