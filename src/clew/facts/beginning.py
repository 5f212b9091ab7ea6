"""Where the content of a text begins, whatever stands before it, and what it begins like.

A byte order mark, another encoding, blanks, zeros, comments, an assignment (``window.x = [``) or
lines of words before a JSON or XML document hide nothing, nor does anything before a JSON document
that ends the file: they are passed over, and their length is kept. What follows is shown
condensed, so that a look at some thousand characters sees past long strings, comments and style
sheets. The bytes that are looked at have a bound.

>>> import io
>>> padding = b" " * 70_000 + b"/* an export */"
>>> look = beginning(io.BytesIO(padding + b'{"messages": []}'))
>>> look.form, look.offset, look.text
('json', 70015, '{"messages": []}')

"""

import codecs
import re
from typing import BinaryIO

import msgspec

from clew.formats.encoded import encoding_of

LENGTH = 32 << 10
"""Characters that are shown, at most."""
MOST = 64 << 20
"""Bytes that are looked at, at most."""
_CHUNK = 64 << 10
_LARGER = 1 << 20
_WORDS = 1 << 20
"""Characters of words in which a document is looked for."""
_TAIL = 256
_BLANKS = re.compile("[\\s\\0\ufeff\u00ad\u200b-\u200f\u2060]*+")
_COMMENTS = (
    ("/*", "*/"), ("<!--", "-->"), ("//", "\n"), ("#", "\n"), ("--", "\n"), (";", "\n"),
)  # fmt: skip
_ASSIGNED = re.compile(
    r"(?:(?:(?:var|let|const|window|self|this|globalThis|exports|module)\b[\w.$\[\]\"' ]{0,100}=)"
    r"|export\s+default\b|\)\]\}',?|(?:for\s*\(;;\)|while\s*\((?:1|true)\));|[\w.$]{1,60}\()"
    r"\s*(?=[{\[])"
)
_NUMBER = r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?"
_JSON = re.compile(
    r'(?:\{\s*(?:"|\})|\[\s*(?:[\[{"\]]|(?:' + _NUMBER + r"|true|false|null)\s*[,\]]))"
)
_HTML = re.compile(
    r"<(?:!doctype\s+html|(?:html|head|body|table|div|meta|title|style|script|p|span|h\d)\b)",
    re.IGNORECASE,
)
_XML = re.compile(r"<(?:(?P<declared>\?xml\b|!DOCTYPE\b)|[A-Za-z_][\w.:-]{0,80}(?:\s|/?>))")
_DECLARED_HTML = re.compile(r"<\?xml[^>]{0,300}\?>\s*(?:<!doctype\s+html|<html\b)", re.IGNORECASE)
_INNER = re.compile(
    r'^[ \t]*(?=(\{)\s*"(?:[^"\\\n]|\\.){0,200}"\s*:|(\[)\s*\{\s*"'
    r"|<\?xml\s|<!doctype\s+html|<html[\s>]|(<)[a-z_][\w:.-]{0,60}[\s>])",
    re.IGNORECASE | re.MULTILINE,
)
_ANYWHERE = re.compile(r'(\{)\s*"(?:[^"\\\n]|\\.){0,200}"\s*:|(\[)\s*\{\s*"')
_STRING = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\Z)', re.DOTALL)
_OF_JSON = re.compile(r"[\s\[\]{},:0-9.eE+\-a-z]*+")
_OTHER_WORDS = re.compile(r"\b(?!(?:true|false|null)\b)[a-z]+")
_SEARCHED, _TRIED, _SHOWS = 64 << 10, 8, 4096
"""Characters in which a document is looked for behind anything, brackets that are tried, and
characters from each that must be JSON."""
_MARKED = re.compile(r'\s*(?:$|["{}\[\]<>]|-?\d+(?:\.\d+)?,?\s*$|(?:true|false|null),?\s*$)')
_SEEN_LINES = 40
_CONTROLS = re.compile("[\0-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_NO_UTF8 = re.compile("[\udc80-\udcff]")
_OF_CODE_PAGE = 0.9
"""Share of bytes above ASCII that a text in an old code page may have."""
_SHOWN_FOR_TEXT = 4096
_FIRST = r'"[^"\\]{0,200}+(?:\\.[^"\\]{0,20}+){0,20}+'
_SHORT = re.compile(rf'(?:[^"]*+{_FIRST}")*+[^"]*+', re.DOTALL)
"""What stands up to a long string."""
_LONG = re.compile(rf'({_FIRST})[^"\\]*+(?:\\.[^"\\]*+)*+("?)', re.DOTALL)
_LINES = re.compile(r"[ \t\r]*+\n\s*+")
_SPACES = re.compile(r"[ \t\r]{2,}+")
_HIDDEN = re.compile(
    r"(?P<opening><!--|<(?:style|script)\b[^>]*>|<!DOCTYPE\s[^\[>]*\[)(?P<body>.*?)"
    r"(?P<end>-->|</(?:style|script)>|\]\s*>|\Z)",
    re.DOTALL | re.IGNORECASE,
)
_LONG_WORDS = re.compile(r"([\"'>][^\"'<>]{300})[^\"'<>]++")
_LONGEST_END = 9


class Beginning(msgspec.Struct, frozen=True, kw_only=True):
    """What a file begins like."""

    form: str | None
    """``json``, ``xml``, ``html`` or ``text``; None where it is no text."""
    mark: int = 0
    """Bytes of its byte order mark."""
    offset: int = 0
    """Byte at which the content begins."""
    lines: int = 0
    """Line feeds before it."""
    encoding: str = "utf-8"
    text: str = ""
    """The first characters of the content: as they are or, of JSON and markup, condensed."""
    behind_words: bool = False
    """Before it stands what is neither blank nor comment."""

    @property
    def is_odd(self) -> bool:
        """Whether a reader of UTF-8 that expects its content at once would miss it."""
        return self.offset > self.mark or (self.form == "json" and self.encoding != "utf-8")


def beginning(file: BinaryIO) -> Beginning:
    """Look at the beginning of a file, which is closed."""
    with file:
        return _Look(file).look()


class _Look:
    """One file while its beginning is looked for."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        head = file.read(_CHUNK)
        while not head[4:].strip(b"\0") and len(head) < MOST and (more := file.read(_LARGER)):
            head += more
        self.mark, self.encoding = encoding_of(head)
        self._errors = "surrogateescape" if self.encoding == "utf-8" else "replace"
        self._decoder = codecs.getincrementaldecoder(self.encoding)(self._errors)
        self._read = len(head)
        self._ended = len(head) < _CHUNK
        self._text = self._decoder.decode(head[self.mark :], self._ended)

    def look(self) -> Beginning:
        """What it begins like."""
        blank = self._after_blanks(0)
        at = blank
        while (beyond := self._after_comment(at)) is not None:
            at = self._after_blanks(beyond)
        if assigned := _ASSIGNED.match(self._text, at):
            at = assigned.end()
        form = _form(self._text, at)
        if form is None:
            at, form = blank, _form(self._text, blank)
        if form is None:
            inner = self._within_words(blank)
            inner = self._behind_anything(blank) if inner is None else inner
            if inner is not None:
                return self._found(_form(self._text, inner), inner, behind_words=True)
        if form is None:
            form = "text" if self._is_text(at) else None
        return self._found(form, at)

    def _is_text(self, at: int) -> bool:
        """Whether what begins here is text, of which some bytes may be of an old code page."""
        shown = self._text[at : at + _SHOWN_FOR_TEXT]
        others = len(_NO_UTF8.findall(shown))
        most = 0 if "\0" in self._text[:at] else len(shown) * _OF_CODE_PAGE
        return bool(shown) and not _CONTROLS.search(shown) and others <= most

    def _found(self, form: str | None, at: int, *, behind_words: bool = False) -> Beginning:
        before = self._text[:at]
        return Beginning(
            form=form, mark=self.mark, encoding=self.encoding, behind_words=behind_words,
            offset=self.mark + len(before.encode(self.encoding, self._errors)),
            lines=before.count("\n"), text=self._condensed(form, at),
        )  # fmt: skip

    def _more(self) -> bool:
        """Read on, within the bound."""
        if self._ended or self._read >= MOST:
            return False
        self._text += self._next()
        return True

    def _next(self) -> str:
        chunk = self._file.read(_LARGER)
        self._read += len(chunk)
        self._ended = not chunk
        return self._decoder.decode(chunk, self._ended)

    def _after_blanks(self, at: int) -> int:
        while True:
            found = _BLANKS.match(self._text, at)
            assert found
            at = found.end()
            if at < len(self._text) - _SHOWN_FOR_TEXT or not self._more():
                return at

    def _after_comment(self, at: int) -> int | None:
        """Where the comment that begins here ends; None where there is none."""
        for opening, closing in _COMMENTS:
            if self._text.startswith(opening, at):
                searched = at
                while (end := self._text.find(closing, searched)) < 0:
                    searched = max(at, len(self._text) - len(closing))
                    if not self._more():
                        return None
                return end + len(closing)
        return None

    def _within_words(self, at: int) -> int | None:
        """Where a document begins that stands behind lines of words, and of which most is."""
        if _CONTROLS.search(self._text, at, at + _SHOWN_FOR_TEXT):
            return None
        while len(self._text) < _WORDS and self._more():
            pass
        found = _INNER.search(self._text, at, _WORDS)
        if found is None:
            return None
        lines = self._text[found.end() :].split("\n", _SEEN_LINES)[:_SEEN_LINES]
        marked = sum(_MARKED.match(line) is not None for line in lines)
        is_most = found[3] is None and marked * 4 >= len(lines) * 3
        is_one = is_most or self._closes(found[1] or found[2] or "<")
        return found.end() if is_one else None

    def _behind_anything(self, at: int) -> int | None:
        """Where a JSON document begins that stands behind what may be no text, up to the end."""
        for tried, found in enumerate(_ANYWHERE.finditer(self._text, at, at + _SEARCHED)):
            if tried == _TRIED:
                return None
            if self._closes(found[1] or found[2]) and self._is_json(found.start()):
                return found.start()
        return None

    def _is_json(self, at: int) -> bool:
        """Whether nothing but JSON stands behind a bracket, as far as is looked at."""
        bare = _STRING.sub("", self._text[at : at + _SHOWS])
        bare = bare.rstrip("abcdefghijklmnopqrstuvwxyz")  # a word may be cut
        return bool(_OF_JSON.fullmatch(bare)) and not _OTHER_WORDS.search(bare)

    def _closes(self, opening: str) -> bool:
        """Whether the file ends as a document does that begins so."""
        offset = self._file.tell()
        size = self._file.seek(0, 2)
        self._file.seek(max(size - _TAIL, 0))
        tail = self._file.read().replace(b"\0", b"").rstrip()
        self._file.seek(offset)
        return tail.endswith({"{": b"}", "[": b"]"}.get(opening, b">"))

    def _condensed(self, form: str | None, at: int) -> str:
        if form in (None, "text"):
            return self._text[at : at + LENGTH]
        condense = _condensed_json if form == "json" else _condensed_markup
        shown = condense(self._text[at:])
        while len(shown) < LENGTH and not self._ended and self._read < MOST:
            shown = condense(shown + self._next())
        return shown[:LENGTH]


def _condensed_json(text: str) -> str:
    """JSON with long strings cut and without most of its blanks; it may end within a string."""
    return _SPACES.sub(" ", _LINES.sub("\n", shortened(text)))


def shortened(text: str) -> str:
    """JSON with its long strings cut after some two hundred characters."""
    kept, at = [], 0
    while at < len(text):
        short = _SHORT.match(text, at)
        assert short
        kept.append(short[0])
        if long := _LONG.match(text, short.end()):
            kept += long.groups()
        at = long.end() if long else len(text)
    return "".join(kept)


def _condensed_markup(text: str) -> str:
    """Markup without comments, styles and scripts, with long words cut; it may end anywhere."""
    text = _HIDDEN.sub(_opened, text)
    return _SPACES.sub(" ", _LINES.sub("\n", _LONG_WORDS.sub(r"\1", text)))


def _opened(found: re.Match[str]) -> str:
    """What is left of a comment or style: nothing, or its beginning where its end is to come."""
    if found.end() < len(found.string) or found["end"]:
        return ""
    return found["opening"] + found["body"][-_LONGEST_END:]


def _form(text: str, at: int) -> str | None:
    """The form of what begins at an offset; None where it is neither JSON nor markup."""
    if _JSON.match(text, at):
        return "json"
    if _HTML.match(text, at) or _DECLARED_HTML.match(text, at):
        return "html"
    if not (found := _XML.match(text, at)):
        return None
    return "xml" if found["declared"] or "</" in text or "/>" in text else None
