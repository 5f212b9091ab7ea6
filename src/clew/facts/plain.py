"""A copy of a file in plain UTF-8 from its content on, for readers that expect it there.

What stands before the content (a mark, blanks, comments, words) is left out, but its line feeds are
kept, so that the number of a line stays. A JSON pointer stays as well; an offset is one of
the copy, which ``begins_later`` says.
"""

import codecs
import re
import shutil
import tempfile
from pathlib import Path

import msgspec

from clew.facts.reader_api import SQLITE, Found

_CHUNK = 1 << 20
_MAGIC = b"SQLite format 3\0"
_DECLARATION = re.compile(r"<\?xml\b[^>]{0,500}\?>")


def plainly(found: Found) -> Found:
    """The file as readers expect it: itself, or a copy in the worker's own folder."""
    begins = found.begins
    if begins.form is None:
        return _database(found) if begins.offset else found
    if not begins.is_odd:
        return found
    copy = Path(tempfile.gettempdir()) / "plain"
    errors = "surrogateescape" if begins.encoding == "utf-8" else "replace"
    decoder = codecs.getincrementaldecoder(begins.encoding)(errors)
    with found.open() as source, copy.open("wb") as target:
        source.seek(begins.offset)
        text = decoder.decode(source.read(_CHUNK))
        lead = "\n" * begins.lines + _DECLARATION.sub("", text, count=1)
        target.write(lead.encode("utf-8", "surrogateescape"))
        while chunk := source.read(_CHUNK):
            target.write(decoder.decode(chunk).encode("utf-8", "surrogateescape"))
    return msgspec.structs.replace(found, file=copy, handle=None)


def _database(found: Found) -> Found:
    """A database that stands behind blanks."""
    with found.open() as source:
        source.seek(found.begins.offset)
        if source.read(len(_MAGIC)) != _MAGIC:
            return found
        source.seek(found.begins.offset)
        copy = Path(tempfile.gettempdir()) / "evidence"
        with copy.open("wb") as target:
            shutil.copyfileobj(source, target, _CHUNK)
    return msgspec.structs.replace(found, file=copy, handle=None, media_type=SQLITE)
