"""Certificates of made-up agencies, and their keys."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa


@cache
def key(kind: str):
    made = {"rsa": lambda: rsa.generate_private_key(65537, 2048),
            "p256": lambda: ec.generate_private_key(ec.SECP256R1()),
            "p384": lambda: ec.generate_private_key(ec.SECP384R1()),
            "brainpool": lambda: ec.generate_private_key(ec.BrainpoolP256R1())}  # fmt: skip
    return made[kind]()


def certificate(of, *, days: tuple[int, int] = (-1, 900), usage: str = "both"):
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Unit 4"),
                      x509.NameAttribute(x509.NameOID.COUNTRY_NAME, "PT")])  # fmt: skip
    now = datetime.now(UTC)
    begin, end = (now + timedelta(days=n) for n in days)
    is_rsa = isinstance(of, rsa.RSAPrivateKey)
    uses = dict.fromkeys(("content_commitment", "data_encipherment", "key_cert_sign", "crl_sign",
                          "encipher_only", "decipher_only"), False)  # fmt: skip
    uses |= {"digital_signature": True, "key_encipherment": is_rsa and usage == "both",
             "key_agreement": not is_rsa and usage == "both"}  # fmt: skip
    built = x509.CertificateBuilder().subject_name(name).issuer_name(name)
    built = built.public_key(of.public_key()).serial_number(x509.random_serial_number())
    built = built.not_valid_before(begin).not_valid_after(end)
    return built.add_extension(x509.KeyUsage(**uses), critical=True).sign(of, hashes.SHA256())


def issued(public, by, *, of: str = "Officer 7", root: bool = False):
    """A certificate that an authority gives; its own where the key is its own."""
    names = [x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, n)]) for n in (of, "Root")]
    now = datetime.now(UTC)
    built = x509.CertificateBuilder().subject_name(names[root]).issuer_name(names[1])
    built = built.public_key(public).serial_number(x509.random_serial_number())
    built = built.not_valid_before(now - timedelta(days=1)).not_valid_after(
        now + timedelta(days=900)
    )
    limits = x509.BasicConstraints(ca=root, path_length=None)
    return built.add_extension(limits, critical=True).sign(by, hashes.SHA256())


def pem(of) -> bytes:
    return of.public_bytes(serialization.Encoding.PEM)


def key_pem(of, passphrase: bytes = b"") -> bytes:
    return of.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(passphrase) if passphrase
        else serialization.NoEncryption(),
    )  # fmt: skip
