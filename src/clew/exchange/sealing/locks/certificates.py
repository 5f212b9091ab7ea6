"""Certificates that locks are made for: read from PEM or DER, and looked at before their use."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from clew.errors import UsageError
from clew.exchange.sealing.locks import der

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

_SMALLEST_RSA = 2048


def load(data: bytes) -> "Certificate":
    """A certificate in PEM or DER; UsageError where it is none, or its key opens no locks."""
    from cryptography import x509
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

    try:
        is_pem = b"-----BEGIN" in data
        reading = x509.load_pem_x509_certificate if is_pem else x509.load_der_x509_certificate
        found = reading(data)
        key = found.public_key()
    except (ValueError, UnsupportedAlgorithm, x509.InvalidVersion) as error:
        raise UsageError(
            f"the certificate can't be read ({error})", do="Give it in PEM or DER, without its key."
        ) from error
    if isinstance(key, rsa.RSAPublicKey) and key.key_size >= _SMALLEST_RSA:
        return found
    if isinstance(key, ec.EllipticCurvePublicKey):
        return found
    raise UsageError(
        "the certificate's key can't be used for a lock",
        do=f"Locks are made for RSA of {_SMALLEST_RSA} bits or more, and for elliptic curves such "
        "as P-256 and P-384.",
    )


def issuer_and_serial(certificate: "Certificate") -> bytes:
    """What CMS calls a certificate by: its issuer and its number, in DER."""
    issuer = certificate.issuer.public_bytes()
    return der.sequence(issuer, der.integer(certificate.serial_number))


def pem(certificate: "Certificate") -> str:
    """A certificate in PEM."""
    from cryptography.hazmat.primitives.serialization import Encoding

    return certificate.public_bytes(Encoding.PEM).decode("ascii")


def sha256(certificate: "Certificate") -> str:
    """SHA-256 of a certificate in DER."""
    from cryptography.hazmat.primitives.hashes import SHA256

    return certificate.fingerprint(SHA256()).hex()


def problems(certificate: "Certificate", at: datetime) -> Iterator[str]:
    """Codes of what speaks against using a certificate at a moment."""
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import rsa

    if at > certificate.not_valid_after_utc:
        yield "certificate-expired"
    if at < certificate.not_valid_before_utc:
        yield "certificate-not-yet"
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except (x509.ExtensionNotFound, ValueError):
        return
    is_rsa = isinstance(certificate.public_key(), rsa.RSAPublicKey)
    if not (usage.key_encipherment if is_rsa else usage.key_agreement):
        yield "certificate-usage"
