"""Private keys that open locks for certificates: in a PEM file, or on a PKCS#11 token."""

import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from clew.casefile.custody import keys
from clew.errors import UsageError
from clew.exchange.sealing.locks import cms
from clew.exchange.sealing.locks.kinds import Kind

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey


class CertificateKey:
    """A private key that opens locks of its certificate."""

    kind = Kind.CMS

    def __init__(self, private: cms.Private) -> None:
        self._private = private

    def unlock(self, closed: bytes) -> str:
        """What a lock holds; ValueError where this key does not open it."""
        try:
            return cms.unlock(closed, self._private)
        except (IndexError, KeyError, StopIteration) as error:
            raise ValueError("it is damaged, or closed in a way that is not known") from error


class PemKey:
    """A private key in a PEM file."""

    def __init__(self, key: "RSAPrivateKey | EllipticCurvePrivateKey") -> None:
        self._key: Any = key

    def transported(self, wrapped: bytes, padding: str) -> bytes:
        """A key that was sent by RSA; ``padding`` is ``PKCS1`` or the hash of OAEP."""
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import padding as paddings
        from cryptography.hazmat.primitives.asymmetric import rsa

        if not isinstance(self._key, rsa.RSAPrivateKey):
            raise _of_another_kind()
        if padding == "PKCS1":
            return self._key.decrypt(wrapped, paddings.PKCS1v15())
        hashing = getattr(hashes, padding)()
        return self._key.decrypt(wrapped, paddings.OAEP(paddings.MGF1(hashing), hashing, None))

    def agreed(self, point: bytes) -> bytes:
        """The secret that a point of the other side and this key agree on."""
        from cryptography.hazmat.primitives.asymmetric import ec

        if not isinstance(self._key, ec.EllipticCurvePrivateKey):
            raise _of_another_kind()
        other = ec.EllipticCurvePublicKey.from_encoded_point(self._key.curve, point)
        return self._key.exchange(ec.ECDH(), other)


def _of_another_kind() -> ValueError:
    return ValueError("it is for a key of another kind")


def pem_key(data: bytes, passphrase: str) -> CertificateKey:
    """The key of a PEM file; UsageError where it is none that opens locks."""
    return CertificateKey(PemKey(pem_private(data, passphrase)))


def pem_private(data: bytes, passphrase: str) -> "RSAPrivateKey | EllipticCurvePrivateKey":
    """The private key of a certificate, in a PEM file; UsageError where it is none."""
    from cryptography.hazmat.primitives.asymmetric import ec, rsa
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(data, passphrase.encode() or None)
    except (ValueError, TypeError) as error:
        raise UsageError(
            "the key can't be opened: the file is no key, or the passphrase is wrong",
            do="Give the private key of your certificate in PEM.",
        ) from error
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise UsageError(
            "a key of this kind opens no packages, and signs none",
            do="Give the private key of your certificate, of RSA or an elliptic curve.",
        )
    return key


class TokenKey:
    """A private key that never leaves its token, which is opened anew for each lock."""

    def __init__(self, module: str, label: str, pin: str) -> None:
        self._label, self._pin = label, pin
        with keys.token_errors() as library:
            self._library = library
            self._token = _token(library, module, label)
            self._using(lambda _: b"")  # so that a wrong PIN is found before the work

    def transported(self, wrapped: bytes, padding: str) -> bytes:
        """A key that was sent by RSA; ``padding`` is ``PKCS1`` or the hash of OAEP.

        Few tokens know OAEP with SHA-256, so they give the bare block, and it is unpadded here.
        """
        mechanism = self._library.Mechanism
        how = mechanism.RSA_PKCS if padding == "PKCS1" else mechanism.RSA_X_509
        found = self._opened("RSA", lambda key: bytes(key.decrypt(wrapped, mechanism=how)))
        return found if padding == "PKCS1" else unpadded(found.rjust(len(wrapped), b"\0"), padding)

    def agreed(self, point: bytes) -> bytes:
        """The secret that a point of the other side and this key agree on."""
        library, of = self._library, self._library.Attribute
        template = {of.EXTRACTABLE: True, of.SENSITIVE: False, of.TOKEN: False}

        def agree(key: Any) -> bytes:
            found = key.derive_key(
                library.KeyType.GENERIC_SECRET, 8 * (len(point) // 2), template=template,
                mechanism=library.Mechanism.ECDH1_DERIVE,
                mechanism_param=(library.KDF.NULL, None, point),
            )  # fmt: skip
            return bytes(found[of.VALUE])

        return self._opened("EC", agree)

    def _opened(self, kind: str, use: Callable[[Any], bytes]) -> bytes:
        """What the key gives; ValueError where it is of another kind, or the token refuses."""

        def used(key: Any) -> bytes:
            if key.key_type != getattr(self._library.KeyType, kind):
                raise _of_another_kind()
            return use(key)

        try:
            return self._using(used)
        except (self._library.PKCS11Error, AttributeError) as error:
            raise ValueError(f"the token refused ({type(error).__name__})") from error

    def _using(self, use: Callable[[Any], bytes]) -> bytes:
        private = self._library.ObjectClass.PRIVATE_KEY
        with self._token.open(user_pin=self._pin) as session:
            return use(session.get_key(object_class=private, label=self._label))


def _token(library: Any, module: str, label: str) -> Any:
    """The token with a key: the only one, or the one where an object of this label is seen.

    No PIN is tried on a token that may be another's.
    """
    initialized = library.TokenFlag.TOKEN_INITIALIZED
    found = list(library.lib(module).get_tokens(token_flags=initialized))
    for one in found if len(found) > 1 else ():
        with one.open() as session:
            if any(session.get_objects({library.Attribute.LABEL: label})):
                return one
    if len(found) != 1:
        raise UsageError(
            f"no token that the module sees has a key {label!r}",
            do="Put the token in, and check the module and the label of the key.",
        )
    return found[0]


def unpadded(block: bytes, hashing: str) -> bytes:
    """What stands in a block of RSA-OAEP without a label (RFC 8017, 7.1.2); ValueError of none.

    No oracle is opened by what it takes: a lock is one file, tried by its owner.
    """
    of = hashing.lower()
    size = hashlib.new(of).digest_size
    seed = _mixed(block[1 : size + 1], block[size + 1 :], of)
    content = _mixed(block[size + 1 :], seed, of)
    begin, sign, key = content[size:].partition(b"\1")
    is_right = content[:size] == hashlib.new(of).digest() and not any(begin) and sign
    if block[:1] != b"\0" or not is_right:
        raise ValueError("it is for another key, or was changed")
    return key


def _mixed(masked: bytes, seed: bytes, hashing: str) -> bytes:
    """Octets and the mask that a seed makes (MGF1), one upon the other."""
    rounds = -(-len(masked) // hashlib.new(hashing).digest_size)
    parts = (hashlib.new(hashing, seed + n.to_bytes(4, "big")).digest() for n in range(rounds))
    mask = b"".join(parts)[: len(masked)]
    return bytes(a ^ b for a, b in zip(masked, mask, strict=True))
