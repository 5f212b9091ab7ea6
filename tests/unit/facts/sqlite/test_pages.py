"""Laws of ``clew.facts.sqlite.pages``."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing

from builders.sqlite_logs import hot

from clew.facts.sqlite.pages import Pages


def test_a_journal_is_rolled_back_as_far_as_sqlite_does(tmp_path) -> None:
    """A page of the journal whose checksum is wrong ends the rolling back."""
    file = hot(tmp_path)
    journal = bytearray((tmp_path / "copy" / "m.db-journal").read_bytes())
    journal[512 + 30 * 1032 + 4 + 824] ^= 0xFF
    (tmp_path / "copy" / "m.db-journal").write_bytes(journal)
    pages = Pages(file, None, file.with_name("m.db-journal"))
    (tmp_path / "seen").mkdir()
    for part in file.parent.iterdir():
        shutil.copy(part, tmp_path / "seen" / part.name)
    with closing(sqlite3.connect(tmp_path / "seen" / "m.db")) as db:
        db.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    rolled = (tmp_path / "seen" / "m.db").read_bytes()
    ours = b"".join(pages.page(n).data for n in range(1, pages.count + 1))
    same = [ours[at : at + 1024] == rolled[at : at + 1024] for at in range(0, len(ours), 1024)]
    assert len(ours) == len(rolled)
    assert all(same)
