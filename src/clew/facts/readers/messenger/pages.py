"""Threads of Messenger in HTML, read as a stream, by structure and not by the names of styles.

A message is an element whose children are the sender, what was said, and a date: whenever an
element holds a date and nothing else, what stands before it under the same parent is a message.
Styles changed with every generation (``_2lej`` until 2021, ``_a6-g`` since); this did not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from html import unescape

import msgspec

from clew.facts.markup import Markup
from clew.facts.reader_api import Found
from clew.facts.readers.messenger import dates
from clew.facts.readers.messenger.thread import Given, Media, Post, Thread, kind_of_file
from clew.formats.encoded import pieces
from clew.records import TimeBasis
from clew.schema import Row

_CHUNK = 64 << 10
_DEEPEST = 200
_LONGEST = 1 << 20
_MOST_PARTS = 400
_BREAK = "\x0b"
"""Stands for a line break; no page holds it."""
_is_for_dates = lru_cache(1024)(re.compile(r"(?:^|\s)(?:_2lem|_a72d|_a6-o|time)(?:\s|$)").search)
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
)
_TELLING = _VOID | {"html"}
"""Elements that say something although they hold nothing."""
_HEADING = re.compile(
    r"(?:Participants?|Participantes|Partecipanti|Teilnehmer|Deelnemers)\s*:\s*(?P<names>.+)",
    re.DOTALL,
)
_PLAIN = re.compile(
    r"""([^<]*+)<(?:([a-z][a-z0-9]*+)((?:[ \n]++[a-z][a-z-]*+="[^"<>]*+")*+)[ ]?"""
    r"""(?:(/)>|>(?:([^<]*+)</\2>)?+)|/([a-z][a-z0-9]*+)>)"""
)
"""Words, and a tag as exports write it: in lower case, its attributes in double quotes; of an
element that holds words alone, the words and its end as well."""
_RAW = ("script", "style")
_NOTHING = ("", "")
_WINDOW = 4 << 10
"""Characters that the standard library's parser reads before plain tags are looked for again."""
_ATTRIBUTE = re.compile(r"""([a-z-]++)="([^"]*+)\"""")
_AND = re.compile(r",\s*(?:and|und|et|e|y|en)\s+|,\s*|\s+(?:and|und|et|y|en)\s+")


class _Part(msgspec.Struct):
    """An element: its words, its files and links, and its children that are complete."""

    tag: str
    style: str
    line: int
    words: list[str] = msgspec.field(default_factory=list)
    media: list[Media] = msgspec.field(default_factory=list)
    links: list[str] = msgspec.field(default_factory=list)
    given: list[Given] = msgspec.field(default_factory=list)
    parts: list[_Part] = msgspec.field(default_factory=list)
    said: str = ""
    """Its words and those of its children, a line each, once it is complete."""

    def complete(self) -> str:
        """Put its words together."""
        if not self.parts and len(self.words) == 1 and _BREAK not in self.words[0]:
            self.said = " ".join(self.words[0].split())
            return self.said
        own = "".join(self.words).split(_BREAK) if self.words else ()
        lines = [*(" ".join(o.split()) for o in own), *(part.said for part in self.parts)]
        self.said = "\n".join(line for line in lines if line)
        return self.said


class _Page(Markup):
    """Gathers messages while a page passes; nothing is kept but what is open.

    Plain tags, which are nearly all of a page, are read by one pattern; what it does not fit, and
    all that is broken, is left to the parser of the standard library, which reads it likewise.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.posts: list[Post] = []
        self.title = ""
        self.heading: tuple[str, int] | None = None
        self.unread_dates: list[tuple[int, str]] = []
        self.too_deep = 0
        self.left_over = 0
        self.has_ended = False
        """The page came to its end, and is not torn."""
        self._is_styled = False
        self._open: list[_Part] = [_Part("", "", 1)]

    def feed(self, data: str) -> None:
        """Read a piece: plain tags here, and what else there is as the standard library does."""
        text, offset, window = self.rawdata + data, 0, _WINDOW
        while True:
            offset = offset if self.cdata_elem else self._read_plain(text, offset)
            self.rawdata = text[offset : offset + window]
            given = len(self.rawdata)
            self.goahead(end=False)
            if offset + window >= len(text):
                return
            read = given - len(self.rawdata)
            offset += read
            window = _WINDOW if read else 2 * window

    def _read_plain(self, text: str, offset: int) -> int:
        """Read as many plain tags, and the words before each, as follow; where they end."""
        match = _PLAIN.match
        while (token := match(text, offset)) and token[2] not in _RAW and token[6] not in _RAW:
            offset = token.end()
            words, tag, attributes, void, inner, closed = token.groups()
            if words:
                self._say(words)
            if closed:
                self.handle_endtag(closed)
                continue
            style, uri = _attributes(attributes) if attributes else _NOTHING
            if inner != "" or uri or tag in _TELLING or len(self._open) >= _DEEPEST:
                self._start(tag, style, uri)
            else:
                inner = None  # nothing in it, and nothing that it says by being there
            if "\n" in attributes:
                self.lineno += attributes.count("\n")
            if inner:
                self._say(inner)
            if void or inner is not None:
                self.handle_endtag(tag)
        return offset

    def _say(self, words: str) -> None:
        self.handle_data(unescape(words) if "&" in words else words)
        self.lineno += words.count("\n")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element, or take what a void one points at."""
        given = {name: value or "" for name, value in attrs}
        self._start(tag, given.get("class", ""), given.get("src") or given.get("href") or "")

    def _start(self, tag: str, style: str, uri: str) -> None:
        if uri:
            self._point(tag, uri)
        if tag == "br":
            self._open[-1].words.append(_BREAK)
        elif tag not in _VOID:
            if len(self._open) >= _DEEPEST:
                self.too_deep += 1
                return
            self._open.append(_Part(tag, style, self.lineno))

    def handle_data(self, data: str) -> None:
        """Take words."""
        here = self._open[-1]
        if here.tag in ("script", "style"):
            return
        if here.tag == "title":
            self.title += data
        elif here.words or data.strip():
            here.words.append(data[:_LONGEST])

    def handle_endtag(self, tag: str) -> None:
        """Close an element; what was left open within it closes too."""
        self.has_ended |= tag == "html"
        if self._open[-1].tag == tag and len(self._open) > 1:
            self._close()
            return
        depth = next((n for n in range(len(self._open) - 1, 0, -1) if self._open[n].tag == tag), 0)
        while depth and len(self._open) > depth:
            self._close()

    def finish(self) -> None:
        """Close all that is still open."""
        self.close()
        while len(self._open) > 1:
            self._close()

    def _close(self) -> None:
        part, parent = self._open.pop(), self._open[-1]
        if part.tag in ("title", "script", "style", "head"):
            return
        text = part.complete() if part.words or part.parts else ""
        if self.heading is None and (found := _HEADING.fullmatch(text)):
            self.heading = (found["names"], part.line)
        elif self._is_date(part, text) and parent.parts:
            self._message(parent, text)
        elif part.tag == "li" and text:
            parent.given += [_reaction(text)]
        elif part.tag in ("ul", "span", "b", "i", "a", "u", "em", "strong") and not part.parts:
            _into(parent, part)
        elif text or part.media or part.given or part.links or part.parts:
            is_kept = len(parent.parts) < _MOST_PARTS
            self.left_over += not is_kept
            parent.parts += [part] if is_kept else []

    def _is_date(self, part: _Part, text: str) -> bool:
        if not text or part.media:
            return False
        if _is_for_dates(part.style) and any(map(str.isdigit, text)):
            self._is_styled = True
            return True
        return not self._is_styled and dates.looks_like(text)

    def _message(self, parent: _Part, stamp: str) -> None:
        sender, *said = parent.parts
        behind = [p for part in said for p in _within(part)]
        parts = [parent, *_within(sender), *behind]
        local, precision = dates.local(stamp)
        if local is None:
            self.unread_dates.append((sender.line, stamp))
        self.posts.append(
            Post(
                locator=f"line/{sender.line}",
                sender=sender.said or None,
                text="\n".join([part.said for part in said if part.said]) or None,
                local=local,
                stamp=stamp,
                precision=precision,
                media=[m for p in parts for m in p.media],
                given=[g for p in parts for g in p.given],
                links=tuple([link for p in behind for link in p.links]),
            )
        )
        parent.parts, parent.words, parent.media, parent.given = [], [], [], []

    def _point(self, tag: str, uri: str) -> None:
        """What an element points at: a file of the export, or a link."""
        if tag not in ("img", "video", "audio", "source", "a") or uri.startswith("#"):
            return
        if "://" in uri or uri.startswith("mailto:"):
            self._open[-1].links.append(uri)
        else:
            media = Media(uri.removeprefix("../" * 5), kind_of_file(f"/{uri}"))
            if all(known.uri != media.uri for part in self._open for known in part.media):
                self._open[-1].media.append(media)


@lru_cache(1024)
def _attributes(attributes: str) -> tuple[str, str]:
    """The style in a tag's attributes, and what they point at; of two of a name the last counts."""
    given = {name: unescape(value) for name, value in _ATTRIBUTE.findall(attributes)}
    return given.get("class", ""), given.get("src") or given.get("href") or ""


def _within(part: _Part) -> Iterator[_Part]:
    """A part, and all parts in it."""
    yield part
    for child in part.parts:
        yield from _within(child)


def _into(parent: _Part, part: _Part) -> None:
    """What is only marked up belongs to the element around it."""
    parent.words += part.words
    parent.media += part.media
    parent.links += part.links
    parent.given += part.given


def _reaction(text: str) -> Given:
    """A reaction: a sign, and behind it the name of who gave it."""
    for offset, sign in enumerate(text):
        if sign.isalpha():
            return Given(text[:offset].strip() or None, text[offset:].strip())
    return Given(text.strip(), None)


def read(found: Found) -> Iterator[Row]:
    """Read a page of a thread."""
    thread = Thread(found, "html", mends=False)
    thread.basis = TimeBasis.EXPORT_LOCAL
    page = _Page()
    has_begun = False
    with found.open() as file:
        for chunk in pieces(file, size=_CHUNK):
            page.feed(chunk)
            if page.heading and not has_begun:
                has_begun = True
                _know(thread, page)
            yield from _passed(thread, page)
    page.finish()
    if not has_begun:
        _know(thread, page)
    yield from _passed(thread, page)
    _report(thread, page)
    yield from thread.end()


def _passed(thread: Thread, page: _Page) -> Iterator[Row]:
    """Rows of the posts that are complete; of several on one line each has its own rank."""
    for post in page.posts:
        post.locator = f"{post.locator}/message/{thread.tally.count('message')}"
        yield from thread.rows(post)
    page.posts.clear()


def _know(thread: Thread, page: _Page) -> None:
    thread.title = page.title.strip() or None
    if page.heading:
        names, line = page.heading
        shown = (n.strip() for n in _AND.split(names))
        thread.participants = [(n, f"line/{line}") for n in dict.fromkeys(shown) if n]
    thread.begin()


def _report(thread: Thread, page: _Page) -> None:
    if page.unread_dates:
        line, stamp = page.unread_dates[0]
        thread.report(f"line/{line}", "unknown_date", n=len(page.unread_dates), value=stamp)
    if not page.has_ended:
        thread.report("file", "no_end")
    if page.too_deep or page.left_over:
        thread.report("file", "structure", n=page.too_deep + page.left_over)
