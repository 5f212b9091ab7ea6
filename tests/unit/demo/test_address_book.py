"""Numbers of one entry share its id, and the reader says so."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing

import pytest

from clew.demo import Parameters, generate
from clew.facts.reader_api import SQLITE, Found
from clew.facts.readers.whatsapp_android import READER
from clew.records import Contact


@pytest.fixture(scope="module")
def books(tmp_path_factory):
    folder = tmp_path_factory.mktemp("books") / "d"
    generate(
        folder,
        Parameters(of_interest=24, accounts=600, groups=14, shares=400, coverage=0.25, forces=5),
    )
    return sorted((folder / "evidence").rglob("wa.db"))


def test_numbers_of_one_entry_share_its_id_and_the_reader_says_so(books) -> None:
    several = 0
    for file in books:
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
