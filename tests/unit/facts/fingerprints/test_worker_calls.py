"""A worker is given many files at once; one that ends it costs only itself."""

from __future__ import annotations

import pytest

from clew.facts.fingerprints.results import Result, Wanted, sent
from clew.facts.fingerprints.worker_calls import Call, Given, call_for_each
from clew.sandbox import WorkerLost


def given(number: int, **about) -> Given:
    wanted = Wanted(exhibit_id="ES-01", item_id=str(number), path=str(number),
                    media_type="image/png", sha256=str(number) * 64, size=1)  # fmt: skip
    return Given(wanted, about.pop("file", b"x"), **about)


class Guard:
    """A worker that is lost on some files."""

    def __init__(self, bad=()) -> None:
        self.bad, self.calls = bad, 0

    def run(self, _task, argument, _files):
        self.calls += 1
        for number, _ in enumerate(argument["handed"]):
            name = argument["handed"][number]["sha256"] or str(number)
            if name[0] in self.bad:
                raise WorkerLost("signal", "SIGSEGV")
            yield sent(number, end=True)


def called(guard, *files) -> dict[str, str | None]:
    kept: dict[str, str | None] = {}

    def keep(wanted: Wanted, result: Result) -> None:
        assert wanted.item_id not in kept
        kept[wanted.item_id] = result.problem[0] if result.problem else None

    call_for_each(Call("task"), files, guard, keep)
    return kept


def test_every_file_has_one_result() -> None:
    guard = Guard()
    assert called(guard, *(given(n) for n in range(5))) == dict.fromkeys("01234")
    assert guard.calls == 1


def test_a_file_whose_bytes_are_gone_is_not_handed_over() -> None:
    found = called(Guard(), given(1), given(2, file=None, problem="gone:file"))
    assert found == {"1": None, "2": "gone:file"}


@pytest.mark.parametrize("bad", ["0", "2", "4", "13"])
def test_what_ends_the_worker_costs_itself_alone(bad) -> None:
    found = called(Guard(bad), *(given(n, sure=False) for n in range(5)))
    assert {n for n, problem in found.items() if problem} == set(bad)
    assert set(found) == set("01234")
