"""Small files are read by the dozen, and nothing in the case shows it."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import steps as reading
from steps import take_in

from clew.casefile import Case, create_case
from clew.evidence.describe import described
from clew.facts import candidates
from clew.facts import read as read_step
from clew.sandbox import Guard

FILES = 24
LINK = "https://chat.whatsapp.com/AbCdEfGhIjKlMnOpQrS0"
ABOUT = dict.fromkeys(
    ("search_id", "label", "holder_ref", "time_zone", "acquired_with", "acquired_at", "authority")
) | {"exhibit_id": "ES-01", "kind": "phone", "country": "ES", "hash_only": False}


@pytest.fixture(scope="module")
def evidence(tmp_path_factory) -> Path:
    """Notes, pages, tables, and chats among them, of which some hold invitations."""
    folder = tmp_path_factory.mktemp("evidence")
    for n in range(FILES):
        words = f"12 March 2024 bread for {n}, {LINK}{n:02} and more"
        name, text = {
            0: (f"n{n:02}.txt", words),
            1: (f"n{n:02}.html", f"<html><body><p>{words}</p><![CDA <p>more</p></body></html>"),
            2: (f"n{n:02}.csv", f"day,what\n2024-03-12,{words}\n"),
            3: (f"n{n:02}.json", telegram(n, words)),
            4: (f"n{n:02}.txt", f"12/03/24, 10:0{n % 10} - Rye: {words}\n" * 3),
        }[n % 5]
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def telegram(number: int, words: str) -> str:
    message = {"id": 1, "type": "message", "date": "2024-03-12T10:00:00", "from": "Rye",
               "date_unixtime": "1710237600", "from_id": "user1", "text": words,
               "text_entities": [{"type": "plain", "text": words}]}  # fmt: skip
    chat = {"name": "Bakers", "type": "private_group", "id": number, "messages": [message]}
    return json.dumps(chat)


def taken(evidence: Path, folder: Path) -> Case:
    case = create_case(folder, "Test", "Court order 1/2026")
    with case.writing():
        take_in(case, described(case.config, (evidence,), ABOUT), workers=1)
    return case


def tables(case: Case) -> dict[str, str]:
    done = case.manifests.get("read", "ES-01")
    assert done is not None
    return {out.table: out.sha256 for out in done.outputs}


def read(evidence: Path, folder: Path) -> dict[str, str]:
    with taken(evidence, folder) as case, case.writing():
        reading.read(case, "ES-01")
        return tables(case)


@pytest.fixture(scope="module")
def alone(evidence, tmp_path_factory) -> dict[str, str]:
    """The tables of a run that read each file by itself."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(candidates, "MOST_FILES", 1)
        return read(evidence, tmp_path_factory.mktemp("alone") / "case")


@pytest.mark.parametrize("most", [7, 64])
def test_tables_are_the_same_however_many_files_go_together(
    evidence, alone, monkeypatch, tmp_path, most
) -> None:
    monkeypatch.setattr(candidates, "MOST_FILES", most)
    assert {"messages", "entries", "invites", "sources", "chats"} <= set(alone)
    assert read(evidence, tmp_path / "case") == alone


def test_a_file_that_kills_its_worker_costs_only_itself(
    evidence, alone, monkeypatch, tmp_path
) -> None:
    deaths = killing(monkeypatch, "n12.csv")
    with taken(evidence, tmp_path / "case") as case, case.writing():
        reading.read(case, "ES-01", workers=1)
        (row,) = case.rows("FROM unread WHERE severity = 'error'")
        assert (row["path"], row["code"]) == ("n12.csv", "crash:SIGKILL")
        read_all = {r["item_id"] for r in case.rows("SELECT item_id FROM sources")}
    assert len(read_all) == FILES - 1
    assert len(deaths) == 2, "once among others, and once alone"


def test_the_tables_of_a_run_with_a_hostile_file_do_not_show_how_files_went(
    evidence, monkeypatch, tmp_path
) -> None:
    killing(monkeypatch, "n10.txt")
    together = read(evidence, tmp_path / "together")
    monkeypatch.setattr(candidates, "MOST_FILES", 1)
    assert read(evidence, tmp_path / "apart") == together


def killing(monkeypatch, name: str) -> list[int]:
    """Have every worker that begins on a file of this name end there, before it sends more."""
    deaths: list[int] = []
    run = Guard.run

    def deadly(self: Guard, task: str, argument: dict[str, Any], *more: Any) -> Iterator[Any]:
        for frame in run(self, task, argument, *more):
            yield frame
            number = frame.get("file") if isinstance(frame, dict) else None
            if number is not None and argument["files"][number]["path"] == name:
                assert self._process is not None
                deaths.append(self._process.pid)
                os.kill(self._process.pid, signal.SIGKILL)
                raise self._cause_of_death()

    monkeypatch.setattr(Guard, "run", deadly)
    return deaths


def test_what_a_stopped_run_has_kept_is_not_read_again(
    evidence, alone, monkeypatch, tmp_path
) -> None:
    monkeypatch.setattr(candidates, "MOST_FILES", 6)
    begun: list[str] = []
    read, together = read_step._Reading.read, read_step._Reading._together
    seen: list[int] = []

    def stopping(self: Any, shard: candidates.Shard, *more: Any) -> None:
        if len(begun) == 2 and stops:
            raise KeyboardInterrupt
        begun.append(shard.name)
        read(self, shard, *more)

    def counted(self: Any, files: Any, *more: Any) -> Any:
        seen.append(len(files))
        return together(self, files, *more)

    monkeypatch.setattr(read_step._Reading, "read", stopping)
    monkeypatch.setattr(read_step._Reading, "_together", counted)
    with taken(evidence, tmp_path / "case") as case, case.writing():
        stops = True
        with pytest.raises(KeyboardInterrupt):
            reading.read(case, "ES-01", workers=1)
        assert case.manifests.get("read", "ES-01") is None
        assert seen == [6, 6]
        stops = False
        reading.read(case, "ES-01", workers=1)
        assert seen == [6] * 4
        assert tables(case) == alone
