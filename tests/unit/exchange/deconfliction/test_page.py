from __future__ import annotations

import pytest

from clew.exchange.deconfliction import page
from clew.exchange.deconfliction.choosing import Chosen
from clew.exchange.deconfliction.page import About
from clew.exchange.deconfliction.wire import Step
from clew.words import registers

ABOUT = About(step=Step.ASK, partner="ES", kind="phone", period="2026-H2", points=64, own=12,
              legal_basis="Art. 7 <b>", left_out={"undated": 3}, tags=1 << 20)  # fmt: skip


@pytest.mark.parametrize("step", Step)
def test_the_page_says_what_each_side_learns_and_what_is_not_prevented(step) -> None:
    about = page.About(**{n: getattr(ABOUT, n) for n in ABOUT.__struct_fields__} | {"step": step})
    text = page.page(about)
    assert len(page.learns(about)) == 3
    assert len(page.limits(about)) == 6
    assert all(line.partition("'")[0] in text for line in page.limits(about))
    assert "{" not in text.partition("</style>")[2]
    assert "?" not in "".join((*page.learns(about), *page.limits(about)))


def test_the_page_is_static_and_what_was_typed_is_inert() -> None:
    text = page.page(ABOUT)
    assert "<script" not in text
    assert "http" not in text
    assert "Art. 7 &lt;b&gt;" in text
    assert "1 in 1,152,921,504,606,846,976" in text


def test_every_code_of_what_is_left_out_has_a_sentence() -> None:
    import ast
    from pathlib import Path

    from clew.exchange.deconfliction import forms

    tree = ast.parse(Path(forms.__file__).read_text("utf-8"))
    codes = {
        text.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "NoForm"
        for text in ast.walk(node)
        if isinstance(text, ast.Constant)
    }
    assert {*codes, "undated", "inferred"} == set(registers()["deconflict_left_out"])
    assert Chosen(forms=()).left_out == {}
