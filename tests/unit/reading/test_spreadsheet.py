"""No cell of CSV is a formula, and a list goes out as it is shown."""

from __future__ import annotations

import csv
from datetime import UTC, datetime

import pytest

from clew.casefile.step_manifest import StepManifest
from clew.reading import Disclosure, disclose
from clew.reading.spreadsheet import Sheet, guarded, sheet_of, write_csv
from clew.records import MessagePlace, Unread
from clew.schema import batch

READ = Disclosure(what="a test")


@pytest.mark.parametrize("text", ["=1+1", "+34", "-x", "@x", "\t=x", "\n=x", "\uff1dx"])
def test_what_begins_like_a_formula_gets_an_apostrophe(text) -> None:
    assert guarded(text)[0] == "'" or guarded(text).startswith("⟨")


def test_values_are_written_whole() -> None:
    at = datetime(2026, 1, 2, 3, 4, 5, 60, tzinfo=UTC)
    assert [guarded(v) for v in (1, 2.5, None, "plain")] == [1, 2.5, None, "plain"]
    assert guarded(at) == "2026-01-02T03:04:05.000060Z"
    assert guarded(["a" * 64, "b"]) == "a" * 64 + "; b"
    assert guarded("\u202ex\ny") == "⟨U+202E⟩x\ny"


def test_nothing_is_written_over(tmp_path) -> None:
    (tmp_path / "a.csv").write_text("kept")
    with pytest.raises(FileExistsError):
        write_csv(tmp_path / "a.csv", Sheet(title="A", columns=("a",), rows=[]))


def test_a_list_goes_out_whole_as_it_is_shown_page_by_page(case, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("clew.reading.facade._PAGE_ROWS", 2)
    number = "+34612345678"
    fact = {"exhibit_id": "ES-01", "source_id": "a" * 64}
    locators = [f"message/{n}" for n in range(5)]
    for row, values in (
        (Unread, {"code": "no_time", "figures": [[f"value={number}"]] * 5, "reader": "r",
                  "item_id": "i", "severity": "warning", "path": f"x/{number}.db"}),
        (MessagePlace, {"event_id": "0123456789abcdef0123#message/1", "latitude": 40.4,
                        "longitude": -3.7, "name": "Home", "value_raw": "40.4,-3.7"}),
    ):  # fmt: skip
        data = batch(row, 5, **fact, locator=locators, **values).data
        step = StepManifest(row.table_name, "ES-01", "k", ())
        case.publish(step, [(row, lambda data=data: iter([data]))])
    with disclose(case, READ) as reading:
        for name in ("unread", "places"):
            sheet, page = sheet_of(reading, name), reading.view(name)
            assert write_csv(tmp_path / f"{name}.csv", sheet) == page.total == 5
    (head, *rows) = csv.reader((tmp_path / "unread.csv").read_text("utf-8").splitlines())
    assert "reason" in head
    assert "figures" not in head
    assert number not in (tmp_path / "unread.csv").read_text("utf-8")
    assert [row[head.index("locator")] for row in rows] == locators
    assert "40.4" not in (tmp_path / "places.csv").read_text("utf-8")
