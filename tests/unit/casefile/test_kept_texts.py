"""What a masked query found is kept for the next, and shows nobody to whom it is not shown."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyarrow as pa
import pytest
from telltale import FORBIDDEN, made

from clew.casefile import open_case
from clew.casefile.kept_texts import FOLDER, KeptTexts, forget
from clew.casefile.verify import verify
from clew.judgements import erasure
from clew.reading import Disclosure, disclose, masked

KEY, OTHER = "ab" * 32, "cd" * 32
SQL = "SELECT text FROM messages GROUP BY text ORDER BY text"


def table(*pairs: tuple[str, str]) -> pa.Table:
    return pa.table([pa.array(side) for side in zip(*pairs, strict=True)], ["value", "shown"])


def texts_of(case: Path, generation: str, key: str, *, in_force: bool = True) -> KeptTexts:
    return KeptTexts(case, generation, key, lambda: in_force)


def not_again():
    raise AssertionError("it was looked for again")


FOUND, NONE = table(("call 612345678", "call number-1")), table(("x", "y")).slice(1)


@pytest.fixture
def place(tmp_path) -> Path:
    (tmp_path / "work").mkdir()
    return tmp_path


@pytest.mark.parametrize("found", [FOUND, NONE])
def test_what_was_found_is_not_looked_for_again(place, found) -> None:
    assert texts_of(place, "g1", KEY).of("messages", "text", lambda: found) == found
    kept = texts_of(place, "g1", KEY).of("messages", "text", not_again)
    assert kept.equals(found)


def test_of_another_generation_column_or_key_it_is_looked_for(place) -> None:
    texts_of(place, "g1", KEY).of("messages", "text", lambda: NONE)
    file = place / FOLDER / "messages.text"
    shutil.copy(file, file.with_name("shares.caption"))
    text, caption = ("messages", "text"), ("shares", "caption")
    for generation, key, of in (("g2", KEY, text), ("g1", OTHER, text), ("g1", KEY, caption)):
        texts = texts_of(place, generation, key)
        assert texts.of(*of, lambda: FOUND).equals(FOUND), (generation, of)


def test_of_a_generation_that_an_erasure_may_have_ended_nothing_is_written(place) -> None:
    gone = texts_of(place, "g1", KEY, in_force=False)
    assert gone.of("messages", "text", lambda: FOUND) == FOUND
    assert list(place.rglob("messages.text")) == []


@pytest.mark.parametrize("at", [0, 40, -1])
def test_what_was_changed_by_anybody_does_not_count(place, at) -> None:
    texts_of(place, "g1", KEY).of("messages", "text", lambda: FOUND)
    file = place / FOLDER / "messages.text"
    written = bytearray(file.read_bytes())
    written[at] ^= 1
    file.write_bytes(written)
    assert texts_of(place, "g1", KEY).of("messages", "text", lambda: NONE).equals(NONE)


@pytest.mark.parametrize("linked", ["work", "work/masked"])
def test_nothing_is_kept_or_removed_through_a_link(tmp_path, linked) -> None:
    elsewhere, case = tmp_path / "evidence", tmp_path / "case"
    (elsewhere / "masked").mkdir(parents=True)
    (case / linked).parent.mkdir(parents=True)
    (case / linked).symlink_to(elsewhere)
    texts_of(case, "g", KEY).of("messages", "text", lambda: FOUND)
    assert [p for p in elsewhere.rglob("*") if p.is_file()] == []
    (tmp_path / "own" / "work").mkdir(parents=True)
    texts_of(tmp_path / "own", "g", KEY).of("messages", "text", lambda: FOUND)
    for folder in (elsewhere, elsewhere / "masked"):
        shutil.copy(tmp_path / "own" / FOLDER / "messages.text", folder)
    forget(case, KEY)
    assert len([p for p in elsewhere.rglob("*") if p.is_file()]) == 2


def test_where_nothing_can_be_written_the_query_is_answered(tmp_path) -> None:
    assert texts_of(tmp_path / "gone", "g", KEY).of("messages", "text", lambda: FOUND) == FOUND


class TestOfACase:
    @pytest.fixture
    def case(self, tmp_path):
        with made(tmp_path / "case"):
            return tmp_path / "case"

    def asked(self, case: Path) -> str:
        with open_case(case) as opened, disclose(opened, Disclosure(what="query")) as reading:
            return str(reading.query(SQL))

    def test_the_second_query_shows_what_the_first_did(self, case, monkeypatch) -> None:
        first = self.asked(case)
        monkeypatch.setattr(masked._Masked, "_find", lambda *_: not_again())
        assert self.asked(case) == first
        assert "number-" in first
        assert not FORBIDDEN.search(first)

    def test_of_large_tables_it_is_found_before_anybody_asks(self, case, monkeypatch) -> None:
        with open_case(case) as opened:
            masked.look_ahead(opened)
            assert not (case / FOLDER).exists()
            monkeypatch.setattr(masked, "_MANY", 1)
            masked.look_ahead(opened)
        monkeypatch.setattr(masked._Masked, "_find", lambda *_: not_again())
        assert not FORBIDDEN.search(self.asked(case))

    def test_a_case_that_lost_its_secret_keeps_nothing_and_the_run_ends(
        self, case, monkeypatch
    ) -> None:
        monkeypatch.setattr(masked, "_MANY", 1)
        (case / "mask.key").unlink()
        with open_case(case) as opened:
            masked.look_ahead(opened)
        assert not (case / FOLDER).exists()

    def test_verify_knows_it_and_nothing_that_is_planted_beside_it(self, case) -> None:
        self.asked(case)
        kept = case / FOLDER / "messages.text"
        with open_case(case) as opened:
            before = [p.text for p in verify(opened) if p.is_problem]
            assert not any("work/masked" in text for text in before)
            shutil.copy(case / "case.toml", kept)
            (found,) = {p.text for p in verify(opened) if p.is_problem} - {*before}
        assert "work/masked/messages.text" in found

    def test_whoever_writes_the_case_removes_it(self, case) -> None:
        self.asked(case)
        with open_case(case) as opened, opened.writing():
            assert list((case / FOLDER).iterdir()) == []
            erasure.resume(opened)
