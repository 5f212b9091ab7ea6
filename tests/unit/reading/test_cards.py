"""A card says of a person or a group what the lists say of them, masked like these."""

from __future__ import annotations

import json

import pytest
from run_cli import run_cli as clew

from clew.reading import Disclosure, disclose
from clew.reading.cards import _parts as parts
from clew.reading.cards import card
from clew.views import view


@pytest.mark.parametrize("kind", ["person", "group"])
def test_a_card_names_lists_and_columns_that_there_are(concluded, kind) -> None:
    with disclose(concluded, Disclosure(what="test")) as reading:
        for part in parts()[kind]:
            asked = {part.asked: "x"} if part.asked else {}
            columns = reading.columns(part.list, **asked)
            assert {*part.columns} <= {*columns}, part.title
            assert all(view(part.list).column(name) for name in part.columns)


def test_the_cards_of_the_greatest_fit_a_screen_and_show_nobody(concluded, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    with disclose(concluded, Disclosure(what="test")) as reading:
        known = reading.case.rows("SELECT person_id FROM roles ORDER BY groups DESC LIMIT 1")
        chat = reading.case.rows("SELECT chat_id FROM groups ORDER BY members DESC LIMIT 1")
        who, which = known[0]["person_id"], chat[0]["chat_id"]
        pseudonym = concluded.masking().of(who)
        found = card(reading, "person", [who])
    assert {one.part.list for one in found} >= {"lookup/person", "accounts", "membership-periods"}
    for command, real in (("person", who), ("group", which)):
        done = clew(command, concluded.folder, real)
        assert done.returncode == 0, done.stderr
        lines = done.stdout.splitlines()
        assert len(lines) <= 52
        assert max(map(len, lines)) <= 80
        assert real.rpartition(":")[2] not in done.stdout + done.stderr
    rows = [
        json.loads(line)
        for line in clew("person", concluded.folder, pseudonym, "--json").stdout.splitlines()
    ]
    assert rows[0]["person_id"] == pseudonym
