from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from clew import exchange
from clew.exchange.deconfliction.refused import Refused as FileRefused
from clew.exchange.refused import Refused
from clew.words import registers

ROOM = Path(exchange.__file__).parent
KINDS = {("sealing", "receiving"): Refused, ("deconfliction",): FileRefused}


def raised(folders: tuple[str, ...]) -> Iterator[ast.Call]:
    files = (file for folder in folders for file in (ROOM / folder).rglob("*.py"))
    for node in (n for file in files for n in ast.walk(ast.parse(file.read_text("utf-8")))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refused":
            yield node


@pytest.mark.parametrize("folders", KINDS)
def test_every_registered_code_is_raised_and_no_other(folders) -> None:
    found = {call.args[0].value for call in raised(folders)}
    assert found == set(registers()[KINDS[folders].register])


@pytest.mark.parametrize("folders", KINDS)
def test_a_refusal_is_given_every_figure_that_its_sentence_shows(folders) -> None:
    for call in raised(folders):
        code, given = call.args[0].value, dict.fromkeys((k.arg for k in call.keywords), "PT-1")
        refused = KINDS[folders](code, **given)
        assert refused.code == code
        assert "?" not in str(refused), code
        assert "{" not in f"{refused}{refused.do}"
        assert refused.do.startswith("Nothing of the ")
