"""What stands beside a database is read with it, and never changed."""

from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path

import pytest
import steps
from steps import take_in

from clew import pipeline
from clew.casefile import Case, create_case
from clew.casefile.engine import Progress
from clew.evidence.describe import described

ABOUT = {
    **dict.fromkeys(("search_id", "label", "holder_ref", "time_zone", "acquired_with",
                     "acquired_at", "authority")),
    "exhibit_id": "ES-01", "kind": "phone", "country": "ES", "hash_only": False,
}  # fmt: skip

TABLE = (
    "CREATE TABLE messages (_id INTEGER PRIMARY KEY, key_remote_jid TEXT, key_from_me INTEGER, "
    "key_id TEXT, status INTEGER, data TEXT, timestamp INTEGER, media_wa_type TEXT)"
)


def rows(first: int, last: int) -> list[tuple]:
    return [
        (n, "447700900001@s.whatsapp.net", 0, f"8A84B23763A3C357C5504DC8{n:08d}", 0, "x" * 300,
         1592506764000, "0")
        for n in range(first, last)
    ]  # fmt: skip


def running(file: Path, mode: str) -> sqlite3.Connection:
    db = sqlite3.connect(file, isolation_level=None)
    db.executescript(f"PRAGMA journal_mode={mode}; PRAGMA cache_size=5; {TABLE};")
    db.execute("BEGIN")
    db.executemany("INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows(1, 501))
    db.execute("COMMIT")
    return db


def read(case: Case, folder: Path) -> None:
    with case.writing():
        take_in(case, described(case.config, (folder,), ABOUT), workers=1)
        steps.read(case, "ES-01", workers=1)


def seized(source: Path, folder: Path, *endings: str) -> dict[str, str]:
    folder.mkdir()
    for ending in endings:
        target = folder / f"msgstore.db{ending}"
        target.write_bytes(Path(f"{source}{ending}").read_bytes())
    return state(folder)


def state(folder: Path) -> dict[str, str]:
    return {f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in sorted(folder.iterdir())}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return tmp_path / "running.db"


def test_rows_that_stand_in_the_log_alone_are_read_and_counted(case, source, tmp_path) -> None:
    db = running(source, "WAL")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.executemany("INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows(501, 551))
    before = seized(source, tmp_path / "ev", "", "-wal")
    db.close()
    read(case, tmp_path / "ev")
    (found,) = case.rows("FROM sources")
    assert (found["rows_emitted"], found["rows_only_in_wal"], found["with_wal"]) == (550, 50, True)
    assert found["companions"] == ["msgstore.db-wal"]
    assert state(tmp_path / "ev") == before


def test_half_a_transaction_is_rolled_back_in_the_copy_alone(case, source, tmp_path) -> None:
    db = running(source, "DELETE")
    db.execute("BEGIN")
    db.execute("UPDATE messages SET data = 'half'")
    before = seized(source, tmp_path / "ev", "", "-journal")
    db.execute("ROLLBACK")
    db.close()
    read(case, tmp_path / "ev")
    assert case.rows("SELECT count(*) AS n, count(*) FILTER (WHERE text = 'half') AS half "
                     "FROM messages") == [{"n": 500, "half": 0}]  # fmt: skip
    assert state(tmp_path / "ev") == before


def test_a_case_without_contents_reads_the_same(demo, tmp_path) -> None:
    found = []
    for hash_only in (False, True):
        about = {**ABOUT, "hash_only": hash_only}
        with create_case(tmp_path / f"case{hash_only}", "t", "a") as made, made.writing():
            take_in(made, described(made.config, (demo / "evidence" / "ES-001",), about))
            pipeline.run(made, Progress(), 2)
            manifests = [m for m in made.manifests.every() if m.step != "intake"]
        found.append({o.table: o.sha256 for m in manifests for o in m.outputs})
    assert found[0] == found[1]
    assert not (tmp_path / "caseTrue" / "store").exists()


def test_evidence_that_changed_since_is_told_and_not_read(case, source, tmp_path) -> None:
    db = running(source, "DELETE")
    db.close()
    seized(source, tmp_path / "ev", "")
    with case.writing():
        given = {**ABOUT, "hash_only": True}
        take_in(case, described(case.config, (tmp_path / "ev",), given), workers=1)
    file = tmp_path / "ev" / "msgstore.db"
    data = bytearray(file.read_bytes())
    data[-1] ^= 1
    file.write_bytes(data)
    with case.writing():
        steps.read(case, "ES-01", workers=1)
    (row,) = case.rows("FROM unread")
    assert row["severity"] == "error"
    assert row["code"] == "gone:changed"
    assert case.rows("SELECT count(*) AS n FROM messages") == [{"n": 0}]
