"""Signatures by certificate: ``openssl cms`` checks ours, and we check what it makes."""

from __future__ import annotations

import random
import subprocess
from datetime import UTC, datetime

import pytest
from builders.certificates import certificate, issued, key, key_pem, pem
from builders.tokens import MODULE
from cryptography.hazmat.primitives.asymmetric import ec

from clew.errors import UsageError
from clew.exchange.sealing import certified

CONTENT = b'{"from":"ES","to":["PT"]}'
KINDS = ("rsa", "p256", "p384", "brainpool")
CHECK = ["openssl", "cms", "-verify", "-binary", "-cades", "-inform", "DER", "-in", "s.p7s",
         "-content", "c", "-CAfile", "own.pem", "-purpose", "any"]  # fmt: skip


def by_file(kind: str, folder, own=None) -> certified.Certified:
    (folder / "own.pem").write_bytes(pem(own or certificate(key(kind))))
    (folder / "own.key").write_bytes(key_pem(key(kind), b"one two"))
    return certified.by_file(folder / "own.pem", folder / "own.key", "one two")


def is_right_by_openssl(signature: bytes, content: bytes, folder) -> bool:
    (folder / "s.p7s").write_bytes(signature)
    (folder / "c").write_bytes(content)
    done = subprocess.run(CHECK, cwd=folder, capture_output=True, check=False)
    return done.returncode == 0


@pytest.mark.parametrize("kind", KINDS)
def test_openssl_takes_our_signature_and_no_other_content(kind, tmp_path) -> None:
    signature = by_file(kind, tmp_path).sign(CONTENT)
    assert certified.signer_of(signature, CONTENT) == certified.certificates.load(
        (tmp_path / "own.pem").read_bytes()
    )
    assert is_right_by_openssl(signature, CONTENT, tmp_path)
    assert not is_right_by_openssl(signature, CONTENT + b" ", tmp_path)
    with pytest.raises(ValueError, match="something else"):
        certified.signer_of(signature, CONTENT + b" ")


@pytest.mark.parametrize(
    ("kind", "more"), [("rsa", ("-md", "sha512")), ("p384", ("-md", "sha384")), ("p256", ())]
)
def test_we_take_what_openssl_signs(kind, more, tmp_path) -> None:
    own = certificate(key(kind))
    (tmp_path / "own.pem").write_bytes(pem(own))
    (tmp_path / "own.key").write_bytes(key_pem(key(kind)))
    made = subprocess.run(["openssl", "cms", "-sign", "-binary", "-outform", "DER", "-signer",
                           "own.pem", "-inkey", "own.key", *more], input=CONTENT, cwd=tmp_path,
                          capture_output=True, check=True).stdout  # fmt: skip
    assert certified.signer_of(made, CONTENT) == own


@pytest.mark.parametrize("kind", ["rsa", "p384"])
def test_no_flipped_bit_makes_another_signer(kind, tmp_path) -> None:
    own = by_file(kind, tmp_path)
    signature = own.sign(CONTENT)
    for at in random.Random(7).sample(range(8 * len(signature)), 150):
        spoilt = bytearray(signature)
        spoilt[at // 8] ^= 1 << at % 8
        try:
            found = certified.signer_of(bytes(spoilt), CONTENT)
        except (ValueError, UsageError):
            continue
        assert found.public_key() == own.certificate.public_key()


def test_a_key_of_another_certificate_signs_nothing(tmp_path) -> None:
    with pytest.raises(UsageError, match="not that of the certificate"):
        by_file("p256", tmp_path, own=certificate(key("rsa"))).sign(CONTENT)
    with pytest.raises(UsageError, match="not that of the certificate"):
        by_file("p256", tmp_path, own=certificate(key("brainpool"))).sign(CONTENT)


@pytest.mark.parametrize("spoilt", [b"", b"0", b"\x30\x80", b"\x30\x03\x02\x01\x01"])
def test_what_is_no_signature_is_refused(spoilt) -> None:
    with pytest.raises(ValueError, match=r".+"):
        certified.signer_of(spoilt, CONTENT)


@pytest.mark.parametrize("label", ["rsa", "ec"])
def test_a_key_on_a_token_signs(label, token, tmp_path) -> None:
    public = token if label == "ec" else key("rsa").public_key()
    root = issued(key("p384").public_key(), key("p384"), root=True)
    own = issued(public, key("p384"))
    (tmp_path / "officer.pem").write_bytes(pem(own))
    (tmp_path / "own.pem").write_bytes(pem(root))
    signature = certified.by_token(tmp_path / "officer.pem", MODULE, label, "1234").sign(CONTENT)
    assert certified.signer_of(signature, CONTENT) == own
    assert is_right_by_openssl(signature, CONTENT, tmp_path)


def test_only_an_authority_vouches_for_a_certificate() -> None:
    now = datetime.now(UTC)
    authority, other = key("p384"), ec.generate_private_key(ec.SECP256R1())
    root, stranger = (issued(k.public_key(), k, root=True) for k in (authority, other))
    own = issued(key("rsa").public_key(), authority)
    certified.check_anchored(own, pem(stranger) + pem(root), now)
    below = issued(key("p256").public_key(), key("rsa"))  # by an officer, who is no authority
    for one, authorities, at in (
        (own, pem(stranger), now), (own, pem(root), now.replace(year=now.year + 9)),
        (below, pem(root) + pem(own), now),
    ):  # fmt: skip
        with pytest.raises(ValueError, match="no authority that was given vouches"):
            certified.check_anchored(one, authorities, at)
    with pytest.raises(UsageError, match="no certificate of an authority"):
        certified.check_anchored(own, b"nothing", now)


@pytest.mark.filterwarnings("ignore:Parsed a serial number")
@pytest.mark.parametrize("first", [b"\x80", b"\xff\xff"], ids=["negative", "too long"])
def test_a_certificate_with_a_number_below_nothing_is_refused(tmp_path, first) -> None:
    own = by_file("p256", tmp_path)
    spoilt = bytearray(own.sign(CONTENT))
    number = bytes(spoilt).find(certified.der.integer(own.certificate.serial_number))
    spoilt[number + 2 : number + 2 + len(first)] = first
    with pytest.raises(ValueError, match="damaged"):
        certified.signer_of(bytes(spoilt), CONTENT)
