"""Signatures by certificate over the statement inside a package: CMS, which ``openssl cms`` checks.

A court that knows nobody's Ed25519 key knows its authority's certificates. The signature is
detached, with the signed attributes of CAdES-B. ``cryptography`` makes such signatures for keys in
files alone, and checks none.

References:
    - RFC 5652 (CMS), 5 and 11; RFC 5035 (signing certificate, version 2); RFC 3370, RFC 5754
    - ETSI EN 319 122-1 (CAdES baseline)

"""

import hashlib
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from clew.casefile.custody import keys
from clew.errors import UsageError
from clew.exchange.sealing.locks import certificates, der, private
from clew.exchange.sealing.locks.der import Node, oid, sequence, tagged, value

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

_DATA, _SIGNED = (oid(f"1.2.840.113549.1.7.{n}") for n in (1, 2))
_CONTENT_TYPE, _DIGEST = (oid(f"1.2.840.113549.1.9.{n}") for n in (3, 4))
_SIGNING_CERTIFICATE = oid("1.2.840.113549.1.9.16.2.47")
_SHA_256 = sequence(oid("2.16.840.1.101.3.4.2.1"))
_HASHES = {oid(f"2.16.840.1.101.3.4.2.{n}"): name for n, name in ((1, "SHA256"), (2, "SHA384"),
                                                                 (3, "SHA512"))}  # fmt: skip
_RSA = oid("1.2.840.113549.1.1.1")
_SHA_RSA = {oid(f"1.2.840.113549.1.1.{n}"): name for n, name in ((11, "SHA256"), (12, "SHA384"),
                                                                 (13, "SHA512"))}  # fmt: skip
_SHA_ECDSA = {oid(f"1.2.840.10045.4.3.{n}"): name for n, name in ((2, "SHA256"), (3, "SHA384"),
                                                                  (4, "SHA512"))}  # fmt: skip
_RSA_SHA_256 = sequence(oid("1.2.840.113549.1.1.11"), value(der.NULL))
_ECDSA_SHA_256 = sequence(oid("1.2.840.10045.4.3.2"))
Hashes = dict[bytes, str]


class Signing(Protocol):
    """A private key of a certificate, in a file or on a token."""

    def signed(self, octets: bytes) -> bytes:
        """The signature with SHA-256: RSA of PKCS#1, or ECDSA in DER."""


class Certified(msgspec.Struct, frozen=True):
    """A certificate and what signs for it."""

    certificate: Any
    key: Signing

    def sign(self, content: bytes) -> bytes:
        """A detached signature of some octets, as DER."""
        from cryptography.hazmat.primitives.asymmetric import rsa

        of: Certificate = self.certificate
        raw = _der(of)
        known = sequence(sequence(sequence(value(der.OCTETS, hashlib.sha256(raw).digest()))))
        attributes = value(der.SET, *sorted((
            sequence(_CONTENT_TYPE, value(der.SET, _DATA)),
            sequence(_DIGEST, value(der.SET, value(der.OCTETS, hashlib.sha256(content).digest()))),
            sequence(_SIGNING_CERTIFICATE, value(der.SET, known)),
        )))  # fmt: skip
        is_rsa = isinstance(of.public_key(), rsa.RSAPublicKey)
        signer = sequence(
            der.integer(1), certificates.issuer_and_serial(of), _SHA_256,
            value(tagged(0), Node.of(attributes).content),
            _RSA_SHA_256 if is_rsa else _ECDSA_SHA_256,
            value(der.OCTETS, self.key.signed(attributes)),
        )  # fmt: skip
        signed = sequence(der.integer(1), value(der.SET, _SHA_256), sequence(_DATA),
                          value(tagged(0), raw), value(der.SET, signer))  # fmt: skip
        made = sequence(_SIGNED, value(tagged(0), signed))
        try:
            signer_of(made, content)
        except ValueError as error:
            raise UsageError(
                f"the key is not that of the certificate ({error})",
                do="Give the certificate of this very key; nothing was written.",
            ) from error
        return made


def signer_of(signature: bytes, content: bytes) -> "Certificate":
    """The certificate that signed some octets; ValueError where a signature is none of them."""
    try:
        return _signer_of(signature, content)
    except (IndexError, KeyError, TypeError, OverflowError, UsageError) as error:
        raise ValueError("it is damaged, or made in a way that is not known") from error


def _signer_of(signature: bytes, content: bytes) -> "Certificate":
    kind, wrapped = Node.of(signature).parts
    (signed,) = wrapped.parts
    _, _, about, embedded, signers = signed.parts
    if kind.raw != _SIGNED or about.raw != sequence(_DATA) or embedded.tag != tagged(0):
        raise ValueError("it is no detached signature with its certificate")
    (signer,) = signers.parts
    _, whose, hashing, attributes, algorithm, given = signer.parts
    found = [certificates.load(one.raw) for one in embedded.parts]
    (own,) = (one for one in found if certificates.issuer_and_serial(one) == whose.raw)
    digest = hashlib.new(_HASHES[hashing.parts[0].raw], content).digest()
    said = {part.parts[0].raw: part.parts[1].raw for part in attributes.parts}
    if said[_CONTENT_TYPE] != value(der.SET, _DATA):
        raise ValueError("it is not of plain octets")
    if said[_DIGEST] != value(der.SET, value(der.OCTETS, digest)):
        raise ValueError("it is of something else")
    _check(own, algorithm.parts[0].raw, _HASHES[hashing.parts[0].raw], given.content,
           value(der.SET, attributes.content))  # fmt: skip
    return own


def _check(of: "Certificate", algorithm: bytes, hashed: str, given: bytes, octets: bytes) -> None:
    """ValueError where a signature is not right."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

    public = of.public_key()
    try:
        if isinstance(public, rsa.RSAPublicKey):
            name = hashed if algorithm == _RSA else _SHA_RSA[algorithm]
            public.verify(given, octets, padding.PKCS1v15(), getattr(hashes, name)())
        elif isinstance(public, ec.EllipticCurvePublicKey):
            public.verify(given, octets, ec.ECDSA(getattr(hashes, _SHA_ECDSA[algorithm])()))
        else:
            raise TypeError("it is by a key of another kind")
    except InvalidSignature as error:
        raise ValueError("it was changed, or is another's") from error


def check_anchored(of: "Certificate", authorities: bytes, at: datetime) -> None:
    """ValueError where none of these authorities, PEM one after the other, vouches for it.

    Certificates are of version 3 throughout, and keys of authorities of RSA or of a curve of NIST.
    """
    from cryptography import x509
    from cryptography.x509 import verification as v

    roots = read_authorities(authorities)
    needed = v.ExtensionPolicy.permit_all().require_present(
        x509.BasicConstraints, v.Criticality.AGNOSTIC, None
    )
    policy = v.PolicyBuilder().store(v.Store(roots)).time(at).extension_policies(
        ca_policy=needed, ee_policy=v.ExtensionPolicy.permit_all()
    )  # fmt: skip
    try:
        policy.build_client_verifier().verify(of, roots)
    except v.VerificationError as error:
        why = str(error).partition(" (encountered")[0]
        raise ValueError(f"no authority that was given vouches for it: {why}") from error


def read_authorities(pem: bytes) -> list["Certificate"]:
    """Certificates of authorities; UsageError where a file has none."""
    from cryptography import x509

    try:
        return x509.load_pem_x509_certificates(pem)
    except ValueError as error:
        raise UsageError(
            f"there is no certificate of an authority in the file ({error})",
            do="Give the authority's root certificate in PEM, and those between it and the signer.",
        ) from error


def by_file(certificate: Path, key: Path, passphrase: str) -> Certified:
    """A certificate and its key, each in a file."""
    return Certified(certificates.load(certificate.read_bytes()), _of_file(key, passphrase))


def by_token(certificate: Path, module: str, label: str, pin: str) -> Certified:
    """A certificate in a file and its key on a token."""
    found = certificates.load(certificate.read_bytes())
    return Certified(found, _OnToken(module, label, pin))


class _InFile:
    def __init__(self, key: Any) -> None:
        self._key = key

    def signed(self, octets: bytes) -> bytes:
        from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
        from cryptography.hazmat.primitives.hashes import SHA256

        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(octets, padding.PKCS1v15(), SHA256())
        return bytes(self._key.sign(octets, ec.ECDSA(SHA256())))


def _of_file(key: Path, passphrase: str) -> _InFile:
    return _InFile(private.pem_private(key.read_bytes(), passphrase))


class _OnToken(private.TokenKey):
    """A private key on a token, which signs."""

    def signed(self, octets: bytes) -> bytes:
        from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

        mechanism, kinds = self._library.Mechanism, self._library.KeyType

        def sign(key: Any) -> bytes:
            if key.key_type == kinds.RSA:
                return bytes(key.sign(octets, mechanism=mechanism.SHA256_RSA_PKCS))
            digest = hashlib.sha256(octets).digest()
            found = bytes(key.sign(digest, mechanism=mechanism.ECDSA))
            half = len(found) // 2
            r, s = (int.from_bytes(part, "big") for part in (found[:half], found[half:]))
            return encode_dss_signature(r, s)

        with keys.token_errors():
            return self._using(sign)


def _der(of: "Certificate") -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    return of.public_bytes(Encoding.DER)
