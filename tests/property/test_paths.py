"""Whatever path is given to whatever command, evidence and the case keep their bytes."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from run_cli import run_cli

from clew.casefile import open_case
from clew.casefile.verify import verify
from clew.cli import COMMANDS, clew

VALUES = {"country": "ES", "kind": "phone", "exhibit_id": "ES-02", "form": "csv"}
EXITS = {0, 1, 2, 3, 4}
FEW = ("evidence", "a file of evidence", "a new file in evidence", "custody.sqlite", "a loop")
"""Paths for what is only read, or must be a case."""
GENERATED = ("evidence", "facts", "store")
CHAT = "13/02/2024, 10:00 - Ana: one\n13/02/2024, 10:01 - Bo: two\n"


def commands() -> Iterator[tuple[str, click.Command]]:
    context = click.Context(clew)
    for name in COMMANDS:
        command = clew.get_command(context, name)
        if isinstance(command, click.Group):
            yield from ((f"{name} {below.name}", below) for below in command.commands.values())
        elif command:
            yield name, command


def path_parameters() -> list[tuple[str, str]]:
    """Every command with each of its arguments and options that is a path."""
    return [
        (name, str(parameter.name))
        for name, command in commands()
        for parameter in command.params
        if isinstance(parameter.type, click.Path)
    ]


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    """A folder with evidence, a case that took it in, and links to both."""
    place = tmp_path_factory.mktemp("paths")
    evidence, case = place / "evidence", place / "case"
    (evidence / "sub").mkdir(parents=True)
    (evidence / "WhatsApp Chat with A.txt").write_text(CHAT)
    (evidence / "sub" / "x.bin").write_bytes(bytes(range(256)))
    (evidence / "case.yaml").write_text("columns: {}")
    for words in (
        ("new", case, "--title", "Test", "--authority", "Order 1"),
        ("add", case, evidence, "--exhibit", "ES-01", "--kind", "phone", "--country", "ES"),
        ("run", case),
    ):
        assert run_cli(*words).returncode in (0, 1)
    (place / "link-to-evidence").symlink_to(evidence)
    (place / "link-to-file").symlink_to(evidence / "sub" / "x.bin")
    (place / "link-to-new").symlink_to(evidence / "new")
    (place / "link-to-case").symlink_to(case)
    (place / "loop").symlink_to(place / "loop")
    (place / "outside").write_text("somebody's file")
    (place / "passphrase").write_text("several words")
    return place


def paths(place: Path) -> dict[str, Path]:
    case = place / "case"
    table = next(f for f in sorted(case.glob("facts/**/*.parquet")))
    stored = next(f for f in sorted(case.glob("store/*/*")))
    return {
        "evidence": place / "evidence",
        "a file of evidence": place / "evidence" / "sub" / "x.bin",
        "a new file in evidence": place / "evidence" / "new",
        "around the corner": case / ".." / "evidence" / "sub" / ".." / "new.txt",
        "a link to evidence": place / "link-to-evidence",
        "a new file behind a link": place / "link-to-evidence" / "sub" / "new",
        "a link to a file": place / "link-to-file",
        "a link to nothing in evidence": place / "link-to-new",
        "case.toml": case / "case.toml",
        "custody.sqlite": case / "custody.sqlite",
        "a table": table,
        "a content": stored,
        "a new file in the case": case / "new",
        "a new file in the case behind a link": place / "link-to-case" / "store" / "new",
        "a loop": place / "loop",
        "somebody's file": place / "outside",
        "a missing folder": place / "missing" / "x",
        "read-only": Path("/proc/clew-new"),
        "a name too long": place / ("x" * 300),
    }


def kept(place: Path) -> dict[str, Any]:
    """What must stay: all of the evidence, and of the case what is written once."""
    case = place / "case"
    once = [case / "case.toml", case / "mask.key", place / "outside"]
    once += [f for home in GENERATED for f in (case / home).rglob("*")]
    found: dict[str, Any] = {str(f): _digest(f) for f in once if f.is_file()}
    for file in sorted((place / "evidence").rglob("*")):
        found[str(file)] = (_digest(file), os.lstat(file).st_mtime_ns, os.lstat(file).st_ino)
    return found


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes() if file.is_file() else b"").hexdigest()


def words(command: str, asked: str, path: Path, place: Path, *, force: bool) -> list[str]:
    """A call that gives one path, and for everything else that must be there something."""
    found = command.split()
    for parameter in dict(commands())[command].params:
        option = isinstance(parameter, click.Option)
        if option and parameter.name == "force":
            found += ["--force"] if force else []
        elif parameter.name == asked or parameter.required or parameter.name == "case":
            value = str(path) if parameter.name == asked else _value(parameter, place)
            found += [parameter.opts[-1]] * option + [value] * max(parameter.nargs, 1)
    return found


def _is_only_read(command: str, asked: str) -> bool:
    (kind,) = (p.type for p in dict(commands())[command].params if p.name == asked)
    return bool(getattr(kind, "exists", False)) or (asked == "case" and command != "new")


def _value(parameter: click.Parameter, place: Path) -> str:
    if parameter.name == "case":
        return str(place / "case")
    if isinstance(parameter.type, click.Path):
        return str(place / "evidence" / "case.yaml")
    if isinstance(parameter.type, click.Choice):
        return VALUES.get(str(parameter.name), parameter.type.choices[0])
    return VALUES.get(str(parameter.name), "1")


@pytest.mark.parametrize(("command", "asked"), path_parameters())
def test_evidence_and_case_keep_their_bytes(command, asked, place, monkeypatch) -> None:
    monkeypatch.chdir(place)
    monkeypatch.setenv("CLEW_PASSPHRASE_FILE", str(place / "passphrase"))
    monkeypatch.setattr("clew.validation.checks.CHECKS", ())  # they take minutes, and no paths
    before = kept(place)
    for named, path in paths(place).items():
        if named not in FEW and _is_only_read(command, asked):
            continue
        for force in (False, True):
            call = words(command, asked, path, place, force=force)
            if force and "--force" not in call:
                continue
            ended = run_cli(*call)
            said = ended.stdout + ended.stderr
            assert ended.returncode in EXITS, (named, said)
            assert "Traceback" not in said, (named, said)
            assert "Clew itself failed" not in said, (named, said)
            after = kept(place)
            if force and named == "somebody's file" and not ended.returncode:
                (place / "outside").write_text("somebody's file")
                after = kept(place)
            assert {name: after.get(name) for name in before} == before, (named, said)
            evidence = str(place / "evidence")
            assert not [n for n in after if n.startswith(evidence) and n not in before], named


def test_afterwards_the_case_is_as_it_was_written(place) -> None:
    with open_case(place / "case") as case:
        assert [one.text for one in verify(case) if one.is_problem] == []
