"""A command signs with one key that has a name, or with none at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from clew.cli.signing import signer_of
from clew.errors import UsageError


def test_without_a_key_nobody_signs() -> None:
    assert signer_of(None, None, None, None) is None


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ((Path("key"), "es.example/custody", "module", "label"), "of one key"),
        ((None, "es.example/custody", None, None), "no key to sign with"),
        ((None, None, None, "label"), "no key to sign with"),
        ((Path("key"), None, None, None), "needs a name"),
        ((None, "es.example/custody", "module", None), "needs --pkcs11 and --label"),
    ],
)
def test_what_does_not_go_together_is_refused_in_words(given, says) -> None:
    with pytest.raises(UsageError, match=says):
        signer_of(*given)
