"""Locks for whoever has an OpenPGP key alone, by the extra ``openpgp``.

References:
    - RFC 9580 (OpenPGP)

"""

from typing import Any

from clew.errors import UsageError, installing
from clew.exchange.sealing.locks.kinds import Kind


def certificate(data: bytes) -> Any:
    """A certificate, armoured or not; UsageError where it is none."""
    try:
        return library().Cert.from_bytes(data)
    except Exception as error:
        raise UsageError(
            f"the OpenPGP certificate can't be read ({error})",
            do="Give what `gpg --armor --export` writes.",
        ) from error


def lock(secret: str, to: bytes) -> bytes:
    """A text, closed for the owner of a certificate."""
    closed: bytes = library().encrypt(secret.encode(), [certificate(to)], armor=False)
    return closed


def armoured(data: bytes) -> str:
    """The public part of a certificate as a text; UsageError where it holds a secret key."""
    if _is_secret(data):
        raise UsageError(
            "this is a secret key", do="Ask the partner for the certificate alone, without the key."
        )
    return str(certificate(data))


def _is_secret(data: bytes) -> bool:
    try:
        return "PRIVATE KEY" in str(library().Tsk.from_bytes(data)).partition("\n")[0]
    except UsageError:
        raise
    except Exception:  # noqa: BLE001 - the library has one kind of error for all
        return False


class OpenPgpKey:
    """A secret key of OpenPGP, armoured or not."""

    kind = Kind.OPENPGP

    def __init__(self, data: bytes, passphrase: str) -> None:
        try:
            self._decryptor = library().Tsk.from_bytes(data).decryptor(passphrase or None)
        except UsageError:
            raise
        except Exception as error:
            raise UsageError(
                f"the OpenPGP key can't be opened ({error})",
                do="Give what `gpg --export-secret-keys` writes, and its passphrase.",
            ) from error

    def unlock(self, closed: bytes) -> str:
        """What a lock holds; ValueError where this key does not open it."""
        try:
            return str(library().decrypt(closed, decryptor=self._decryptor).bytes.decode("ascii"))
        except Exception as error:
            raise ValueError(str(error)) from error


def library() -> Any:
    """The program behind it; UsageError where it is not installed."""
    try:
        import pysequoia
    except ImportError as error:
        raise UsageError(
            "OpenPGP needs the extra `openpgp`, which is not installed",
            do=f"Install it: {installing('openpgp')}",
        ) from error
    return pysequoia
