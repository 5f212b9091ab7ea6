"""A worker that ends or lies about one file of many costs that file, and nothing it sent counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from clew.facts.fingerprints.results import GONE, NOWHERE, Wanted, rows, sent
from clew.facts.fingerprints.worker_calls import Call, Given, call_for_each
from clew.records.facts import Fingerprint
from clew.records.media import MediaFile
from clew.sandbox import WorkerLost

HASH = {"locator": "file", "algorithm": "pdq", "value": "a" * 64, "turned": ["b" * 64] * 7,
        "quality": 90, "width": 5, "height": 5, "decode_path": "x",
        "simple_graphic": False}  # fmt: skip


def wanted(number: int) -> Wanted:
    return Wanted(exhibit_id="E-1", item_id=str(number), path=str(number), sha256=f"{number:064}",
                  media_type="image/png", size=1)  # fmt: skip


class Worker:
    """A guard whose worker answers about each file as it is told to, or dies on it."""

    def __init__(self, answers: dict[str, object]) -> None:
        self.answers = answers
        self.calls: list[int] = []

    def run(self, task, argument, files):
        self.calls.append(len(files))
        for number, handed in enumerate(argument["handed"]):
            answer = self.answers.get(str(files[handed["name"]]), {"rows": {}})
            if isinstance(answer, Exception):
                raise answer
            yield {"number": number, "end": True, **answer}


def results(worker: Worker, count: int = 6) -> dict[str, object]:
    files = [Given(wanted(n), Path(str(n))) for n in range(count)]
    found: dict[str, object] = {}
    call_for_each(Call("task"), files, worker, lambda w, result: found.setdefault(w.path, result))
    assert list(found) == [str(n) for n in range(count)], "each file has one result, in order"
    return found


def test_a_dead_worker_costs_only_the_file_it_died_on() -> None:
    died = WorkerLost("crash:SIGSEGV")
    worker = Worker({"2": died, "5": died})
    found = results(worker)
    problems = {path: result.problem[0] for path, result in found.items() if result.problem}
    assert problems == {"2": "crash:SIGSEGV", "5": "crash:SIGSEGV"}
    assert worker.calls == [6, 1, 3, 1]


@pytest.mark.parametrize(
    "answer",
    [
        {"rows": {"fingerprints": [{**HASH, "value": "no hash"}]}},
        {"rows": {"fingerprints": [{**HASH, "turned": ["z" * 64]}]}},
        {"rows": {"fingerprints": [{**HASH, "width": "wide"}]}},
        {"rows": {"fingerprints": [{**HASH, "more": 1}]}},
        {"rows": {"fingerprints": [{"locator": "file"}]}},
        {"rows": {"messages": [{"text": "not asked for"}]}},
        {"rows": {"media_files": [{"locator": "file", "media_type": "image/png"}]}},
        {"columns": {"taken_at": "yesterday"}},
        {"columns": {"colour": "red"}},
        {"number": 4},
        {"more": 1},
    ],
    ids=str,
)
def test_what_fits_no_table_costs_only_its_file(answer) -> None:
    found = results(Worker({"1": answer}))
    assert found["1"].problem[0] == "error"
    assert not found["1"].rows
    assert all(result.problem is None for path, result in found.items() if path != "1")


def test_rows_are_of_the_file_that_was_asked_about_whatever_the_worker_says() -> None:
    lie = {**HASH, "exhibit_id": "Z-9", "source_id": "f" * 64}
    columns = {"width": 7, "media_type": "video/mp4", "source_id": "f" * 64}
    found = results(Worker({"3": {"rows": {"fingerprints": [lie]}, "columns": columns}}))
    made = list(rows(wanted(3), found["3"]))
    assert {(row.exhibit_id, row.source_id) for row in made} == {("E-1", f"{3:064}")}
    (file,) = (row for row in made if isinstance(row, MediaFile))
    assert (file.width, file.media_type) == (7, "image/png")


def test_what_a_worker_sends_comes_back_as_it_was() -> None:
    row = Fingerprint(**NOWHERE, **{**HASH, "turned": tuple(HASH["turned"])})
    found = results(Worker({"0": sent(0, [row], columns={"width": 3}, end=True)}), 1)
    made = list(rows(wanted(0), found["0"]))
    assert [type(row) for row in made] == [Fingerprint, MediaFile]
    assert made[0].value == HASH["value"]


def test_a_content_that_is_gone_has_no_row_of_its_own() -> None:
    found = []
    files = [Given(wanted(0), None, problem=f"{GONE}changed")]
    call_for_each(Call("task"), files, Worker({}), lambda *seen: found.append(seen))
    (unread,) = rows(*found[0])
    assert (unread.code, unread.path) == (f"{GONE}changed", "0")
