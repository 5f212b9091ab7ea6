"""Laws of the generated operation."""

from __future__ import annotations

import hashlib
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from clew.demo.network import Media, Parameters, generate
from clew.demo.network.imagined import imagine
from clew.demo.network.people import names
from clew.facts.reader_api import SQLITE, Found
from clew.facts.readers.whatsapp_android import READER
from clew.records.facts import Contact

SMALL = Parameters(of_interest=24, accounts=600, groups=14, shares=4000, coverage=0.25, forces=5)


def digests(folder: Path) -> dict[str, str]:
    return {
        str(f.relative_to(folder)): hashlib.sha256(f.read_bytes()).hexdigest()
        for f in sorted(folder.rglob("*"))
        if f.is_file() and f.suffix != ".parquet"
    }


def test_the_same_parameters_give_the_same_bytes(tmp_path) -> None:
    for name in ("a", "b"):
        generate(tmp_path / name, SMALL)
    assert digests(tmp_path / "a") == digests(tmp_path / "b")


@pytest.fixture(scope="module")
def whole():
    return imagine(Parameters(shares=20_000))


def test_it_has_the_outline_of_the_real_one(whole) -> None:
    devices = whole.devices
    people = whole.network.held.people
    assert len(devices) == 127
    assert sum(d.is_phone for d in devices) == 23
    assert len({d.search for d in devices}) == 19
    assert len({d.force for d in devices}) == 14
    assert len({p.country for p in people if p.of_interest}) == len(names()["country"]) == 18
    assert sum(p.of_interest for p in people) == 135
    assert len(whole.network.groups.all) == 96
    assert 12_000 <= len(whole.network.held.all) < 12_200
    sizes = Counter(
        {(m.group, m.person) for m in whole.network.groups.memberships}
        and [g for g, _ in {(m.group, m.person) for m in whole.network.groups.memberships}]
    )
    assert max(sizes.values()) <= 250


def test_numbers_change_owners_and_people_share_accounts(whole) -> None:
    held = whole.network.held
    owners: dict[str, set[int]] = {}
    for account in held.all:
        if account.phone and account.telegram is None:
            owners.setdefault(account.phone, set()).add(account.person)
    assert any(len(found) > 1 for found in owners.values())
    assert any(a.shared_with is not None for a in held.all)
    assert any(p.poses_as is not None for p in held.people)
    for account in held.all:
        if account.kind == "recycled":
            before = next(a for a in held.all if a.phone == account.phone)
            assert account.since >= before.until + 60


def test_shares_come_from_members_while_they_are_in(whole) -> None:
    of_group = whole.network.groups.of_group
    for share in whole.cascades.shares:
        if share.group is not None:
            assert any(
                m.account == share.account and m.since <= share.at <= m.until + 0.01
                for m in of_group[share.group]
            )


def test_a_database_holds_what_the_truth_says(tmp_path) -> None:
    made = generate(tmp_path / "d", SMALL)
    keys = set()
    for file in (tmp_path / "d/evidence").rglob("msgstore.db"):
        with closing(sqlite3.connect(file)) as db:
            keys |= {k for (k,) in db.execute("SELECT key_id FROM message WHERE message_type <> 7")}
    truth = pq.read_table(tmp_path / "d/truth/messages.parquet").to_pylist()
    assert keys == {m["key"] for m in truth if m["held"]}
    assert len(keys) == made.truth.messages


def test_numbers_of_one_entry_share_its_id_and_the_reader_says_so(tmp_path) -> None:
    generate(tmp_path / "d", SMALL)
    several = 0
    for file in sorted((tmp_path / "d/evidence").rglob("wa.db")):
        with closing(sqlite3.connect(file)) as db:
            book = db.execute(
                "SELECT number, raw_contact_id, display_name FROM wa_contacts "
                "WHERE raw_contact_id > 0"  # the others were met in groups alone
            )
            stored = {number: (str(entry), name) for number, entry, name in book}
        names = dict(stored.values())
        assert all(names[entry] == name for entry, name in stored.values())
        found = Found(
            exhibit_id="ES-01", item_id="0" * 20, source_id="0" * 64, path="wa.db",
            media_type=SQLITE, file=file,
        )  # fmt: skip
        contacts = [r for r in READER.read(found) if isinstance(r, Contact)]
        assert all((r.entry is None) == (not r.phones) for r in contacts)
        read = {r.phones[0]: r.entry for r in contacts if r.phones}
        assert read == {number: entry for number, (entry, _) in stored.items()}
        several += sum(n > 1 for n in Counter(read.values()).values())
    assert several


def test_drawn_files_are_those_that_the_databases_name(tmp_path) -> None:
    generate(tmp_path / "d", SMALL, Media.FULL)
    truth = pq.read_table(tmp_path / "d/truth/messages.parquet").to_pylist()
    named = {m["sha256"] for m in truth}
    drawn = [
        hashlib.sha256(f.read_bytes()).hexdigest()
        for f in (tmp_path / "d/evidence").rglob("IMG-*.jpg")
    ]
    assert drawn
    assert set(drawn) <= named
