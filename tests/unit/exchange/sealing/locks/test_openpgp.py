"""Locks for OpenPGP: opened by their key, and by ``gpg`` where it is there."""

from __future__ import annotations

import pytest

from clew.errors import UsageError
from clew.exchange.sealing.locks import opener, openpgp

pysequoia = pytest.importorskip("pysequoia")
SECRET = "AGE-SECRET-KEY-1" + "Q" * 58


def test_a_lock_opens_with_its_key_and_no_other() -> None:
    own, other = (pysequoia.Tsk.generate("Unit 4 <unit@example.org>") for _ in range(2))
    public = openpgp.armoured(bytes(own.extract_certificate()))
    assert public.startswith("-----BEGIN PGP PUBLIC KEY")
    lock = openpgp.lock(SECRET, public.encode())
    assert opener(str(own).encode(), "").unlock(lock) == SECRET
    assert opener(bytes(own), "").unlock(lock) == SECRET
    with pytest.raises(ValueError, match=r".+"):
        opener(str(other).encode(), "").unlock(lock)
    with pytest.raises(ValueError, match=r".+"):
        opener(str(own).encode(), "").unlock(lock[:-30] + bytes([lock[-30] ^ 1]) + lock[-29:])


def test_a_secret_key_and_what_is_none_are_no_certificate() -> None:
    with pytest.raises(UsageError, match="secret key"):
        openpgp.armoured(bytes(pysequoia.Tsk.generate("Unit 4 <unit@example.org>")))
    with pytest.raises(UsageError, match="can't be read"):
        openpgp.armoured(b"nothing")
    with pytest.raises(UsageError, match="can't be opened"):
        opener(b"nothing", "")
