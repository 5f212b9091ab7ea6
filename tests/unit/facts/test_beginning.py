"""Nothing that stands before a content hides it, and looking for it has a bound."""

from __future__ import annotations

import io

import pytest

import clew.facts.beginning as module
from clew.facts.beginning import LENGTH, beginning

DOCUMENT = '{"name": "Brot", "n": 1}'
LONG = 70_000


def look(raw: bytes):
    return beginning(io.BytesIO(raw))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32"])
@pytest.mark.parametrize(
    "before",
    ["", " " * LONG, "\n" * LONG, "\0" * LONG, "// x\n" * LONG, f"/*{'x' * LONG}*/", "window.a = ",
     "callback(", ")]}',\n", "Some words.\nAnd more.\n"],
)  # fmt: skip
def test_a_document_is_found_behind_padding_in_any_encoding(before, encoding) -> None:
    raw = (before + DOCUMENT).encode(encoding)
    found = look(raw)
    assert (found.form, found.text) == ("json", DOCUMENT)
    assert raw[found.offset :].decode(found.encoding) == DOCUMENT
    assert found.lines == before.count("\n")


@pytest.mark.parametrize(
    "before",
    [b"EXPORTED BY A TOOL 1.0;;;;", b"\x00\x00\x04\xd2", bytes(range(256))],
)
@pytest.mark.parametrize("document", [DOCUMENT, '[{"a": "{b", "c": [true, null, -1.5e3]}]'])
def test_a_document_is_found_behind_what_is_no_text(before, document) -> None:
    found = look(before + document.encode())
    assert (found.form, found.offset, found.text) == ("json", len(before), document)


@pytest.mark.parametrize(
    "text",
    [
        'function f(){ return g({"a": 1, "b": x}); }',
        'a{b:c} x {"k": y}',
        'see {"a": 1} in the text.\nAnd {more}',
        'x = f({"a": 1})\nd = {"z": True}',
    ],
)
def test_brackets_in_a_text_make_no_document_of_it(text) -> None:
    assert look(text.encode()).form == "text"


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("[12/01/2024, 10:22:11] Ana: hi\n", "text"),
        ("[1, 2]", "json"),
        ("<Ana> hi\n<Bo> ho\n", "text"),
        ("<a><b/></a>", "xml"),
        ("<!-- x --><!DOCTYPE html><p>", "html"),
        ("# Title\n\nWords.\n", "text"),
        ("", None),
        (" \n", None),
        ("ab\x01\x02\x03cd", None),
    ],
)
def test_a_form_is_told_by_how_the_content_begins(text, form) -> None:
    assert look(text.encode()).form == form


def test_a_text_of_an_old_code_page_is_a_text() -> None:
    assert look("Grüße;Brötchen\n".encode("cp1252")).form == "text"
    assert look("привет, хлеб\n".encode("cp1251")).form == "text"
    assert look(bytes(64) + bytes.fromhex("57fb808b247547db")).form is None


def test_long_strings_and_comments_leave_room_for_what_follows() -> None:
    text = '{"about": "' + 'x\\"' * LONG + '", "chats": 1}'
    assert '"chats": 1' in look(text.encode()).text
    page = f"<html><style>{'x' * LONG}</style><!--{'y' * LONG}--><p>{'z' * LONG}</p><b>end</b>"
    assert "<b>end</b>" in look(page.encode()).text
    assert len(look(page.encode()).text) < LENGTH


class Counted(io.BytesIO):
    """A file that counts what is read of it."""

    taken = 0

    def read(self, size: int | None = -1, /) -> bytes:
        part = super().read(size)
        Counted.taken += len(part)
        return part


def test_what_is_read_has_a_bound(monkeypatch) -> None:
    monkeypatch.setattr(module, "MOST", 4 << 20)
    Counted.taken = 0
    beginning(Counted(b" " * (12 << 20)))
    assert Counted.taken <= 6 << 20
    Counted.taken = 0
    beginning(Counted(b'{"a": 1, "b": "' + b"x" * 50 + b'", "c": [' + b"1," * (4 << 20)))
    assert Counted.taken < 1 << 20
