"""The register of codes and the sentences of rows."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from clew.words import Sentence, code, registers, sentences, unregistered

DOCS = Path(__file__).parents[3] / "docs"
CODES = [(register, name) for register, codes in registers().items() for name in codes]


@pytest.mark.parametrize(("register", "name"), CODES)
def test_every_code_says_what_it_means_and_what_to_do(register, name) -> None:
    entry = code(register, name)
    assert entry.meaning.endswith(".")
    assert entry.do.endswith(".")
    assert bool(entry.many) == bool(entry.count)


def test_a_code_that_is_not_registered_is_told() -> None:
    with pytest.raises(LookupError, match="made_up"):
        code("settled_by", "made_up")
    assert unregistered("settled_by", ["known", "made_up", None]) == {"made_up"}
    assert unregistered("no_such_register", ["known"]) == {"known"}


def test_a_clause_is_said_with_the_values_it_asks_for() -> None:
    clause = Sentence(say="", when={"bound": ["seen", "listed"], "by": True, "reasons": "text"})
    row = {"bound": "seen", "by": "x", "reasons": ["time", "text"]}
    assert clause.holds(row)
    for change in ({"bound": "stated"}, {"by": None}, {"reasons": ["time"]}):
        assert not clause.holds(row | change)


def test_the_template_for_translators_has_every_sentence() -> None:
    spec = importlib.util.spec_from_file_location("catalogue", DOCS / "catalogue.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    text = module.template().replace('\\"', '"')
    said = [entry.sentence for codes in registers().values() for entry in codes.values()]
    for one in [*said, *(clause for clauses in sentences().values() for clause in clauses)]:
        assert one.say in text
        assert one.many in text
