"""Laws of ``clew.findings.linkage.names``."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clew.findings.linkage.names import handle, spelling


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("MÜLLER Jürgen", "juergen mueller"),
        ("Núñez, José", "jose nunyez \U0001f525"),
        ("Weiß Anna", "anna weiss"),
        ("Pepe Taller", "pepe"),
        ("李 小龙", "小龙 李"),
    ],
)
def test_two_spellings_of_a_name_have_the_same_words(one, other) -> None:
    assert sorted(spelling(one).words) == sorted(spelling(other).words) != []


@pytest.mark.parametrize(
    ("short", "name"),
    [
        ("Pepe", "jose"),
        ("Beppe", "giuseppe"),
        ("Zé", "jose"),
        ("Sepp", "josef"),
        ("Bill", "william"),
    ],
)
def test_a_short_form_stands_for_its_name(short, name) -> None:
    assert name in spelling(short).forms
    assert name not in spelling(short).words


@pytest.mark.parametrize("written", ["lobo.azul7", "Lobo_Azul7", "@loboazul7", "LOBOAZUL7"])
def test_a_handle_is_one_however_it_is_parted(written) -> None:
    assert handle(written) == "loboazul7"
    assert spelling(written).handle == "loboazul7"


@given(st.text(max_size=40))
def test_any_text_can_stand_as_a_name(text) -> None:
    read = spelling(text)
    assert read.handle is None or not read.words
    assert all(word == word.casefold() for word in read.words)
