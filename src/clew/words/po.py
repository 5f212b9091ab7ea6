"""Catalogues as translators write them: the text files of gettext, read without a step of building.

An entry that is marked as fuzzy, or has no translation yet, is none.

References:
    - GNU gettext manual, "The Format of PO Files" and "The Format of GNU MO Files"

"""

import ast
import gettext
import io
import re
import struct
from collections.abc import Iterator
from pathlib import Path

_MAGIC = 0x950412DE
_HEAD = 28
"""Bytes before the two tables of a compiled catalogue."""
_CONTEXT = "\x04"
"""What stands between the context of a text and the text."""


def translations(file: Path) -> gettext.GNUTranslations:
    """The catalogue of a file; ValueError where a line of it is none of a catalogue."""
    return gettext.GNUTranslations(io.BytesIO(_compiled(dict(_entries(file.read_text("utf-8"))))))


def _entries(text: str) -> Iterator[tuple[str, str]]:
    """Texts with their translations, each as a compiled catalogue has it."""
    for block in re.split(r"\n\s*\n", text.strip()):
        fields: dict[str, str] = {}
        name, is_fuzzy = "", False
        for line in block.splitlines():
            if line.startswith("#"):
                is_fuzzy |= line.startswith("#,") and "fuzzy" in line
                continue
            word, _, quoted = line.partition('"')
            name = word.strip() or name
            fields[name] = fields.get(name, "") + _unquoted(f'"{quoted}')
        said = [value for word, value in sorted(fields.items()) if word.startswith("msgstr")]
        if "msgid" in fields and all(said) and not is_fuzzy:
            key = _CONTEXT.join(filter(None, (fields.get("msgctxt"), fields["msgid"])))
            yield "\0".join(filter(None, (key, fields.get("msgid_plural")))), "\0".join(said)


def _unquoted(quoted: str) -> str:
    try:
        return str(ast.literal_eval(quoted))
    except SyntaxError as error:
        raise ValueError(f"the line {quoted[:60]} is not of a catalogue") from error


def _compiled(entries: dict[str, str]) -> bytes:
    """A catalogue as ``gettext`` reads it."""
    pairs = sorted((key.encode(), said.encode()) for key, said in entries.items())
    begins, blob = [], b""
    start = _HEAD + 16 * len(pairs)
    for texts in zip(*pairs, strict=True):
        for one in texts:
            begins.append(struct.pack("<II", len(one), start + len(blob)))
            blob += one + b"\0"
    head = struct.pack("<7I", _MAGIC, 0, len(pairs), _HEAD, _HEAD + 8 * len(pairs), 0, start)
    return head + b"".join(begins) + blob
