"""A key is its owner's alone, is known everywhere by one fingerprint, and keeps one name."""

from __future__ import annotations

import os

import pytest

from clew.casefile.custody import identity
from clew.casefile.custody.checkpoint import is_right
from clew.errors import UsageError


def test_a_key_is_its_owners_alone_and_signs() -> None:
    assert identity.identity() is None
    made = identity.make(" A. Analyst ")
    assert identity.identity() == made
    assert (made.name, made.asks) == ("A. Analyst", "")
    for file in identity.folder().iterdir():
        assert file.stat().st_mode & 0o777 == 0o600
    assert identity.folder().stat().st_mode & 0o777 == 0o700
    signer = made.signer("")
    assert is_right(signer.public, signer.sign(b"x"), b"x")
    assert identity.fingerprint(signer.public) == made.fingerprint


def test_a_key_with_a_passphrase_needs_it() -> None:
    made = identity.make("A", "three plain words")
    assert "Passphrase" in made.asks
    with pytest.raises(UsageError, match="passphrase is wrong"):
        made.signer("")
    assert made.signer("three plain words").public


def test_a_key_is_never_written_over_and_one_that_was_set_aside_stays() -> None:
    first = identity.make("A")
    with pytest.raises(UsageError, match="already"):
        identity.make("B")
    identity.set_aside()
    second = identity.make("B")
    assert first.fingerprint != second.fingerprint
    names = {file.name for file in identity.folder().iterdir()}
    assert f"{first.fingerprint}.key.pem" in names


def test_a_key_that_others_may_read_or_that_was_exchanged_does_not_sign() -> None:
    made = identity.make("A")
    file = identity.folder() / "key.pem"
    file.chmod(0o640)
    with pytest.raises(UsageError, match="others may read"):
        made.signer("")
    file.unlink()
    identity.keys.make(file, "", open_to_its_owner=True)
    with pytest.raises(UsageError, match="not the one"):
        made.signer("")


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "a\x1b[2J", "x" * 101])
def test_what_can_be_no_name_is_refused(name) -> None:
    with pytest.raises(UsageError):
        identity.make(name)


def test_what_is_damaged_is_told_and_can_be_set_aside() -> None:
    identity.make("A")
    (identity.folder() / "identity.json").write_text("{")
    with pytest.raises(UsageError, match="can't be read"):
        identity.identity()
    assert "key" not in identity.whereabouts()
    identity.set_aside()
    assert identity.make("A")


def test_no_variable_of_the_environment_says_who_somebody_is(monkeypatch) -> None:
    before = identity.whereabouts()
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "chief.inspector")
    assert identity.whereabouts() == before
    assert before["uid"] == os.getuid()
    assert before["host"] == os.uname().nodename
