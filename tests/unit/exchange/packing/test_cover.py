"""A cover says how the package may be used, and names nobody."""

from __future__ import annotations

from builders.packing import accounts


def test_a_cover_says_how_it_may_be_used_and_names_nobody(packed) -> None:
    for country, made in packed.made.items():
        page = (packed.home / country / "cover.en.html").read_text("utf-8")
        assert "H1: not in judicial proceedings" in page
        assert "TLP:AMBER" in page
        assert "order 1/26" in page
        assert "europol-4x4 B2" in page
        assert not any(account in page for account in accounts(made))
