"""What opens a key comes from a file that the environment names, a witness has one of its own."""

from __future__ import annotations

import pytest

from clew.cli.unlocking import answers, passphrase
from clew.errors import UsageError


def test_a_passphrase_comes_from_the_file_that_the_environment_names(tmp_path, monkeypatch) -> None:
    (tmp_path / "secret").write_text("a b\n", encoding="utf-8")
    monkeypatch.setenv("CLEW_PASSPHRASE_FILE", str(tmp_path / "secret"))
    assert passphrase("Passphrase") == passphrase("Passphrase", is_witness=True) == "a b"
    (tmp_path / "other").write_text("c\n", encoding="utf-8")
    monkeypatch.setenv("CLEW_WITNESS_PASSPHRASE_FILE", str(tmp_path / "other"))
    assert (passphrase("Passphrase"), passphrase("PIN", is_witness=True)) == ("a b", "c")
    monkeypatch.setenv("CLEW_PASSPHRASE_FILE", str(tmp_path / "nothing"))
    with pytest.raises(UsageError, match="can't be read"):
        passphrase("Passphrase")


def test_who_has_no_key_signs_nothing_and_gets_none(case) -> None:
    answers(case)
    assert case.custody.analyst is None
