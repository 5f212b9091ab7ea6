"""A reader is one module and one golden folder: adding one edits nothing else."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULE = '''"""Messages as the made-up bread board writes them: a sender, a tab, a text.

References:
    - this test

"""

from __future__ import annotations

from collections.abc import Iterator

from clew.facts.reader_api import Found, Probe, Reader, Tally
from clew.records import Message, MessageKind, Source, SourceRows, TimeBasis, Unread
from clew.schema import Id, Row


def probe(found: Found) -> Probe | None:
    """Tell the file by its first line."""
    with found.open() as file:
        return Probe("bread", 0.9) if file.readline() == b"BREAD BOARD 1\\n" else None


def read(found: Found) -> Iterator[Row]:
    """Read line by line."""
    tally = Tally()
    fact = {"exhibit_id": found.exhibit_id, "source_id": found.source_id}
    with found.open() as file:
        lines = file.read().decode("utf-8", "replace").splitlines()
    for number, line in enumerate(lines, start=1):
        who, tab, text = line.partition("\\t")
        if not tab:
            tally.skipped("line", "no_message")
            continue
        tally.emitted("line", Message)
        yield Message(
            **fact, locator=f"line/{number}", event_id=found.event(f"line/{number}"),
            chat_id=Id("bread:board"), sender_account_id=Id(f"bread:user:{who}"),
            kind=MessageKind.TEXT, text=text, tz_basis=TimeBasis.UTC,
        )
    emitted = tally.count("line", "messages")
    yield Source(
        **fact, locator="file", item_id=found.item_id, kind="bread", reader="bread-board",
        reader_version="1", tz_basis=TimeBasis.UTC, rows_seen=len(lines), rows_emitted=emitted,
        rows_skipped=len(lines) - emitted,
    )
    yield from tally.rows(found)


READER = Reader(
    name="bread-board", version="1", files=("*.bread",), probe=probe, rows_of=read,
    knows=("boards of version 1",), cannot=("anything else",),
    yields=(Source, SourceRows, Message, Unread),
)
'''
BOARD = "BREAD BOARD 1\nada\tbread\nben\thttps://t.me/+AbCdEfGhIjKlMnOp\n"
ADDED = {
    "src/clew/facts/readers/bread_board.py": MODULE,
    "tests/golden/bread_board/one/board.bread": BOARD,
}
CLEW = "from clew.cli import main; main()"
MADE = {"tests/golden/bread_board/one/expected.ndjson", "docs/readers.md"}
"""What `make golden` and `make reference` write."""


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    """The project as it is, in another place."""
    folder = tmp_path_factory.mktemp("copy")
    left_out = shutil.ignore_patterns("__pycache__", "_build")
    for name in ("src", "docs", "tests/golden"):
        shutil.copytree(ROOT / name, folder / name, ignore=left_out)
    beside = ("tests/conftest.py", "tests/seconds.toml", "tests/mutation/faults.toml")
    (folder / "tests" / "mutation").mkdir()
    for name in ("pyproject.toml", *beside):
        shutil.copyfile(ROOT / name, folder / name)
    return folder


def digests(folder: Path) -> dict[str, str]:
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in folder.rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }


def run(copy: Path, *arguments: str) -> str:
    paths = {"PYTHONPATH": str(copy / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=copy, env={**os.environ, **paths}, capture_output=True, text=True, check=False,
        timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_adding_a_reader_edits_no_other_file(copy) -> None:
    before = digests(copy)
    for name, content in ADDED.items():
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_text(content, encoding="utf-8")
    laws = (
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "tests/golden",
        "-k",
        "bread or every_reader",
    )
    run(copy, *laws, "--write-golden")
    assert "passed" in run(copy, *laws)
    run(copy, "docs/reference.py")
    after = digests(copy)
    assert after.keys() - before.keys() == (ADDED.keys() | MADE) - before.keys()
    assert {name for name in before if after[name] != before[name]} == {"docs/readers.md"}
    told = [json.loads(line) for line in run(copy, "-c", CLEW, "readers", "--json").splitlines()]
    (ours,) = [t for t in told if t["reader"] == "bread-board"]
    assert (ours["knows"], ours["cannot"]) == (["boards of version 1"], ["anything else"])
    assert "invites" in ours["fills"]
    page = (copy / "docs/readers.md").read_text(encoding="utf-8")
    assert "## bread-board" in page
    assert "- Can't: anything else" in page
