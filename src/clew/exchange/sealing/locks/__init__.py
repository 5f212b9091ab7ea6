"""Locks: the key of the contents, closed for one receiver by what this receiver can open.

A payload is sealed once, by age to a fresh identity. The identity's text, 74 characters, is what a
lock holds, so that ``age``, ``openssl cms`` or an OpenPGP program opens a package without Clew.
"""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from clew.errors import UsageError
from clew.exchange.sealing.locks import age, certificates, cms, openpgp
from clew.exchange.sealing.locks.age import AgeKey
from clew.exchange.sealing.locks.kinds import Key, Kind
from clew.exchange.sealing.locks.openpgp import OpenPgpKey
from clew.exchange.sealing.locks.private import CertificateKey, TokenKey, pem_key

__all__ = ["AgeKey", "CertificateKey", "Key", "Kind", "Receiver", "opener", "token_opener"]


class Receiver(msgspec.Struct, frozen=True, kw_only=True):
    """Whoever is to open a package, with the public keys that are registered for them."""

    party: str
    """Id of the partner, such as ``PT``."""
    age_recipient: str | None = None
    """A recipient of age, ``age1…``."""
    certificate: bytes | None = None
    """A certificate in PEM or DER, of RSA or of an elliptic curve."""
    openpgp: bytes | None = None
    """An OpenPGP certificate."""

    @property
    def opens(self) -> bool:
        """Whether there is a key that could open a package."""
        return bool(self.age_recipient or self.certificate or self.openpgp)

    def check(self) -> None:
        """Raise UsageError where no lock could be made for each of the keys."""
        if not self.opens:
            raise UsageError(
                f"no key is registered that {self.party} could open a package with",
                do="Register one: clew partner add --age, --certificate or --openpgp",
            )
        if self.age_recipient:
            age.recipient(self.age_recipient)
        if self.certificate:
            certificates.load(self.certificate)
        if self.openpgp:
            openpgp.certificate(self.openpgp)

    def locks(self, identity: str) -> Iterator[tuple[Kind, bytes]]:
        """A lock of each kind that the receiver has a key of."""
        if self.age_recipient:
            yield Kind.AGE, age.lock(identity, self.age_recipient)
        if self.certificate:
            yield Kind.CMS, cms.lock(identity, certificates.load(self.certificate))
        if self.openpgp:
            yield Kind.OPENPGP, openpgp.lock(identity, self.openpgp)

    def certificate_text(self) -> tuple[str | None, str | None]:
        """The certificate in PEM and its SHA-256; nothing of a receiver without one."""
        if not self.certificate:
            return None, None
        found = certificates.load(self.certificate)
        return certificates.pem(found), certificates.sha256(found)

    def openpgp_text(self) -> str | None:
        """The OpenPGP certificate as a text."""
        return openpgp.armoured(self.openpgp) if self.openpgp else None

    def certificate_problems(self, at: datetime) -> Iterator[str]:
        """Codes of what speaks against using the certificate at a moment."""
        if self.certificate:
            yield from certificates.problems(certificates.load(self.certificate), at)


def opener(data: bytes, passphrase: str) -> Key:
    """What opens locks with the key in a file; UsageError where it is none.

    The file is an identity of age, a private key in PEM, or a secret key of OpenPGP.
    """
    if b"AGE-SECRET-KEY-1" in data:
        lines = data.decode("ascii", "replace").split()
        return AgeKey(next(line for line in lines if line.startswith("AGE-SECRET-KEY-1")))
    if b"-----BEGIN PGP" in data or b"-----BEGIN" not in data:
        return OpenPgpKey(data, passphrase)
    return pem_key(data, passphrase)


def token_opener(module: str, label: str, pin: str) -> Key:
    """What opens locks with a private key on a PKCS#11 token, by its label."""
    return CertificateKey(TokenKey(module, label, pin))
