"""Inputs with something wrong go through readers, conclusions and verify together.

None stops a run, none is silent, and none makes `clew verify` say that an honest case was changed.
``CLEW_MUTANTS`` says how many; ``CLEW_SEED`` gives others.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from builders.mutants import GOLDEN, inputs, mutant
from steps import take_in

from clew import pipeline
from clew.casefile import Case, create_case, open_case
from clew.casefile.engine import Progress
from clew.casefile.verify import verify
from clew.evidence.describe import described
from clew.facts.reader_api import readers

MUTANTS, SEED = int(os.environ.get("CLEW_MUTANTS", "120")), os.environ.get("CLEW_SEED", "2026")
TOGETHER, EXHIBITS = 120, ("ES-01", "PT-01", "DE-01")
NOT_ACCOUNTED = """
SELECT i.exhibit_id || ' ' || i.path AS name FROM items AS i
WHERE i.kind = 'file' AND i.outcome = 'processed' AND i.size > 0 AND NOT i.in_archive
  AND NOT EXISTS (FROM sources AS s WHERE s.source_id = i.sha256)
  AND NOT EXISTS (FROM unread AS u WHERE u.source_id = i.sha256 OR u.item_id = i.item_id)
  AND NOT EXISTS (FROM entries AS e WHERE e.source_id = i.sha256)
  AND NOT EXISTS (FROM items AS m WHERE m.parent_item_id = i.item_id)
  AND NOT EXISTS (FROM flags AS f WHERE f.item_id = i.item_id)
ORDER BY 1
"""


def evidence(folder: Path, first: int) -> dict[str, str]:
    """A batch of mutants, in folders of their own; what each is, by exhibit and path."""
    made = {}
    for number in range(first, min(first + TOGETHER, MUTANTS)):
        exhibit = EXHIBITS[number % len(EXHIBITS)]
        place = folder / exhibit / f"{number:05}"
        place.mkdir(parents=True)
        made[f"{exhibit} {number:05}"] = mutant(f"{SEED} {number}", place)
    return made


def concluded(case: Case, folder: Path) -> None:
    with case.writing():
        for exhibit in sorted(folder.iterdir()):
            about = {"exhibit_id": exhibit.name, "kind": "phone", "country": exhibit.name[:2]}
            take_in(case, described(case.config, (exhibit,), about))
        pipeline.run(case, Progress(), 2)


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, MUTANTS, TOGETHER))
def test_nothing_is_silent_stops_a_run_or_fails_verify(tmp_path, first) -> None:
    made = evidence(tmp_path / "evidence", first)
    with create_case(tmp_path / "case", "Mutants", "Order 1") as case:
        concluded(case, tmp_path / "evidence")
    with open_case(tmp_path / "case") as case:
        assert list(pipeline.failures(case)) == []
        assert [one.text for one in verify(case) if one.is_problem] == []
        silent = [row["name"] for row in case.rows(NOT_ACCOUNTED)]
        odd = case.rows("FROM sources WHERE rows_seen <> rows_emitted + rows_skipped")
    assert [(name, made[name.rpartition("/")[0]]) for name in silent] == []
    assert odd == []


def test_every_reader_has_inputs_to_mutate() -> None:
    there = {file.relative_to(GOLDEN).parts[0] for file in inputs()}
    assert {reader.name.replace("-", "_") for reader in readers()} <= there
