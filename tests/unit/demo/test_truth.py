"""The truth is what was written, counted by another way."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pyarrow.parquet as pq
import pytest

from clew.demo import generate, small


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("truth") / "d"
    return generate(folder, small()), folder


def test_counts_are_those_of_the_truth(made) -> None:
    operation, folder = made
    counts = json.loads((folder / "truth" / "counts.json").read_text())
    for name, count in counts.items():
        value = getattr(operation.truth, name)
        assert count == (value if isinstance(value, int) else len(value))


def test_files_of_which_no_copy_was_seized_are_nowhere(made) -> None:
    import hashlib

    operation, folder = made
    there = {hashlib.sha256(f.read_bytes()).hexdigest()
             for f in (folder / "evidence").rglob("*.jpg") if f.is_file()}  # fmt: skip
    assert not operation.truth.known_by_record_only & there
    assert operation.truth.known - operation.truth.known_by_record_only


def test_a_first_share_is_no_later_than_any_other_of_its_file(made) -> None:
    operation, folder = made
    accounts = {a["number"]: a["account_id"]
                for a in pq.read_table(folder / "truth/accounts.parquet").to_pylist()}  # fmt: skip
    first: dict[str, dict] = {}
    messages = pq.read_table(folder / "truth/messages.parquet").to_pylist()
    for message in sorted(messages, key=lambda m: (m["at"], m["number"])):
        if message["sha256"]:
            first.setdefault(message["sha256"], message)
    for digest, share in operation.truth.first_shares.items():
        assert share.real_account == accounts[first[digest]["account"]]


def test_messages_in_the_log_alone_are_not_in_the_database_without_it(made, tmp_path) -> None:
    operation, folder = made
    (log,) = (folder / "evidence").rglob("msgstore.db-wal")
    whole = log.with_name("msgstore.db")
    for name, files in (("with", (whole, log)), ("without", (whole,))):
        (tmp_path / name).mkdir()
        for file in files:
            (tmp_path / name / file.name).write_bytes(file.read_bytes())
    counts = []
    for name in ("with", "without"):
        with closing(sqlite3.connect(tmp_path / name / "msgstore.db")) as db:
            counts.append(db.execute("SELECT count(*) FROM message").fetchone()[0])
    assert counts[0] - counts[1] == operation.truth.only_in_log == 40
