"""A package holds nobody who is not named in any byte, and refuses what is none."""

from __future__ import annotations

import msgspec
import pyarrow.parquet as pq
import pytest
from builders.packing import ASKED, SENDER, accounts, found_in, held, others, to
from builders.routing import ADMIN, HOLDER, SEND, officer, put

from clew.errors import UsageError
from clew.exchange.markings import Handling, Marking, Tlp
from clew.exchange.packing import draft
from clew.exchange.packing.compose import Known
from clew.exchange.packing.naming import Receiver
from clew.exchange.routing import decisions


def test_no_byte_holds_an_identifier_or_name_of_anybody_who_is_not_named(packed) -> None:
    tried = 0
    for country, made in packed.made.items():
        text = held(packed.home / country)
        wanted = others(packed.case, accounts(made))
        tried += len(wanted)
        assert not found_in(text, wanted), country
    assert tried > 1000


def test_that_test_finds_what_is_there(packed) -> None:
    country, made = next(iter(packed.made.items()))
    text = held(packed.home / country)
    assert found_in(text, others(packed.case, set())) >= {
        person.partition("pn:")[2] for person in made.naming.named if ":pn:" in person
    }


def test_texts_go_where_they_are_asked_for_and_are_counted(packed) -> None:
    country = max(packed.made, key=lambda c: packed.made[c].size)
    with_texts, without = packed.home / "texts", packed.made[country]
    with_texts.mkdir()
    made = draft.make(packed.case, to(country, texts=True), packed.known, with_texts)
    assert made.coverage.texts == without.coverage.texts_withheld > 0
    assert (made.coverage.texts_withheld, without.coverage.texts) == (0, 0)
    assert made.coverage.texts_mentioning_others == without.coverage.texts_mentioning_others
    rows = pq.read_table(with_texts / "tables" / "messages.parquet").to_pylist()
    assert any(row["text"] for row in rows)
    assert all(row["forwarded_from_name"] is None for row in rows)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"receivers": ()}, "needs a receiver"),
        ({"legal_basis": " "}, "needs a legal basis"),
        ({"receivers": (SENDER,)}, "another receiver"),
        ({"receivers": (Receiver("QQ", "Nobody", "QQ"),)}, "nobody is named"),
        ({"receivers": (Receiver("PT", "P", "PT"), Receiver("QQ", "Q", "QQ"))}, "nobody is named"),
    ],
)
def test_what_is_no_package_is_refused(packed, tmp_path, changed, message) -> None:
    request = msgspec.structs.replace(ASKED, **changed)
    with pytest.raises(UsageError, match=message):
        draft.make(packed.case, request, packed.known, tmp_path)
    assert not list(tmp_path.iterdir())


def test_words_of_the_request_name_nobody_else(packed, tmp_path) -> None:
    country, made = next(iter(packed.made.items()))
    other = next(
        r["e164"] for r in packed.case.rows("SELECT e164, account_id FROM accounts ORDER BY e164")
        if r["e164"] and r["account_id"] not in accounts(made)
    )  # fmt: skip
    with pytest.raises(UsageError, match="name somebody"):
        draft.make(packed.case, to(country, legal_basis=f"about {other}"), packed.known, tmp_path)
    assert not list(tmp_path.iterdir())


def test_restrictions_name_nobody_else(case, tmp_path) -> None:
    put(case)
    signed = officer(case, tmp_path, "A")
    marking = Marking(handling=(Handling.H3,), tlp=Tlp.RED, restrictions=f"not for +{ADMIN[12:]}")
    decisions.decide(case, HOLDER, msgspec.structs.replace(SEND, marking=marking), signed)
    (tmp_path / "draft").mkdir()
    with pytest.raises(UsageError, match="name somebody"):
        draft.make(case, to("ES"), Known.of(case), tmp_path / "draft")
    assert not list((tmp_path / "draft").iterdir())
