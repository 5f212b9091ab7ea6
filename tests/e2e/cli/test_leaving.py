"""What others sent leaves a case in no file that its handling code bars, by commands alone."""

from __future__ import annotations

import pytest
from builders.countries import PICTURE, rows_of
from builders.looks import CATEGORY
from builders.merging import conclude
from builders.post import ORIGIN, Post, told
from run_cli import run_cli as run

from clew.casefile import open_case
from clew.judgements import decisions

GIVEN = ("--to", "unit", "--handling", "H0", "--tlp", "GREEN", "--purpose", "p",
         "--keep-until", "2099-01-01", "--json")  # fmt: skip
LETTER = ("--partner", "ES", "--letter", "ES 1/26", "--reason", "letter")


def exported(post: Post, name: str) -> tuple[dict, str, str]:
    """What is said of an export to a program and to the person, and the file."""
    out = post.folder / name
    made = run("export", "entities", post.case, out, "--format", "ftm", *GIVEN)
    assert made.returncode == 0, made.stderr
    return told(made), made.stderr, out.read_text("utf-8")


def listed(post: Post, name: str) -> str:
    out = post.folder / name
    made = run("show", post.case, "exhibits", "--csv", out)
    assert made.returncode == 0, made.stderr
    return made.stderr + out.read_text("utf-8")


def test_rows_that_a_code_bars_leave_in_no_file_until_a_letter_lets_them(post) -> None:
    about = {"handling": ("H0", "H2"), "tlp": "TLP:RED"}
    shown = told(post.take(post.package(rows_of("ES", 1), **about)))
    n = sum(shown["rows"].values())
    with open_case(post.case) as case:
        decisions.categorise(case, PICTURE, CATEGORY, "A", "adopts ES-0a0b0c0d~1: seen")
        conclude(case, ("categorise", "resolve"))
    said, words, file = exported(post, "a.json")
    assert (said["persons"], said["rows_withheld"]) == (0, {"H2": n})
    assert f"{n} rows of 1 package that others sent were left out" in words
    assert ORIGIN not in listed(post, "a.csv")
    known = run("hashset", "export", post.case, post.folder / "a.vics")
    assert known.returncode == 2
    assert f"{n} rows of 1 package" in known.stderr
    graph = run("export", "graph", post.case, post.folder / "a.gexf", "--format", "gexf")
    assert f"{n} rows of 1 package" in graph.stderr
    with open_case(post.case) as case:
        log = [e.content for e in case.custody.entries()]
    assert sum(one["action"] == "received rows withheld" for one in log) == 4
    assert ORIGIN in run("show", post.case, "exhibits").stdout
    assert run("permit", post.case, ORIGIN, "onward", *LETTER).returncode == 0
    said, words, file = exported(post, "b.json")
    assert (said["persons"] > 0, said["rows_withheld"]) == (True, {})
    assert ("TLP:RED" in file, "TLP:GREEN" in file) == (True, False)
    assert "H0, H2, TLP:RED" in words
    assert ORIGIN in listed(post, "b.csv")
    assert run("hashset", "export", post.case, post.folder / "b.vics").returncode == 0
    assert PICTURE.upper() in (post.folder / "b.vics").read_text("utf-8")


def test_restrictions_of_another_are_said_wherever_its_rows_go(post) -> None:
    post.take(post.package(rows_of("ES", 1), handling=("H3",)))
    said, words, file = exported(post, "a.json")
    assert said["rows_withheld"] == {}
    assert "(H3)" in words
    assert "as the sender of" in file


@pytest.fixture
def post(tmp_path) -> Post:
    return Post(tmp_path)
