"""Locks for certificates: CMS AuthEnvelopedData with AES-256-GCM, which ``openssl cms`` opens.

The key is sent by RSA-OAEP, or agreed on by ephemeral ECDH with the key of an elliptic curve. What
``openssl cms -encrypt`` makes is opened as well: EnvelopedData, AES-CBC, other hashes and wraps.
``cryptography`` makes no locks for elliptic curves and none that are authenticated.

References:
    - RFC 5652 (CMS), 6; RFC 5083 (AuthEnvelopedData); RFC 5084 (AES-GCM in CMS)
    - RFC 5753 (elliptic curves in CMS), 3.1 and 7.2; RFC 3565 and RFC 3394 (AES key wrap)
    - RFC 8017 (RSA), A.2.1; RFC 4055 (RSAES-OAEP in CMS)

"""

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Protocol

from clew.exchange.sealing.locks import certificates, der
from clew.exchange.sealing.locks.der import Node, oid, sequence, tagged, value

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

_DATA = oid("1.2.840.113549.1.7.1")
_ENVELOPED = oid("1.2.840.113549.1.7.3")
_AUTH_ENVELOPED = oid("1.2.840.113549.1.9.16.1.23")
_RSA, _MGF1, _OAEP = (oid(f"1.2.840.113549.1.1.{n}") for n in (1, 8, 7))
_EC = oid("1.2.840.10045.2.1")
_HASHES = {
    oid("1.3.14.3.2.26"): "SHA1", oid("2.16.840.1.101.3.4.2.1"): "SHA256",
    oid("2.16.840.1.101.3.4.2.2"): "SHA384", oid("2.16.840.1.101.3.4.2.3"): "SHA512",
}  # fmt: skip
_AGREEMENTS = {
    oid("1.3.133.16.840.63.0.2"): "SHA1", oid("1.3.132.1.11.1"): "SHA256",
    oid("1.3.132.1.11.2"): "SHA384", oid("1.3.132.1.11.3"): "SHA512",
}  # fmt: skip
"""One-pass Diffie-Hellman with the X9.63 derivation, by the hash of the derivation."""
_AES = "2.16.840.1.101.3.4.1."
_WRAPS = {oid(f"{_AES}5"): 16, oid(f"{_AES}25"): 24, oid(f"{_AES}45"): 32}
"""AES key wraps, by the bytes of the key that wraps."""
_CBC = frozenset(oid(f"{_AES}{n}") for n in (2, 22, 42))
_GCM = frozenset(oid(f"{_AES}{n}") for n in (6, 26, 46))
_AES_256_GCM, _AES_256_WRAP = oid(f"{_AES}46"), oid(f"{_AES}45")
_SHA_256, _AGREE_SHA_256 = oid("2.16.840.1.101.3.4.2.1"), oid("1.3.132.1.11.1")
_KEY, _NONCE, _TAG = 32, 12, 16
"""Bytes of the key, the nonce and the tag of AES-256-GCM."""
_IMPLICIT_OCTETS = 0x80
"""Tag of octets that stand as ``[0] IMPLICIT``."""


class Private(Protocol):
    """A private key, in a file or on a token."""

    def transported(self, wrapped: bytes, padding: str) -> bytes:
        """A key that was sent by RSA; ``padding`` is ``PKCS1`` or the hash of OAEP."""

    def agreed(self, point: bytes) -> bytes:
        """The secret that a point of the other side and this key agree on."""


def lock(secret: str, certificate: "Certificate") -> bytes:
    """A text, closed for the owner of a certificate, as DER."""
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    key, nonce = os.urandom(_KEY), os.urandom(_NONCE)
    public: Any = certificate.public_key()
    sent = _send if isinstance(public, rsa.RSAPublicKey) else _agree
    sealed = AESGCM(key).encrypt(nonce, secret.encode("ascii"), None)
    parameters = sequence(value(der.OCTETS, nonce), der.integer(_TAG))
    content = sequence(
        _DATA, sequence(_AES_256_GCM, parameters), value(_IMPLICIT_OCTETS, sealed[:-_TAG])
    )
    recipients = value(der.SET, sent(key, public, certificates.issuer_and_serial(certificate)))
    enveloped = sequence(der.integer(0), recipients, content, value(der.OCTETS, sealed[-_TAG:]))
    return sequence(_AUTH_ENVELOPED, value(tagged(0), enveloped))


def unlock(closed: bytes, private: Private) -> str:
    """What a lock holds; ValueError where this key does not open it."""
    kind, wrapped = Node.of(closed).parts
    if kind.raw not in (_AUTH_ENVELOPED, _ENVELOPED):
        raise ValueError("it is no enveloped data of CMS")
    (enveloped,) = wrapped.parts
    parts = [part for part in enveloped.parts if part.tag != tagged(0)]
    _, recipients, content, *rest = parts
    why = "it has no lock that this kind of key opens"
    for recipient in recipients.parts:
        try:
            for key in _keys(recipient, private):
                return _content(content, key, rest).decode("ascii")
        except ValueError as error:
            why = str(error) or "it is for another key, or was changed"
    raise ValueError(why)


def _send(key: bytes, public: Any, whose: bytes) -> bytes:
    """KeyTransRecipientInfo: the key, sent by RSA-OAEP with SHA-256."""
    from cryptography.hazmat.primitives.asymmetric import padding
    from cryptography.hazmat.primitives.hashes import SHA256

    oaep = padding.OAEP(padding.MGF1(SHA256()), SHA256(), None)
    hashing = sequence(_SHA_256, value(der.NULL))
    parameters = sequence(value(tagged(0), hashing), value(tagged(1), sequence(_MGF1, hashing)))
    wrapped = value(der.OCTETS, public.encrypt(key, oaep))
    return sequence(der.integer(0), whose, sequence(_OAEP, parameters), wrapped)


def _agree(key: bytes, public: Any, whose: bytes) -> bytes:
    """KeyAgreeRecipientInfo: the key, wrapped by what an ephemeral key and the receiver's agree."""
    from cryptography.hazmat.primitives import keywrap
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    ephemeral = ec.generate_private_key(public.curve)
    point = ephemeral.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    wrap = sequence(_AES_256_WRAP)
    kek = _derived(ephemeral.exchange(ec.ECDH(), public), "SHA256", wrap, None)
    originator = value(tagged(1), sequence(_EC), value(der.BITS, b"\0", point))
    wrapped = value(der.OCTETS, keywrap.aes_key_wrap(kek, key))
    return value(
        tagged(1), der.integer(3), value(tagged(0), originator), sequence(_AGREE_SHA_256, wrap),
        sequence(sequence(whose, wrapped)),
    )  # fmt: skip


def _derived(secret: bytes, hashing: str, wrap: bytes, given: bytes | None) -> bytes:
    """The key that wraps, derived from an agreed secret (RFC 5753, 7.2)."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.kdf.x963kdf import X963KDF

    length = _WRAPS[Node.of(wrap).parts[0].raw]
    bits = value(tagged(2), value(der.OCTETS, (8 * length).to_bytes(4, "big")))
    entity = value(tagged(0), value(der.OCTETS, given)) if given is not None else b""
    derivation = X963KDF(getattr(hashes, hashing)(), length, sequence(wrap, entity, bits))
    return derivation.derive(secret)


def _keys(recipient: Node, private: Private) -> Iterator[bytes]:
    """The key of the contents, as one recipient's part of a lock gives it to a private key."""
    if recipient.tag == der.SEQUENCE:
        _, _, algorithm, wrapped = recipient.parts
        yield private.transported(wrapped.content, _padding(algorithm))
    elif recipient.tag == tagged(1):
        yield from _unwrapped(recipient, private)


def _padding(algorithm: Node) -> str:
    kind, *parameters = algorithm.parts
    if kind.raw == _RSA:
        return "PKCS1"
    if kind.raw != _OAEP:
        raise ValueError("its key was sent in a way that is not known")
    for parameter in parameters[0].parts if parameters else ():
        if parameter.tag == tagged(0):
            return _HASHES[Node.of(parameter.content).parts[0].raw]
    return "SHA1"


def _unwrapped(recipient: Node, private: Private) -> Iterator[bytes]:
    from cryptography.hazmat.primitives import keywrap

    _, originator, *given, algorithm, encrypted = recipient.parts
    (public,) = originator.parts
    if public.tag != tagged(1):
        raise ValueError("its sender's key is not in it")
    point = public.parts[1].content[1:]
    scheme, wrap = algorithm.parts
    if scheme.raw not in _AGREEMENTS or wrap.parts[0].raw not in _WRAPS:
        raise ValueError("its key was agreed on in a way that is not known")
    beside = Node.of(given[0].content).content if given else None
    kek = _derived(private.agreed(point), _AGREEMENTS[scheme.raw], wrap.raw, beside)
    for one in encrypted.parts:
        try:
            yield keywrap.aes_key_unwrap(kek, one.parts[1].content)
        except keywrap.InvalidUnwrap as error:
            raise ValueError("it is for another key, or was changed") from error


def _content(content: Node, key: bytes, rest: list[Node]) -> bytes:
    """The text under its key; ``rest`` is what follows it, attributes and the tag."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    _, algorithm, sealed = content.parts
    kind, parameters = algorithm.parts
    octets = sealed.content if sealed.tag == _IMPLICIT_OCTETS else _joined(sealed)
    if kind.raw in _CBC:
        return _from_cbc(key, parameters.content, octets)
    if kind.raw not in _GCM or not rest:
        raise ValueError("its contents are closed in a way that is not known")
    attributes = next((part for part in rest if part.tag == tagged(1)), None)
    mac = next(part for part in rest if part.tag == der.OCTETS)
    beside = value(der.SET, attributes.content) if attributes else None
    try:
        return AESGCM(key).decrypt(parameters.parts[0].content, octets + mac.content, beside)
    except InvalidTag as error:
        raise ValueError("it is for another key, or was changed") from error


def _joined(sealed: Node) -> bytes:
    return b"".join(part.content for part in sealed.parts)


def _from_cbc(key: bytes, vector: bytes, octets: bytes) -> bytes:
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
    from cryptography.hazmat.primitives.padding import PKCS7

    opening = Cipher(algorithms.AES(key), modes.CBC(vector)).decryptor()
    unpadding = PKCS7(algorithms.AES.block_size).unpadder()
    padded = opening.update(octets) + opening.finalize()
    return unpadding.update(padded) + unpadding.finalize()
