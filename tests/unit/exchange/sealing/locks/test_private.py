"""Keys in files and on tokens open locks, and say in words where they do not."""

from __future__ import annotations

import pytest
from builders.certificates import certificate, key, key_pem
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, padding

from clew.errors import UsageError
from clew.exchange.sealing.locks import cms, opener, token_opener
from clew.exchange.sealing.locks.private import pem_key, unpadded

SECRET = "AGE-SECRET-KEY-1" + "Q" * 58
TOKEN = "/usr/lib/softhsm/libsofthsm2.so"


def test_a_passphrase_opens_the_key_of_a_file() -> None:
    own = key_pem(key("p256"), b"one two")
    assert opener(own, "one two").unlock(cms.lock(SECRET, certificate(key("p256")))) == SECRET
    for wrong in ("", "three"):
        with pytest.raises(UsageError, match="passphrase"):
            opener(own, wrong)


def test_a_key_that_only_signs_opens_nothing() -> None:
    with pytest.raises(UsageError, match="opens no packages"):
        pem_key(key_pem(ed25519.Ed25519PrivateKey.generate()), "")


@pytest.mark.parametrize("hashing", ["SHA1", "SHA256", "SHA512"])
def test_a_block_is_unpadded_as_the_library_does(hashing) -> None:
    own, of = key("rsa"), getattr(hashes, hashing)()
    wrapped = own.public_key().encrypt(b"k" * 32, padding.OAEP(padding.MGF1(of), of, None))
    numbers = own.private_numbers()
    block = pow(int.from_bytes(wrapped, "big"), numbers.d, numbers.public_numbers.n)
    octets = block.to_bytes(len(wrapped), "big")
    assert unpadded(octets, hashing) == b"k" * 32
    for at in (0, 1, 40, len(octets) - 33, len(octets) - 70):
        spoilt = octets[:at] + bytes([octets[at] ^ 1]) + octets[at + 1 :]
        with pytest.raises(ValueError, match="changed"):
            unpadded(spoilt, hashing)


def test_a_token_opens_a_lock_for_its_rsa_key(token) -> None:
    del token
    lock = cms.lock(SECRET, certificate(key("rsa")))
    opening = token_opener(TOKEN, "rsa", "1234")
    assert opening.unlock(lock) == SECRET
    with pytest.raises(ValueError, match="another kind"):
        opening.unlock(cms.lock(SECRET, certificate(key("p384"))))
    with pytest.raises(ValueError, match=r".+"):
        opening.unlock(lock[:-40] + bytes([lock[-40] ^ 1]) + lock[-39:])


def test_a_token_opens_a_lock_for_its_elliptic_key(token) -> None:
    class Owner:
        """A certificate for a key that never left its token."""

        issuer, serial_number = certificate(key("p384")).issuer, 7

        def public_key(self):
            return token

    lock = cms.lock(SECRET, Owner())
    assert token_opener(TOKEN, "ec", "1234").unlock(lock) == SECRET
    assert token.public_bytes(serialization.Encoding.DER,
                              serialization.PublicFormat.SubjectPublicKeyInfo)  # fmt: skip


def test_a_label_that_is_not_there_is_said(token) -> None:
    del token
    with pytest.raises(UsageError, match="token"):
        token_opener(TOKEN, "nothing", "1234")


def test_a_wrong_pin_is_said(token) -> None:
    del token
    with pytest.raises(UsageError, match="token"):
        token_opener(TOKEN, "rsa", "9999")
