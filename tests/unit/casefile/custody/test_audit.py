"""The custody log shows any edit, deletion, reordering and gap; checkpoints show the rest."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from clew.casefile import create_case
from clew.cli.custody import custody
from clew.errors import EvidenceError
from clew.validation.tampering import TAMPERS, _rebuilt, tampered

SEEDS = int(os.environ.get("CLEW_TAMPERS", "8"))
"""Seeds for each kind; the figure in the changelog is from 50."""


BLIND = {
    "edited, tree rebuilt, checkpoints dropped", "cut, tree rebuilt, checkpoints dropped",
    "forked: edited, tree and checkpoint made anew", "whole file rolled back",
}  # fmt: skip


def test_an_untouched_log_has_no_problem(log) -> None:
    assert list(log.problems()) == []
    assert len(list(log.entries())) == 6
    assert log.checkpoint().size == 6


@pytest.fixture
def unsynced(tmp_path) -> Path:
    """A folder in memory, where there is one: thousands of logs need not reach a disk."""
    memory = Path("/dev/shm")
    if not os.access(memory, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        yield Path(folder)


@pytest.mark.volume
@pytest.mark.parametrize("kind", TAMPERS)
def test_every_kind_of_tampering_is_found_with_one_checkpoint_outside(unsynced, kind) -> None:
    assert all(tampered(unsynced / "t", kind, seed) for seed in range(SEEDS))


@pytest.mark.volume
@pytest.mark.parametrize("kind", sorted(set(TAMPERS) - BLIND))
def test_most_kinds_are_found_without_any(unsynced, kind) -> None:
    assert all(tampered(unsynced / "t", kind, seed, outside=False) for seed in range(SEEDS))


@pytest.mark.parametrize("kind", sorted(BLIND))
def test_a_log_alone_proves_nothing_against_whoever_rewrites_it_whole(tmp_path, kind) -> None:
    """This is why checkpoints must leave the machine; docs/threat-model.md says so."""
    assert tampered(tmp_path / "t", kind, 1, outside=False) == []


def test_the_log_refuses_changes(case, log) -> None:
    log.keep(log.checkpoint().text)
    with closing(sqlite3.connect(case.folder / "custody.sqlite")) as db:
        for table in ("entry", "node", "checkpoint"):
            for statement in (f"UPDATE {table} SET rowid = 9", f"DELETE FROM {table}"):
                with pytest.raises(sqlite3.Error):
                    db.execute(statement)


def test_a_damaged_log_is_told(case, log) -> None:
    file = case.folder / "custody.sqlite"
    file.write_bytes(b"\0" * 100 + file.read_bytes()[100:])
    assert list(log.problems())
    with pytest.raises(EvidenceError, match="damaged"):
        log.append("test")


def test_the_log_of_another_case_is_told(case, log, tmp_path) -> None:
    with create_case(tmp_path / "other", "Other", "Order 2/2026") as other:
        shutil.copyfile(other.folder / "custody.sqlite", case.folder / "custody.sqlite")
    assert list(log.problems()) == ["the log is that of another case"]


def test_a_checkpoint_of_another_log_is_not_kept(case, log, tmp_path) -> None:
    with create_case(tmp_path / "other", "Other", "Order 2/2026") as other:
        foreign = other.custody.checkpoint().text
    mine = log.checkpoint()
    for wrong in (
        foreign,
        msgspec.structs.replace(mine, size=mine.size + 1).text,
        msgspec.structs.replace(mine, root=bytes(32)).text,
    ):
        with pytest.raises(EvidenceError, match="not the one"):
            log.keep(wrong)
    assert list(log.problems()) == []
    log.keep(mine.text)
    assert list(log.kept()) == [mine.text]


def test_no_second_history_is_signed(case, log) -> None:
    log.keep(log.checkpoint().text)
    with closing(sqlite3.connect(case.folder / "custody.sqlite")) as db:
        for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'"):
            db.execute(f'DROP TRIGGER "{name}"')
        edit = "UPDATE entry SET body = replace(body, '\"test\"', '\"else\"') WHERE number = 2"
        _rebuilt(lambda db, _: db.execute(edit), checkpoints="left")(db, random.Random(1))
        db.commit()
    result = CliRunner().invoke(custody, ["checkpoint", str(case.folder)])
    assert isinstance(result.exception, EvidenceError)
    assert result.stdout == ""


def test_only_the_missing_entry_is_named(case, log) -> None:
    with closing(sqlite3.connect(case.folder / "custody.sqlite")) as db:
        db.execute("DROP TRIGGER entry_delete")
        db.execute("DELETE FROM entry WHERE number IN (2, 3)")
        db.commit()
    assert list(log.problems()) == ["entries 2 to 3 are missing"]


@pytest.mark.parametrize("seed", range(50))
def test_any_flipped_bit_of_a_body_is_told_by_its_number(case, log, seed) -> None:
    chance = random.Random(seed)
    file = case.folder / "custody.sqlite"
    raw, entry = bytearray(file.read_bytes()), chance.choice(list(log.entries()))
    raw[raw.find(entry.body.encode()) + chance.randrange(len(entry.body))] ^= 1 << chance.randrange(
        8
    )
    file.write_bytes(raw)
    found = list(log.problems())
    assert f"entry {entry.number} was changed" in found
    others = [
        p for p in found if p.startswith(("entry", "the tree")) and str(entry.number) not in p
    ]
    assert others == []
    assert len(list(log.entries())) == 6
