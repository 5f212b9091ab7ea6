"""What lies among keys and blinds follows from the ledger, or is found."""

from __future__ import annotations

import pytest
from builders.deconflicting import Pair

from clew.casefile.dealings import FOLDER, kept
from clew.casefile.verify import verify

pytest.importorskip("rbcl")


def test_every_file_among_keys_and_blinds_is_of_a_step_and_a_planted_one_is_found(tmp_path) -> None:
    pair = Pair(tmp_path)
    pair.ask(pair.offer())
    for side in (pair.es, pair.pt):
        folder = side.case.folder
        there = {str(f.relative_to(folder)) for f in (folder / FOLDER).rglob("*") if f.is_file()}
        assert there <= kept(side.case)
        assert not [one for one in verify(side.case) if FOLDER in one.text]
    keys = pair.es.case.folder / FOLDER / "keys"
    (keys / f"{'0' * 32}.json").write_text("{}")
    (keys / "planted.json").write_text("{}")
    found = {one.text.partition(" ")[0]: one.is_problem for one in verify(pair.es.case)
             if FOLDER in one.text}  # fmt: skip
    assert found == {f"{FOLDER}/keys/{'0' * 32}.json": False, f"{FOLDER}/keys/planted.json": True}
    pair.close()
