"""The masked report of a whole case holds no number, identifier or name that the case has."""

from __future__ import annotations

import re
from html import unescape

import pytest

from clew.casefile import open_case
from clew.casefile.text_masking import folded
from clew.reading import disclose, disclosure_of
from clew.report import write_report

_NAMES = """
SELECT DISTINCT name FROM (
  SELECT name FROM account_names
  UNION ALL SELECT unnest([display_name, given_name, family_name, nickname]) FROM contacts
) WHERE name IS NOT NULL
"""
_IDENTIFIERS = """
SELECT DISTINCT id FROM (
  SELECT account_id AS id FROM accounts UNION ALL SELECT identifier FROM accounts
  UNION ALL SELECT e164 FROM accounts UNION ALL SELECT person_id FROM person_accounts
  UNION ALL SELECT chat_id FROM chats UNION ALL SELECT unnest(phones) FROM contacts
) WHERE id IS NOT NULL
"""


@pytest.fixture(scope="module")
def written(demo, tmp_path_factory):
    out = tmp_path_factory.mktemp("report")
    with open_case(demo / "case") as case:
        for name, how in (("masked", {}), ("open", {"unmask": True, "reason": "a test"})):
            with disclose(case, disclosure_of("report", **how)) as reading:
                write_report(reading, out / name)
        names = {row["name"] for row in case.rows(_NAMES)}
        ids = {row["id"] for row in case.rows(_IDENTIFIERS)}
    return (
        tuple(unescape((out / name).read_text("utf-8")) for name in ("masked", "open")),
        names,
        ids,
    )


def found(report: str, names: set[str], ids: set[str]) -> set[str]:
    text = folded(report)
    words = {name for name in names if " " in name and folded(name) in text}
    numbers = {i for i in ids if len(digits := re.sub("[^0-9]", "", i)) >= 7 and digits in text}
    return words | numbers | {i for i in ids if len(i) > 6 and ":" in i and folded(i) in text}


def test_the_masked_report_holds_nobody(written) -> None:
    (masked, _), names, ids = written
    assert len(names) > 20
    assert len(ids) > 100
    assert found(masked, names, ids) == set()


def test_the_search_would_find_them(written) -> None:
    (_, shown), names, ids = written
    assert len(found(shown, names, ids)) > 20
