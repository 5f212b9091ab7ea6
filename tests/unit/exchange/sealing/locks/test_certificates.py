"""What speaks against a certificate is told before a lock is made with it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from builders.certificates import certificate, key, pem
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from clew.errors import UsageError
from clew.exchange.sealing.locks import certificates


def test_pem_and_der_are_one_certificate() -> None:
    own = certificate(key("rsa"))
    for data in (pem(own), own.public_bytes(Encoding.DER)):
        assert certificates.load(data) == own
    assert certificates.load(certificates.pem(own).encode()) == own


@pytest.mark.parametrize(("about", "codes"), [
    ({}, []), ({"days": (-9, -1)}, ["certificate-expired"]),
    ({"days": (1, 9)}, ["certificate-not-yet"]), ({"usage": "signs"}, ["certificate-usage"]),
])  # fmt: skip
@pytest.mark.parametrize("kind", ["rsa", "p256"])
def test_what_needs_a_look_is_told(kind, about, codes) -> None:
    assert list(certificates.problems(certificate(key(kind), **about), datetime.now(UTC))) == codes


def test_a_key_that_is_short_or_signs_alone_is_refused() -> None:
    for own in (rsa.generate_private_key(65537, 1024), ed25519.Ed25519PrivateKey.generate()):
        with pytest.raises(UsageError, match="lock"):
            certificates.load(pem(_signed(own)))
    with pytest.raises(UsageError, match="can't be read"):
        certificates.load(b"-----BEGIN CERTIFICATE-----")


def _signed(own):
    from datetime import timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives.hashes import SHA256

    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "x")])
    now = datetime.now(UTC)
    built = x509.CertificateBuilder(name, name, own.public_key(), 5, now, now + timedelta(days=1))
    return built.sign(own, None if isinstance(own, ed25519.Ed25519PrivateKey) else SHA256())
