"""What hides is spelt out, and what is to be kept is kept."""

from __future__ import annotations

import pytest

from clew.words.characters import spelt_out


@pytest.mark.parametrize("bad", "\x00\x1b\n\u202e\u200b\ue000\u2028\ufffe")
def test_what_hides_is_spelt_out(bad) -> None:
    assert spelt_out(f"a{bad}b") == f"a⟨U+{ord(bad):04X}⟩b"


def test_letters_of_any_script_stay_and_so_does_what_is_kept() -> None:
    assert [spelt_out(t) for t in ("plain", "río 中文")] == ["plain", "río 中文"]
    assert spelt_out("a\nb\x1b", keep="\n") == "a\nb⟨U+001B⟩"
