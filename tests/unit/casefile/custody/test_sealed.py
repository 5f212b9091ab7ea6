"""A sealed text can be opened until it is erased, and its digest stays."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import msgspec
import pytest

from clew.casefile.custody.sealed import Vault, digest, seal


@pytest.fixture
def vault(tmp_path):
    return Vault(tmp_path / "sealed.sqlite")


def connected(vault):
    db = sqlite3.connect(":memory:")
    vault.attach(db)
    return closing(db)


def test_the_same_text_has_another_digest_each_time() -> None:
    one, other = seal("Ana"), seal("Ana")
    assert one.digest != other.digest
    assert one.is_whole
    assert digest(one.salt, "Ana") == one.digest


def test_a_text_that_was_changed_is_not_whole() -> None:
    sealed = seal("Ana")
    assert not msgspec.structs.replace(sealed, text="Ben").is_whole
    assert not msgspec.structs.replace(sealed, text=None, salt=None).is_whole


def test_a_sealed_text_is_found_until_it_is_erased(vault) -> None:
    sealed = seal("Ana")
    with connected(vault) as db:
        vault.put(db, [sealed])
        db.commit()
        assert vault.text(sealed.digest) == "Ana"
        vault.erase(db, [sealed.digest], 1)
        db.commit()
    (left,) = vault.every()
    assert (left.digest, left.text, left.salt, left.erasure) == (sealed.digest, None, None, 1)
    assert left.is_whole


def test_a_digest_can_neither_go_nor_change(vault) -> None:
    sealed = seal("Ana")
    with connected(vault) as db:
        vault.put(db, [sealed])
        for statement in ("DELETE FROM vault.sealed", "UPDATE vault.sealed SET text = 'Ben'"):
            with pytest.raises(sqlite3.IntegrityError, match="sealed text"):
                db.execute(statement)
