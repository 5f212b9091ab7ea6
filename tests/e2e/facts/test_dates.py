"""From files to local times: an export is dated by its neighbours or an analyst, and read again."""

from __future__ import annotations

from pathlib import Path

import pytest
from steps import read, take_in

from clew import pipeline
from clew.casefile import Case, create_case
from clew.casefile.engine import Progress
from clew.evidence.describe import described
from clew.judgements import decisions
from clew.records import DateOrder

ABOUT = dict.fromkeys(
    ("search_id", "label", "holder_ref", "time_zone", "acquired_with", "acquired_at", "authority")
) | {"exhibit_id": "ES-01", "kind": "phone", "country": "ES", "hash_only": False}
OPEN = "03/04/2024, 10:00 - Rye: hello\n04/04/2024, 10:00 - Rye: bye\n"
PROVED = "13/04/2024, 10:00 - Oat: hello\n"


@pytest.fixture(scope="module")
def concluded(tmp_path_factory) -> Case:
    folder = tmp_path_factory.mktemp("dates")
    (folder / "x").mkdir()
    (folder / "x" / "WhatsApp Chat with Rye.txt").write_text(OPEN, "utf-8")
    (folder / "x" / "WhatsApp Chat with Oat.txt").write_text(PROVED, "utf-8")
    with create_case(folder / "case", "Test", "Court order 1/2026") as case:
        with case.writing():
            take_in(case, described(case.config, (folder / "x",), ABOUT), workers=1)
            pipeline.run(case, Progress(), 1)
        yield case


def times(case: Case) -> list[str]:
    rows = case.rows("SELECT sent_local FROM messages WHERE text <> 'hello' OR date_order <> 'DMY' "
                     "ORDER BY source_id, locator")  # fmt: skip
    return [row["sent_local"] for row in rows]


def again(case: Case) -> str:
    """Digest of the messages, once what is judged is published and files are read with it."""
    with case.writing():
        pipeline.perform(case, "date", "date-orders")
        read(case, "ES-01", workers=1)
    return next(out.sha256 for out in case.complete()["messages"])


def test_an_export_is_dated_by_another_of_the_device_in_one_run(concluded) -> None:
    assert times(concluded) == ["2024-04-04T10:00"]
    assert {r["date_order"] for r in concluded.rows("FROM messages")} == {"DMY"}
    (vote,) = concluded.rows("FROM date_votes_beside")
    assert (vote["kind"], vote["day_first"]) == ("exports", 1)
    work = concluded.folder / "work" / "read" / "ES-01"
    assert not Path(work).exists()


def test_a_judgement_holds_until_it_is_undone_and_what_is_read_again_is_the_same(concluded) -> None:
    before = again(concluded)
    (open_,) = concluded.rows("FROM source_date_orders")
    judged = decisions.date(
        concluded, open_["source_id"], DateOrder.MDY, "A. Analyst", "settings of the phone"
    )
    assert again(concluded) != before
    assert times(concluded) == ["2024-03-04T10:00", "2024-04-04T10:00"]
    decisions.undo(concluded, judged.number, "A. Analyst", "another phone's settings")
    assert again(concluded) == before
