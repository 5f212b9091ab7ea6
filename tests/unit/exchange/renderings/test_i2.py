"""Links join entities that are there, and no spreadsheet runs a cell."""

from __future__ import annotations

import csv
import io

from builders.referrals import Size, referral

from clew.exchange.renderings import i2


def sheets() -> dict[str, list[dict[str, str]]]:
    rendered = i2.render(referral(6, Size(persons=8)))
    texts = {name: b"".join(chunks).decode() for name, chunks in rendered}
    return {
        name: list(csv.DictReader(io.StringIO(text, newline=""))) for name, text in texts.items()
    }


def test_links_join_entities() -> None:
    made = sheets()
    ids = {row["id"] for row in made[i2.ENTITIES]}
    assert {row[end] for row in made[i2.LINKS] for end in ("from", "to")} <= ids


def test_every_entity_has_a_grading_in_its_scheme() -> None:
    graded = {
        (row["grading_scheme"], row["source_grade"], row["information_grade"])
        for row in sheets()[i2.ENTITIES]
    }
    assert graded == {("europol-4x4", "A", "1")}


def test_a_name_that_begins_like_a_formula_is_a_text() -> None:
    labels = {row["label"] for row in sheets()[i2.ENTITIES]}
    assert "'=1+1" in labels
    assert "=1+1" not in labels


def test_a_date_and_a_time_stand_apart() -> None:
    sent = [row for row in sheets()[i2.LINKS] if row["type"] == "Sent" and row["date"]]
    assert {row["date"] for row in sent} == {"2026-03-01"}
    assert all(len(row["time"]) == 8 for row in sent)
