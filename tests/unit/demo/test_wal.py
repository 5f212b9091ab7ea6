"""A write-ahead log with a fixed salt is still a log."""

from __future__ import annotations

import sqlite3

from clew.demo.wal import settled


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
