"""A text is decoded by its mark, whatever the size of its pieces; what is no text is shown."""

from __future__ import annotations

import io

import pytest

from clew.formats.encoded import encoding_of, pieces

TEXT = "Grüße, хлеб, パン\n" * 40


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("size", [4, 7, 1 << 20])
def test_a_marked_text_is_the_same_in_pieces_of_any_size(encoding, size) -> None:
    assert "".join(pieces(io.BytesIO(TEXT.encode(encoding)), size=size)) == TEXT


def test_a_mark_counts_more_than_what_is_said_otherwise() -> None:
    assert encoding_of("x".encode("utf-16-le"), "cp1252") == (0, "cp1252")
    assert encoding_of(b"\xef\xbb\xbfx", "cp1252") == (3, "utf-8")
    assert "".join(pieces(io.BytesIO(b"caf\xe9"), lambda _: "cp1252")) == "café"


def test_what_is_no_text_is_shown_and_costs_itself() -> None:
    assert "".join(pieces(io.BytesIO(b"a\xffb\xc3"), size=1)) == "a\ufffdb\ufffd"
