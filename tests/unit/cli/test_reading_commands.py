"""Whatever command shows a case is in the log before it does, and shows nobody unless asked to."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from run_cli import run_cli
from telltale import FORBIDDEN, made, person

from clew.casefile import Case

WHO = person(0)
HANDED = ("--to", "unit", "--handling", "H1", "--tlp", "AMBER", "--purpose", "op-17",
          "--keep-until", "2099-01-01")  # fmt: skip
READINGS = {
    "show": ("show", "CASE", "persons"),
    "show of a person": ("show", "CASE", "timeline", "--person", WHO),
    "query": ("query", "CASE", "SELECT * FROM account_names"),
    "explain": ("explain", "CASE", WHO),
    "persons list": ("persons", "list", "CASE"),
    "persons offered": ("persons", "list", "CASE", "--what", "offered"),
    "persons explain": ("persons", "explain", "CASE", WHO),
    "persons judgements": ("persons", "judgements", "CASE"),
    "persons between": ("persons", "between", "CASE", "--country", "ES"),
    "export graph": ("export", "graph", "CASE", "OUT", "--format", "gexf"),
    "export ftm": ("export", "entities", "CASE", "OUT", "--format", "ftm", *HANDED),
    "export misp": ("export", "entities", "CASE", "OUT", "--format", "misp", *HANDED),
    "export timesketch": ("export", "entities", "CASE", "OUT", "--format", "timesketch", *HANDED),
    "report": ("report", "CASE", "OUT"),
}
ABOUT = ("show of a person", "explain", "persons explain")
"""Commands that are asked for one person, whom the log has under a seal."""
SHOWN = ("show", "query", "explain", "persons list", "persons explain", "persons judgements")
"""Commands that print rows of this case."""
REASON = "request 12/26 of the prosecutor"


@pytest.fixture(scope="module")
def case(tmp_path_factory) -> Case:
    with made(tmp_path_factory.mktemp("readings") / "case") as case:
        yield case


def called(case: Case, name: str, *more: str) -> tuple[object, str]:
    """How a command ended, and all that it printed and wrote; the person asked for is left out."""
    out = case.folder.with_name(f"{name} {os.urandom(4).hex()}")
    places = {"CASE": str(case.folder), "OUT": str(out)}
    done = run_cli(*(places.get(word, word) for word in READINGS[name]), *more)
    written = Path(out).read_text("utf-8") if out.exists() else ""
    return done.returncode, done.stdout + done.stderr + written


def last_entry(case: Case) -> dict[str, object]:
    return list(case.custody.entries())[-1].content


@pytest.mark.parametrize("name", READINGS)
def test_a_masked_reading_is_logged_and_shows_nobody(case, name) -> None:
    size = case.custody.checkpoint().size
    code, shown = called(case, name)
    assert code in (0, 1), shown
    assert shown
    assert not FORBIDDEN.search(shown)
    assert case.custody.checkpoint().size > size
    entry = next(e.content for e in case.custody.entries() if e.number == size + 1)
    assert (entry["action"], entry["masked"], entry["legal_basis"]) == ("read", True, "Order 1")
    assert WHO not in str(entry)
    if name in ABOUT:
        assert WHO in (case.custody.vault.text(str(entry["sealed"])) or "")


@pytest.mark.parametrize("name", SHOWN)
def test_an_unmasked_reading_needs_a_reason_and_is_logged_with_it(case, name) -> None:
    size = case.custody.checkpoint().size
    code, shown = called(case, name, "--unmask")
    assert code == 2
    assert not FORBIDDEN.search(shown)
    assert case.custody.checkpoint().size == size
    code, shown = called(case, name, "--unmask", "--reason", REASON)
    assert code in (0, 1), shown
    assert FORBIDDEN.search(shown)
    entry = last_entry(case)
    assert (entry["masked"], entry["purpose"]) == (False, REASON)
