"""A language made for tests: every letter of every text of the catalogue is a full-width one.

It is written as gettext writes a language (``LANGUAGE/LC_MESSAGES/clew.mo``), so that whatever is
still English in what a person reads has not gone through the catalogue.
"""

from __future__ import annotations

import ast
import re
import struct
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import jinja2

from clew import views
from clew.schema import columns, tables
from clew.words import countries, registers, sentences

LANGUAGE = "xx"
_KEPT = re.compile(r"(\{[^{}]*\}|%\(\w+\)s|%%|<[^<>]*>|&\w+;|\n)")
_WIDE = {ord(c): chr(ord(c) + 0xFEE0) for c in map(chr, range(33, 127)) if c.isalpha()}
_HEADER = "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n"


def pseudo(text: str) -> str:
    """A text in the language; what is filled in, and tags, stay."""
    parts = _KEPT.split(text)
    return "".join(p if _KEPT.fullmatch(p) else p.translate(_WIDE) for p in parts)


def write_language(folder: Path) -> None:
    """Write the catalogue of the language."""
    messages = {"": _HEADER}
    for context, one, many in _messages():
        key = f"{context}\x04{one}" if context else one
        messages[f"{key}\0{many}" if many else key] = (
            f"{pseudo(one)}\0{pseudo(many)}" if many else pseudo(one)
        )
    target = folder / LANGUAGE / "LC_MESSAGES" / "clew.mo"
    target.parent.mkdir(parents=True)
    target.write_bytes(_compiled(messages))


def _messages() -> Iterator[tuple[str, str, str]]:
    """Context, text and plural of everything that the catalogue is asked for."""
    for register, codes in registers().items():
        for code in codes.values():
            yield register, code.sentence.say, code.sentence.many
            yield register, code.meaning, ""
    yield from (("country", name, "") for name in countries().values())
    for table, clauses in sentences().items():
        yield from ((table, clause.say, clause.many) for clause in clauses)
    yield from (("cli", text, "") for text in _of_command_line())
    environment = jinja2.Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    for file in resources.files("clew.report").joinpath("templates").iterdir():
        if file.name.endswith(".j2"):
            for _, _, found in environment.extract_translations(file.read_text("utf-8")):
                yield "", str(found if isinstance(found, str) else found[0]), ""


def _of_command_line() -> Iterator[str]:
    for name in views.names():
        yield views.view(name).question
        yield from views.view(name).header.columns
    yield from (column.name for row in tables().values() for column in columns(row))
    for file in resources.files("clew.cli").iterdir():
        if file.name.endswith(".py"):
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
                    yield node.value


def _compiled(messages: dict[str, str]) -> bytes:
    """The catalogue as gettext reads it."""
    pairs = sorted((key.encode(), text.encode()) for key, text in messages.items())
    start = 28 + 16 * len(pairs)
    tables_, blob = [], b""
    for which in (0, 1):
        for pair in pairs:
            tables_.append(struct.pack("<II", len(pair[which]), start + len(blob)))
            blob += pair[which] + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, start)
    return head + b"".join(tables_) + blob
