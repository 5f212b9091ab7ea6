"""Locks for certificates: ``openssl cms`` opens ours, and we open what it makes."""

from __future__ import annotations

import random
import subprocess

import pytest
from builders.certificates import certificate, key, key_pem, pem

from clew.exchange.sealing.locks import cms
from clew.exchange.sealing.locks.private import PemKey, pem_key

SECRET = "AGE-SECRET-KEY-1" + "Q" * 58
KINDS = ("rsa", "p256", "p384", "brainpool")


@pytest.mark.parametrize("kind", KINDS)
def test_openssl_opens_our_lock(kind, tmp_path) -> None:
    own = certificate(key(kind))
    (tmp_path / "c.pem").write_bytes(pem(own))
    (tmp_path / "k.pem").write_bytes(key_pem(key(kind)))
    (tmp_path / "lock.p7m").write_bytes(cms.lock(SECRET, own))
    for named in ((), ("-recip", "c.pem")):  # with and without the certificate to look for
        opening = ["openssl", "cms", "-decrypt", "-inform", "DER", "-in", "lock.p7m",
                   "-inkey", "k.pem", *named]  # fmt: skip
        done = subprocess.run(opening, cwd=tmp_path, capture_output=True, check=True)
        assert done.stdout == SECRET.encode()


PLAIN_WAYS = (("-aes-256-gcm",), ("-aes-128-gcm",), ("-aes-256-cbc",), ("-aes128",))
OAEP = ("-aes-256-gcm", "-keyopt", "rsa_padding_mode:oaep")
WAYS = [(kind, how) for kind in KINDS for how in PLAIN_WAYS] + [
    ("rsa", OAEP), ("rsa", (*OAEP, "-keyopt", "rsa_oaep_md:sha256")),
    *((kind, ("-aes-256-gcm", "-keyopt", "ecdh_kdf_md:sha384")) for kind in KINDS[1:]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "how"), WAYS, ids=lambda one: " ".join([*one]))
def test_we_open_what_openssl_makes(kind, how, tmp_path) -> None:
    (tmp_path / "c.pem").write_bytes(pem(certificate(key(kind))))
    options = [how[0], "-recip", "c.pem", *how[1:]]
    made = subprocess.run(["openssl", "cms", "-encrypt", "-binary", "-outform", "DER", *options],
                          input=SECRET.encode(), cwd=tmp_path, capture_output=True,
                          check=True).stdout  # fmt: skip
    assert cms.unlock(made, PemKey(key(kind))) == SECRET


@pytest.mark.parametrize("kind", ["rsa", "p384"])
def test_no_flipped_bit_of_a_lock_gives_another_secret(kind) -> None:
    closed = cms.lock(SECRET, certificate(key(kind)))
    opener = pem_key(key_pem(key(kind)), "")
    chance = random.Random(5)
    for at in chance.sample(range(8 * len(closed)), 150):
        spoilt = bytearray(closed)
        spoilt[at // 8] ^= 1 << at % 8
        try:
            assert opener.unlock(bytes(spoilt)) == SECRET  # names of issuer and the like
        except ValueError:
            continue


@pytest.mark.parametrize("kind", KINDS)
def test_a_lock_for_another_is_refused(kind) -> None:
    for other in KINDS:
        if other != kind:
            with pytest.raises(ValueError, match=r".+"):
                pem_key(key_pem(key(other)), "").unlock(cms.lock(SECRET, certificate(key(kind))))


@pytest.mark.parametrize("spoilt", [b"", b"0", b"\x30\x80", b"\x30\x03\x02\x01\x01", b"x" * 400])
def test_what_is_no_lock_is_refused(spoilt) -> None:
    with pytest.raises(ValueError, match=r".+"):
        pem_key(key_pem(key("rsa")), "").unlock(spoilt)
