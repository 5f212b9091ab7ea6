from __future__ import annotations

import json

import pytest
from builders.countries import package

from clew.errors import EvidenceError
from clew.exchange.receiving.covered import coverage, rows
from clew.records import CoverageKind

SAID = {
    "format": "clew-coverage/1", "values_withheld": {}, "values_as_tokens": {}, "counted": 3,
    "tokens": 1, "texts": 2, "texts_withheld": 4, "texts_mentioning_others": 0,
    "tables": {"messages": {"total": 9, "sent": 2, "withheld": {"member": 7}}},
    "persons": {"named": 1, "bystander": 6},
    "not_read": [{"exhibit_id": "E-01", "severity": "error", "code": "no_reader:sqlite",
                  "times": 5}],
}  # fmt: skip


def counted(came: dict[str, int], **about: object):
    return rows(coverage(json.dumps({**SAID, **about}).encode()), package("ES"), came)


def test_every_count_of_the_sender_is_a_row_under_its_origin() -> None:
    found = counted({"messages": 2})
    assert {(r.kind, r.table_name, r.exhibit_id, r.reason, r.rows) for r in found} == {
        (CoverageKind.SENT, "messages", None, None, 2),
        (CoverageKind.WITHHELD, "messages", None, "member", 7),
        (CoverageKind.PERSONS, None, None, "named", 1),
        (CoverageKind.PERSONS, None, None, "bystander", 6),
        (CoverageKind.NOT_READ, None, "ES-0a0b0c0d~E-01", "no_reader:sqlite", 5),
    }


@pytest.mark.parametrize("about", [
    {"format": "clew-coverage/9"}, {"more": 1}, {"texts": -1}, {"persons": {"a b": 1}},
    {"persons": {"named": -1}}, {"persons": {"named": 1 << 60}}, {"not_read": [{"code": "x"}]},
    {"tables": {"messages": {"total": 8, "sent": 2, "withheld": {"member": 7}}}},
    {"tables": {"messages": {"total": 3, "sent": 3, "withheld": {}}}},
    {"tables": {"no_table": {"total": 0, "sent": 0, "withheld": {}}}},
    {"tables": {}},
    {"not_read": [{"exhibit_id": "PT-1~E-01", "severity": "info", "code": "x", "times": 1}]},
])  # fmt: skip
def test_what_contradicts_itself_or_the_tables_that_came_is_refused(about) -> None:
    with pytest.raises(EvidenceError):
        counted({"messages": 2}, **about)


def test_a_coverage_that_is_nested_without_end_is_refused() -> None:
    deep = json.dumps(SAID)[:-1] + ', "not_read": [' + '{"a":' * 100_000
    with pytest.raises(EvidenceError):
        coverage(deep.encode())
