"""Every reason code that the source mints is registered, and every registered code is minted."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from clew.words import registers
from clew.words.reasons import registered

SRC = Path(__file__).parents[2] / "src" / "clew"
MINTS = {
    "unread": ("unread", 1), "report": ("unread", 1), "_report": ("unread", 0),
    "Refused": ("unread", 0), "Undecodable": ("unread", 0), "ContentGone": ("unread", 0),
    "Unreadable": ("unread", 0), "_Lost": ("unread", 0), "WorkerLost": ("unread", 0),
    "Trouble": ("unread", 0), "_no_object": ("unread", 0),
    "skipped": ("source_rows", 1), "not_read": ("source_rows", 1),
    "joined": ("items", 0), "MemberError": ("items", 0), "MediaError": ("items", 0),
    "flagged": ("flags", 0), "flag": ("flags", 0),
}  # fmt: skip
"""Calls that mint a code: the register, and which argument it is."""
ROOMS = ("evidence", "facts", "sandbox")
NOT_HERE = {SRC / "facts" / "fingerprints" / "embedding.py"}
"""It refuses a model to the person who names it, in words, and mints no row."""


def minted() -> Iterator[tuple[str, str, str]]:
    """Register, code and where it is minted; of a composed code only its beginning."""
    for file in sorted(f for room in ROOMS for f in (SRC / room).rglob("*.py")):
        if file in NOT_HERE:
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            yield from stated(node, f"{file.relative_to(SRC)}")
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            register, place = MINTS.get(name, ("", 0))
            if name == "joined" and "facts" in file.parts:
                register = "unread"
            if register and len(node.args) > place:
                where = f"{file.relative_to(SRC)}:{node.lineno}"
                yield from ((register, code, where) for code in codes(node.args[place]))


def stated(node: ast.AST, file: str) -> Iterator[tuple[str, str, str]]:
    """Codes of what is wrong with an item, given by name: ``problem="…"``, ``x.problem = "…"``."""
    is_named = isinstance(node, ast.keyword) and node.arg in ("problem", "reason")
    is_set = isinstance(node, ast.Assign) and getattr(node.targets[0], "attr", "") == "problem"
    if file.startswith("evidence") and isinstance(node, ast.keyword | ast.Assign):
        found = codes(node.value) if is_named or is_set else ()
        yield from (("items", code, f"{file}:{node.value.lineno}") for code in found)


def codes(node: ast.expr) -> Iterator[str]:
    """Texts that an argument can be, as far as they stand in the source."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from codes(node.body)
        yield from codes(node.orelse)
    elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
        yield str(node.values[0].value)


@pytest.mark.parametrize("minting", tuple(minted()), ids=lambda m: f"{m[2]} {m[1]}")
def test_a_code_that_is_minted_is_registered(minting: tuple[str, str, str]) -> None:
    register, code, _ = minting
    if register == "unread" and "sandbox" in minting[2]:  # a lost worker costs an item, too
        assert registered("items", code)
    if code.endswith(":"):  # composed: its kinds stand in the register, or what is before them
        known = registers()[register]
        assert code[:-1] in known or any(name.startswith(code) for name in known)
    else:
        assert registered(register, code)


def test_a_registered_code_is_minted_somewhere() -> None:
    text = "".join(f.read_text(encoding="utf-8") for f in sorted(SRC.rglob("*.py")))
    text += "".join(f.read_text(encoding="utf-8") for f in sorted(SRC.rglob("*.sql")))
    for register in ("unread", "source_rows", "items", "flags"):
        for code in registers()[register]:
            stem, _, kind = code.partition(":")
            there = f'"{code}"' in text or f"'{code}'" in text
            assert there or f"{stem}:" in text or f":{kind}" in text, code


def test_a_code_is_short_and_its_kind_stands_behind_a_colon() -> None:
    for register in ("unread", "source_rows", "items", "flags"):
        for code in registers()[register]:
            stem = code.partition(":")[0]
            assert stem == stem.lower()
            assert stem.replace("_", "").isalpha()
            assert len(stem) <= 30
