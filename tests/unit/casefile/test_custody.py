"""The custody log shows any edit, deletion, reordering and gap; checkpoints show the rest."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from clew.casefile import create_case
from clew.casefile.custody import CustodyLog, checkpoint, keys
from clew.casefile.custody.canonical import canonical
from clew.cli.custody import custody
from clew.errors import EvidenceError, MachineError, UsageError
from clew.validation.tampering import TAMPERS, _rebuilt, tampered

SEEDS = int(os.environ.get("CLEW_TAMPERS", "8"))
"""Seeds for each kind; the figure in the changelog is from 50."""
BLIND = {
    "edited, tree rebuilt, checkpoints dropped", "cut, tree rebuilt, checkpoints dropped",
    "forked: edited, tree and checkpoint made anew", "whole file rolled back",
}  # fmt: skip


@pytest.fixture
def log(case):
    for number in range(5):
        case.custody.append("test", number=number)
    return case.custody


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


@pytest.mark.parametrize("kind", TAMPERS)
def test_every_kind_of_tampering_is_found_with_one_checkpoint_outside(unsynced, kind) -> None:
    assert all(tampered(unsynced / "t", kind, seed) for seed in range(SEEDS))


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


def test_a_log_of_another_form_is_refused_in_words(tmp_path) -> None:
    with closing(sqlite3.connect(tmp_path / "c.sqlite")) as db:
        db.execute("CREATE TABLE entry (number INTEGER, body TEXT, previous TEXT, hash TEXT)")
    with pytest.raises(EvidenceError, match="form"):
        CustodyLog(tmp_path / "c.sqlite").append("test")


def test_a_log_that_cannot_be_written_stops_what_would_have_been_logged(tmp_path) -> None:
    with pytest.raises(MachineError):
        CustodyLog(tmp_path / "gone" / "custody.sqlite").append("read")


def test_a_signed_checkpoint_is_right_until_a_letter_changes(log, tmp_path) -> None:
    keys.make(tmp_path / "k.pem", "three plain words")
    signer = keys.load(tmp_path / "k.pem", "es.example/custody", "three plain words")
    text = checkpoint.signed(log.checkpoint(), signer)
    verifier = checkpoint.verifier(signer.name, signer.public)
    held = checkpoint.parse(text)
    checkpoint.check(held, verifier)
    assert held.signed_by == [signer.name]
    assert list(log.problems([held])) == []
    forged = checkpoint.parse(text.replace("\n6\n", "\n5\n"))
    checkpoint.check(forged, verifier)
    assert forged.problems
    assert list(log.problems([forged]))


def test_a_key_is_kept_from_others_and_needs_its_passphrase(tmp_path) -> None:
    file = tmp_path / "k.pem"
    keys.make(file, "three plain words")
    assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(UsageError, match="passphrase is wrong"):
        keys.load(file, "n", "other words")
    with pytest.raises(UsageError, match="there already"):
        keys.make(file, "again")
    with pytest.raises(UsageError, match="needs a passphrase"):
        keys.make(tmp_path / "other.pem", "")


def test_an_example_of_the_signed_note_specification_is_checked() -> None:
    """The key and note of C2SP signed-note.md, by which any other program checks ours."""
    verifier = checkpoint.verifier("example.com/foo", bytes(32))
    assert checkpoint.parse_verifier(verifier) == ("example.com/foo", bytes(32))
    with pytest.raises(UsageError):
        checkpoint.parse_verifier(verifier.replace("foo", "bar"))


def test_two_processes_append_at_once_and_nothing_is_lost(tmp_path) -> None:
    file = tmp_path / "custody.sqlite"
    code = (
        "import sys, pathlib; from clew.casefile.custody import CustodyLog\n"
        "log = CustodyLog(pathlib.Path(sys.argv[1]))\n"
        "for n in range(100): log.append('test', n=n)"
    )
    both = [subprocess.Popen([sys.executable, "-c", code, file]) for _ in range(2)]
    assert [p.wait() for p in both] == [0, 0]
    log = CustodyLog(file)
    assert len(list(log.entries())) == 200
    assert list(log.problems()) == []


def test_a_log_whose_writer_is_killed_is_whole(tmp_path) -> None:
    file = tmp_path / "custody.sqlite"
    code = (
        "import sys, pathlib; from clew.casefile.custody import CustodyLog\n"
        "log = CustodyLog(pathlib.Path(sys.argv[1]))\n"
        "while True: log.append_all(('test', {'n': n}) for n in range(50))"
    )
    for number in range(5):
        writer = subprocess.Popen([sys.executable, "-c", code, file])
        begun = CustodyLog(file).checkpoint().size
        while CustodyLog(file).checkpoint().size == begun:
            time.sleep(0.05)
        time.sleep(random.Random(number).uniform(0, 0.2))
        os.kill(writer.pid, signal.SIGKILL)
        writer.wait()
        log = CustodyLog(file)
        assert list(log.problems()) == []
    assert log.append("after") % 50 == 1


def test_a_clock_that_goes_back_is_told_and_is_no_problem(tmp_path, monkeypatch) -> None:
    from clew.casefile.custody import log as module

    log = CustodyLog(tmp_path / "custody.sqlite")
    log.append("before")
    real = module.datetime

    class Earlier(real):
        @classmethod
        def now(cls, zone):
            return real.now(zone).replace(year=2016)

    monkeypatch.setattr(module, "datetime", Earlier)
    log.append("after")
    assert list(log.problems()) == []
    assert len(list(log.notices())) == 1


def test_a_log_that_was_removed_is_told_and_not_begun_anew(case, log) -> None:
    file = case.folder / "custody.sqlite"
    file.unlink()
    assert "removed" in "".join(log.problems())
    with pytest.raises(EvidenceError, match="missing"):
        log.append("read")
    CustodyLog(file).append("read")
    assert "begun anew" in "".join(log.problems())


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


def test_entries_have_one_text() -> None:
    """RFC 8785, 3.2.3: names in the order of their UTF-16 units; 3.2.2.2: escapes."""
    names = {"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\x80": 6, "\xf6": 7}
    text = canonical(names)
    assert list(msgspec.json.decode(text).values()) == [2, 4, 6, 7, 1, 5, 3]
    assert canonical({"a": '\x08\t\n\f\r"\\/\x0f\x7f'}) == (
        '{"a":"\\b\\t\\n\\f\\r\\"\\\\/\\u000f\x7f"}'
    )
    assert canonical({"file": os.fsdecode(b"\xff.html")}) == '{"file":"\\\\udcff.html"}'
    assert canonical({"b": 1, "a": "x", "c": None}) == '{"a":"x","b":1,"c":null}'
    for refused in (0.5, 2**53):
        with pytest.raises((TypeError, ValueError)):
            canonical({"n": refused})
