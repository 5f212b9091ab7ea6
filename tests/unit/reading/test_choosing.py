"""Rows are chosen by typed values, and for a masked reader by what is shown."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import msgspec
import pytest
from builders.publishing import publish_step

from clew.casefile.step_manifest import WHOLE_CASE
from clew.errors import UsageError
from clew.reading import Reading, disclosure_of
from clew.reading.choosing import Choice, comparisons
from clew.records import Group
from clew.views import view
from clew.views.narrowing import Narrowing

AT = datetime(2025, 7, 1, 12, tzinfo=UTC)


def group(n: int, subject: str | None, *countries: str) -> Group:
    known = {"members": n, "current_members": n, "messages": 10 * n, "shares": 0, "admins": 0,
             "known_shares": 0, "exhibits": ("ES-01",)}  # fmt: skip
    names = set(Group.__struct_fields__)
    return Group(
        chat_id=f"whatsapp:3461234567{n}-1@g.us", subject=subject, countries=countries,
        platform="whatsapp", chat_type="group", first_at=AT if n > 1 else None, last_at=None,
        **{name: value for name, value in known.items() if name in names},
    )  # fmt: skip


@pytest.fixture
def filled(case):
    rows = [group(1, "Taller +34612345671", "ES"), group(2, "R\u00edo", "PT", "ES"), group(3, None)]
    publish_step(case, "network", WHOLE_CASE, *rows)
    return case


def shown(case, *where: str, unmask: bool = False, order: str = "members") -> str:
    asked = disclosure_of("test", unmask=unmask, reason="a test" if unmask else None)
    reading = Reading(case, asked)
    narrowing = Narrowing(compared=comparisons(reading, "groups", where))
    rows = reading.view("groups", narrowing, order=order).rows
    streamed = [
        row for page in reading.stream("groups", narrowing, order=order).pages for row in page
    ]
    assert streamed == rows
    return "".join(str(row["members"]) for row in rows)


@pytest.mark.parametrize(
    ("where", "rows"),
    [(("members=2",), "2"), (("members!=2",), "13"), (("members>=2", "messages<30"), "2"),
     (("countries=pt",), "2"), (("countries=",), "3"), (("subject=",), "3"),
     (("subject~rio",), "2"),
     (("subject=R\u00edo", "subject="), ""), (("members=1", "members=3"), "13"),
     (("first_at>=2025-07-01",), "23"), (("first_at<2025-07-01",), ""),
     (("platform=whatsapp",), "123")],
)  # fmt: skip
def test_rows_are_chosen_by_the_type_of_a_column(filled, where, rows) -> None:
    assert shown(filled, *where) == rows


def test_who_is_masked_chooses_by_what_is_shown(filled) -> None:
    assert shown(filled, "subject~612345") == ""
    assert shown(filled, "subject~612345", unmask=True) == "1"
    assert shown(filled, f"chat_id={filled.masking().group('whatsapp:34612345672-1@g.us')}") == "2"
    assert shown(filled, "chat_id=whatsapp:34612345672-1@g.us") == ""


def test_what_is_masked_decides_no_order(filled) -> None:
    masked = [filled.masking().group(f"whatsapp:3461234567{n}-1@g.us") for n in (1, 2, 3)]
    expected = "".join(str(masked.index(one) + 1) for one in sorted(masked))
    assert shown(filled, order="chat_id") == expected
    assert shown(filled, order="chat_id", unmask=True) == "123"
    assert shown(filled, order="-members") == "321"


@pytest.mark.parametrize(
    "where", ["members=many", "nosuch=1", "members", "subject>a", "members~1", "platform<x"]
)
def test_what_is_no_condition_is_refused(filled, where) -> None:
    with pytest.raises(UsageError):
        shown(filled, where)


def test_a_time_has_that_of_a_zone_beside_it() -> None:
    choice = Choice(columns=("first_at", "subject"), zone=ZoneInfo("Europe/Lisbon"))
    heads = choice.heads(view("groups"), ("subject", "first_at"))
    assert heads == ("first_at", "first_at (Europe/Lisbon)", "subject")
    row = choice.row({"first_at": AT, "subject": "x", "other": 1}, heads)
    assert list(row.values()) == [AT, "2025-07-01 13:00:00 +0100", "x"]
    empty = msgspec.structs.replace(choice).row({"first_at": None, "subject": "x"}, heads)
    assert empty["first_at (Europe/Lisbon)"] is None
