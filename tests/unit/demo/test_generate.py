"""The demo's operation is the same for the same seed, and really is what it claims."""

from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path

import pytest

from clew.demo import generate
from clew.demo.wal import settled


def state(folder: Path) -> dict[bytes, str]:
    found = {}
    for file in sorted(folder.rglob("*")):
        if file.is_file() and not file.is_symlink():
            found[bytes(file.relative_to(folder))] = hashlib.sha256(file.read_bytes()).hexdigest()
    return found


def test_the_same_seed_gives_the_same_bytes_and_another_gives_others(tmp_path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        generate(tmp_path / name, seed)
    assert state(tmp_path / "a") == state(tmp_path / "b") != state(tmp_path / "c")


def test_no_number_of_the_demo_can_be_assigned_to_anybody(tmp_path) -> None:
    truth = generate(tmp_path / "d").truth
    numbers = {m.rpartition(":")[2] for members in truth.groups.values() for m in members}
    assert all("0000" in n[1:7] for n in numbers)


def test_a_log_with_our_salt_is_still_a_log(tmp_path) -> None:
    db = sqlite3.connect(tmp_path / "x.db", isolation_level=None)
    db.executescript("PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0; CREATE TABLE t (x);")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.executemany("INSERT INTO t VALUES (?)", [(n,) for n in range(500)])
    (tmp_path / "y.db").write_bytes((tmp_path / "x.db").read_bytes())
    (tmp_path / "y.db-wal").write_bytes(settled((tmp_path / "x.db-wal").read_bytes()))
    db.close()
    copy = sqlite3.connect(tmp_path / "y.db")
    assert copy.execute("SELECT count(*) FROM t").fetchone() == (500,)
    copy.close()


def test_without_pillow_it_says_what_to_do(tmp_path, monkeypatch) -> None:
    import sys

    from clew.errors import UsageError

    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(UsageError, match="Pillow"):
        generate(tmp_path / "d")
