"""While a run replaces every table, whoever reads beside it has one whole generation."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from run_cli import run_cli as clew

from clew.casefile import open_case
from clew.casefile.chronicle import STEP_DONE
from clew.casefile.files import sha256_of
from clew.casefile.snapshot import generation

SNAPSHOTS = int(os.environ.get("CLEW_SNAPSHOTS", "25"))
"""How many are taken; `make check-long` takes a thousand."""
RUN = """
import sys, clew
from clew import pipeline
from clew.casefile import open_case
from clew.casefile.engine import Progress
clew.__version__ = sys.argv[2]  # another version does every step anew
with open_case(sys.argv[1]) as case, case.writing():
    pipeline.run(case, Progress(), 1)
"""


@pytest.fixture
def case(tmp_path) -> Path:
    chat = "".join(
        f"{day:02}/03/2024, 10:00 - +34 611 22 23 {day % 7:02}: message {day}\n"
        for day in range(1, 29)
    )
    (tmp_path / "evidence").mkdir()
    (tmp_path / "evidence" / "WhatsApp Chat with Friends.txt").write_text(chat)
    made = tmp_path / "case"
    assert clew("new", made, "--title", "t", "--authority", "a").returncode == 0
    about = ("--exhibit", "ES-01", "--kind", "phone", "--country", "ES")
    assert clew("add", made, tmp_path / "evidence", *about).returncode == 0
    assert clew("run", made).returncode in (0, 1)
    return made


def moments(case: Path) -> set[str]:
    """Every generation that the case went through, by its log."""
    manifests: dict[tuple[str, str], str] = {}
    found = set()
    with open_case(case) as opened:
        for entry in opened.custody.entries():
            told = entry.content
            if told["action"] == STEP_DONE:
                manifests[told["step"], told["scope"]] = told["record"]
                found.add(generation(manifests))
    return found


@pytest.mark.slow
def test_snapshots_beside_a_run_are_each_whole_and_of_one_generation(case) -> None:
    taken, ids = 0, []
    for version in range(20):
        run = subprocess.Popen([sys.executable, "-c", RUN, str(case), f"test {version}"])
        while run.poll() is None and (taken < SNAPSHOTS or len(set(ids)) <= 3):
            with open_case(case) as opened:
                snapshot = opened.snapshot()
                for manifest in snapshot.manifests:
                    for out in manifest.outputs:
                        assert sha256_of(snapshot.folder / out.file) == out.sha256
                ids.append(snapshot.id)
                snapshot.release()
                (messages,) = opened.rows("SELECT count(*) AS n FROM messages")
                (persons,) = opened.rows("SELECT count(*) AS n FROM persons")
                assert messages["n"] == 28
                assert persons["n"] == 7
            taken += 1
        assert run.wait() == 0
        if taken >= SNAPSHOTS and len(set(ids)) > 3:
            break
    assert len(set(ids)) > 3
    assert set(ids) <= moments(case)
    assert clew("verify", case).returncode == 0
    with open_case(case) as opened:
        before = opened.rows("SELECT count(*) AS n FROM messages")
        assert before == [{"n": 28}]
    assert list((case / "snapshots").iterdir()) == []


@pytest.mark.slow
def test_a_reader_keeps_its_generation_while_another_is_published(case) -> None:
    with open_case(case) as reader:
        before = reader.generation
        rows = reader.rows("FROM persons ORDER BY ALL")
        subprocess.run([sys.executable, "-c", RUN, str(case), "another"], check=True)
        assert reader.rows("FROM persons ORDER BY ALL") == rows
        assert reader.generation == before
    with open_case(case) as later:
        later.rows("FROM persons")
        assert later.generation != before
