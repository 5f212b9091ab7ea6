"""Files cut into shards: every file once, in order, small ones together and large ones alone."""

from __future__ import annotations

from typing import Any

import pytest

from clew.facts import candidates
from clew.facts.candidates import SMALL, Candidate, shards
from clew.facts.reader_api import SQLITE


def file(number: int, size: int = 100, media_type: str | None = "text/plain") -> Candidate:
    item: dict[str, Any] = {"item_id": f"{number:020}", "called": f"n{number}.txt", "size": size,
                            "sha256": f"{number:064x}", "media_type": media_type}  # fmt: skip
    return Candidate(item, None, None, ("documents 1",))


@pytest.mark.parametrize("most", [1, 3, 64])
def test_every_file_is_in_one_shard_and_in_order(monkeypatch, most) -> None:
    monkeypatch.setattr(candidates, "MOST_FILES", most)
    files = [file(n, SMALL + 1 if n % 7 == 3 else 100) for n in range(200)]
    made = list(shards(files))
    assert [f for shard in made for f in shard.files] == files
    assert max(len(shard.files) for shard in made) <= most
    assert len({shard.name for shard in made}) == len(made)


def test_what_is_large_or_a_database_goes_alone() -> None:
    files = [file(1), file(2, SMALL + 1), file(3), file(4, media_type=SQLITE), file(5), file(6)]
    assert [len(shard.files) for shard in shards(files)] == [1, 1, 1, 1, 2]


def test_a_shard_holds_a_bounded_number_of_bytes() -> None:
    made = list(shards(file(n, SMALL) for n in range(64)))
    assert len(made) == 4
    assert {shard.size for shard in made} == {2 << 20}


def test_a_shard_is_another_when_one_of_its_files_is() -> None:
    (one,), (other,) = shards([file(1), file(2)]), shards([file(1), file(3)])
    assert one.name != other.name
