"""The generated operation is the same for the same parameters, and really is what it claims."""

from __future__ import annotations

import hashlib
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from clew.demo import Media, Parameters, generate, small
from clew.errors import UsageError

FEW = Parameters(of_interest=24, accounts=600, groups=14, shares=4000, coverage=0.25, forces=5)


def state(folder: Path) -> dict[bytes, str]:
    return {
        bytes(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and not file.is_symlink() and file.suffix != ".parquet"
    }


@pytest.fixture(scope="module")
def few(tmp_path_factory):
    folder = tmp_path_factory.mktemp("few") / "d"
    return generate(folder, FEW), folder


def test_the_same_seed_gives_the_same_bytes_and_another_gives_others(tmp_path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        generate(tmp_path / name, small(seed))
    assert state(tmp_path / "a") == state(tmp_path / "b") != state(tmp_path / "c")


def test_the_same_parameters_give_the_same_bytes(few, tmp_path) -> None:
    generate(tmp_path / "again", FEW)
    assert state(tmp_path / "again") == state(few[1])


def test_a_database_holds_what_the_truth_says(few) -> None:
    made, folder = few
    keys = set()
    for file in (folder / "evidence").rglob("msgstore.db"):
        with closing(sqlite3.connect(file)) as db:
            keys |= {k for (k,) in db.execute("SELECT key_id FROM message WHERE message_type <> 7")}
    truth = pq.read_table(folder / "truth/messages.parquet").to_pylist()
    assert keys == {m["key"] for m in truth if m["held"]}
    assert len(keys) == made.truth.messages


def test_drawn_files_are_those_that_the_databases_name(tmp_path) -> None:
    generate(tmp_path / "d", small())
    truth = pq.read_table(tmp_path / "d/truth/messages.parquet").to_pylist()
    named = {m["sha256"] for m in truth}
    drawn = [
        hashlib.sha256(f.read_bytes()).hexdigest()
        for f in (tmp_path / "d/evidence").rglob("IMG-*.jpg")
    ]
    assert drawn
    assert set(drawn) <= named


def test_the_small_one_has_every_oddity(tmp_path) -> None:
    truth = generate(tmp_path / "d", small()).truth
    for name in truth.__struct_fields__:
        assert getattr(truth, name), f"nothing of this: {name}"
    evidence = tmp_path / "d" / "evidence"
    assert list(evidence.rglob("msgstore.db-wal"))
    assert list(evidence.rglob("result.json"))
    assert {e.name for e in evidence.iterdir()} == set(truth.entries)


def test_without_pillow_it_says_what_to_do(tmp_path, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(UsageError, match="Pillow"):
        generate(tmp_path / "d", small())


def test_media_of_which_nothing_is_drawn_needs_no_pillow(tmp_path, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "PIL", None)
    assert FEW.media == Media.NONE
    generate(tmp_path / "d", FEW)
