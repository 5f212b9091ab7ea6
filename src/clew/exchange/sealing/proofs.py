"""What a package proves beyond the key of its sender: a certificate that signed, and a time stamp.

Both are over the statement inside. One that is there and not right makes the package refused; whose
it is shows only where the certificate is registered, or its authority's is given.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from clew.casefile.custody import timestamps
from clew.errors import EvidenceError, UsageError
from clew.exchange.refused import Refused
from clew.exchange.sealing import certified
from clew.exchange.sealing.locks import certificates


class Vouched(StrEnum):
    """Who vouches for a certificate or a time stamp."""

    REGISTERED = "registered"
    """It is the certificate that is registered for the sender."""
    AUTHORITY = "authority"
    """An authority whose certificate was given."""
    NOBODY = "nobody"
    """No certificate of an authority was given."""
    NOT_READ = "not_read"
    """What reads time stamps is not installed here."""


class Proofs(msgspec.Struct, frozen=True, kw_only=True):
    """What was proved beyond the key of the sender."""

    certificate_sha256: str | None = None
    """SHA-256 of the certificate that signed; None where none did."""
    subject: str = ""
    """Whose certificate it says that it is."""
    certificate: Vouched | None = None
    stamped_at: datetime | None = None
    """When, by the clock of the authority."""
    stamp: Vouched | None = None


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What proofs are checked against."""

    statement: bytes
    sealed_at: datetime
    registered: str | None
    """SHA-256 of the certificate that is registered for the sender."""
    authorities: bytes
    """Certificates of authorities in PEM, one after the other; empty of none."""


def proofs(signature: bytes | None, stamp: bytes | None, asked: Asked) -> Proofs:
    """What a signature by certificate and a time stamp prove; Refused where one is not right."""
    found = Proofs()
    if signature is not None:
        found = _signed(signature, asked)
    return _stamped(stamp, asked, found) if stamp is not None else found


def _signed(signature: bytes, asked: Asked) -> Proofs:
    try:
        own = certified.signer_of(signature, asked.statement)
        subject = own.subject.rfc4514_string()
        is_valid = own.not_valid_before_utc <= asked.sealed_at <= own.not_valid_after_utc
    except (ValueError, UsageError) as error:
        raise Refused("certificate", why=error) from error
    if not is_valid:
        raise Refused("certificate", why="the certificate was not valid when it was sealed")
    digest, vouched = certificates.sha256(own), Vouched.NOBODY
    if digest == asked.registered:
        vouched = Vouched.REGISTERED
    elif asked.authorities:
        try:
            certified.check_anchored(own, asked.authorities, asked.sealed_at)
        except ValueError as error:
            raise Refused("certificate", why=error) from error
        vouched = Vouched.AUTHORITY
    return Proofs(certificate_sha256=digest, certificate=vouched, subject=subject)


def _stamped(stamp: bytes, asked: Asked, found: Proofs) -> Proofs:
    if not timestamps.is_readable():
        return msgspec.structs.replace(found, stamp=Vouched.NOT_READ)
    roots = certified.read_authorities(asked.authorities) if asked.authorities else []
    pems = [certificates.pem(root).encode() for root in roots]
    try:
        is_about = timestamps.is_about(stamp, asked.statement)
        at = timestamps.stamped_at(stamp)
    except (EvidenceError, UsageError) as error:
        raise Refused("time-stamp", why=error) from error
    if not is_about:
        raise Refused("time-stamp", why="it is of something else")
    if pems and not timestamps.is_by(stamp, pems, asked.statement):
        raise Refused("time-stamp", why="no authority that was given made it")
    vouched = Vouched.AUTHORITY if pems else Vouched.NOBODY
    return msgspec.structs.replace(found, stamped_at=at, stamp=vouched)
