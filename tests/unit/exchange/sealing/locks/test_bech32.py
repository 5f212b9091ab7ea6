"""Identities of age are read to the last sign."""

from __future__ import annotations

import pytest
from builders.packages import Agencies

from clew.exchange.sealing.locks import age, bech32

PREFIX = "age-secret-key-"


def test_an_identity_is_the_key_of_its_recipient() -> None:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    secret = age.fresh()
    own = X25519PrivateKey.from_private_bytes(bech32.decoded(secret, PREFIX))
    public = bech32.decoded(str(age.identity(secret).to_public()), "age")
    assert own.public_key().public_bytes_raw() == public


def test_no_changed_sign_is_taken() -> None:
    secret = Agencies().identities["PT"]
    for at in range(len(PREFIX) + 1, len(secret)):
        other = "Q" if secret[at] != "Q" else "P"
        with pytest.raises(ValueError, match="checksum"):
            bech32.decoded(secret[:at] + other + secret[at + 1 :], PREFIX)


@pytest.mark.parametrize("wrong", ["", "age1", "AGE-secret-KEY-1QQQQQQQQ", "age-secret-key-1bio"])
def test_what_is_none_is_refused(wrong) -> None:
    with pytest.raises(ValueError, match=r".+"):
        bech32.decoded(wrong, PREFIX)
