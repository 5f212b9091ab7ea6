"""Every reader says what it looks at, knows, fills and can't do."""

from __future__ import annotations

import json

from run_cli import run_cli

from clew.cli.readers import described, fills
from clew.facts.reader_api import readers


def test_every_reader_is_described() -> None:
    told = list(described(readers()))
    assert [row["reader"] for row in told] == [reader.name for reader in readers()]
    assert all(row["about"] and row["fills"] for row in told)


def test_programs_see_the_same_as_people() -> None:
    for_programs, for_people = run_cli("readers", "--json"), run_cli("readers")
    names = [json.loads(line)["reader"] for line in for_programs.stdout.splitlines()]
    assert len(names) >= 10
    assert all(f"{name} " in for_people.stdout for name in names)


def test_whoever_gives_text_gives_invitations() -> None:
    whatsapp = next(r for r in readers() if r.name == "whatsapp-text")
    assert "invites" in fills(whatsapp)
