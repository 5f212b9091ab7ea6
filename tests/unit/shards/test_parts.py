"""Laws of ``clew.shards.parts``."""

from __future__ import annotations

import time

import pytest
from builders.runner import flag, run, shards

from clew.shards import write_rows


def test_rows_stand_in_the_order_of_shards_and_not_of_their_ends(case) -> None:
    def slow_first(shard, folder, guards) -> None:
        time.sleep(0.2 if shard.numbers[0] == 0 else 0)
        write_rows(folder, [flag(n, "read") for n in shard.numbers])

    rows = run(case, shards(), slow_first, workers=4)
    assert [row["item_id"] for row in rows] == [f"{n:03}" for n in range(24)]


def test_a_run_that_was_ended_goes_on_where_it_was(case) -> None:
    done: list[str] = []

    def ending(shard, folder, guards) -> None:
        write_rows(folder, [flag(n, "read") for n in shard.numbers])
        if len(done) == 3:
            raise KeyboardInterrupt
        done.append(shard.name)

    with pytest.raises(KeyboardInterrupt):
        run(case, shards(), ending, workers=1)
    assert case.manifests.get("intake", "E-1") is None, "nothing counts before all is done"

    def again(shard, folder, guards) -> None:
        assert shard.name not in done, "what is there is not done again"
        write_rows(folder, [flag(n, "read") for n in shard.numbers])

    assert len(run(case, shards(), again)) == 24


def test_an_error_of_the_case_ends_the_run_and_leaves_no_half_shard(case) -> None:
    def failing(shard, folder, guards) -> None:
        write_rows(folder, [flag(n, "read") for n in shard.numbers])
        raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError):
        run(case, shards(), failing)
    assert not list((case.folder / "work").rglob("*.parquet"))
