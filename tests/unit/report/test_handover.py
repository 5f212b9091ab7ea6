"""An export for others' programs has what a reader is shown, under its handling code."""

from __future__ import annotations

from datetime import date

import pytest
from builders import inventories

from clew.exchange.markings import Marking, Tlp
from clew.reading import Reading, disclosure_of
from clew.report.handover import FORMATS, About, picture, write

ABOUT = About(
    to="analysis unit",
    marking=Marking(handling=("H1",), tlp=Tlp.AMBER),
    purpose="op-17",
    keep_until=date(2099, 1, 1),
)
MASKED = disclosure_of("test")
PLAIN = disclosure_of("test", unmask=True, reason="test")


@pytest.fixture(scope="module")
def masked(concluded):
    return picture(Reading(concluded, MASKED), ABOUT)


def read(made, folder, form):
    out = folder / form
    digests = write(made, out, form)
    files = sorted(out.iterdir()) if out.is_dir() else [out]
    assert {f.name for f in files} == set(digests)
    return getattr(inventories, form)(*(file.read_bytes() for file in files))


@pytest.mark.parametrize("form", FORMATS)
def test_it_has_what_is_shown_and_names_nobody(concluded, masked, tmp_path, form) -> None:
    made, _ = masked
    inventory = read(made, tmp_path, form)
    assert set(inventory.persons) == {p.person_id for p in made.assessments.persons}
    assert inventory.files == {file.sha256 for file in made.facts.files}
    assert inventory.groups is None or len(inventory.groups) == len(made.facts.groups)
    assert len(inventory.accounts) == len(made.facts.accounts)
    numbers = concluded.rows("SELECT DISTINCT identifier FROM accounts WHERE id_type = 'phone'")
    assert numbers
    assert not [row for row in numbers if row["identifier"] in inventory.text]
    assert "H1 TLP:AMBER" in inventory.text
    assert "presumed innocent" in inventory.text
    assert not any(words.startswith("suspect") for words in inventory.persons.values())


def test_it_has_what_the_lists_have(concluded, masked) -> None:
    made, left_out = masked
    shown = Reading(concluded, MASKED)
    assert len(made.assessments.persons) == len(shown.view("persons").rows)
    assert len(made.facts.files) == len(shown.view("first-shares").rows)
    assert len(made.facts.memberships) + left_out == len(shown.view("members").rows)


def test_whoever_unmasks_sees_who_people_are(concluded) -> None:
    made, _ = picture(Reading(concluded, PLAIN), ABOUT)
    assert any("whatsapp:pn:" in account.account_id for account in made.facts.accounts)
