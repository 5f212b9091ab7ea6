"""Facebook Messenger's exports: JSON and HTML of 2019 to 2026, and those of encrypted chats.

A thread is a folder with ``message_1.json`` (or ``.html``), ``message_2.json`` and so on, newest
first, ten thousand messages each; each file is a source of its own. There are no ids: people are
names, which mean somebody only within their thread. JSON of the classic kind holds UTF-8 that was
taken for Latin-1; it is mended, and the text as it stands is kept beside it.

References:
    - docs/formats/messenger.md

"""

import re
from collections.abc import Iterator

from clew import records
from clew.facts import exports
from clew.facts.reader_api import Found, Probe, Reader
from clew.facts.readers.messenger import documents, pages
from clew.facts.readers.messenger.thread import KIND
from clew.schema import Batch, Row

_CLASSIC = re.compile(r'"(?:sender_name|thread_path|timestamp_ms)"\s*:')
_ENCRYPTED = re.compile(r'"(?:threadName|senderName)"\s*:')
_IN_THREAD = re.compile(
    r"(?:^|/)messages/(?:inbox|archived_threads|filtered_threads|message_requests|e2ee_cutover)"
    r"/[^/]+/message_\d+\.(?:json|html)$",
    re.IGNORECASE,
)
_STYLE = re.compile(r'class="[^"]*(?:_a6-g|_2lej|_3b0d|_2lek|_a706)')
_NAMES = re.compile(
    r"Participants?\s*:|Participantes\s*:|Partecipanti\s*:|Teilnehmer\s*:|Deelnemers\s*:"
)
_POST = re.compile(r'"sender_name"\s*:(?=.*"timestamp_ms"\s*:)', re.DOTALL)


def probe(found: Found) -> Probe | None:
    """Take an object or page of a thread, by its names and by where it lies."""
    lies_there = _IN_THREAD.search(found.path) is not None
    if found.begins.form in ("html", "xml"):
        text, is_named = found.head("html", "xml"), READER.wants(found.path, None)
        signs = [pattern.search(text) is not None for pattern in (_STYLE, _NAMES)]
        is_page = any(signs) if is_named else all(signs)
        return Probe(KIND, 0.9 if lies_there else 0.6) if is_page or lies_there else None
    text = found.head("json")
    is_known = _CLASSIC.search(text) or _ENCRYPTED.search(text)
    if '"participants"' in text and is_known:
        return Probe(KIND, 0.9)
    if '"messages"' in text and _POST.search(text):  # Instagram's may lack its participants
        return Probe(KIND, 0.8)
    return Probe(KIND, 0.5) if lies_there else None


def read(found: Found) -> Iterator[Row | Batch]:
    """Read a file of a thread."""
    is_page = found.begins.form != "json" and found.name.casefold().endswith(".html")
    is_page |= found.begins.form in ("html", "xml")
    yield from pages.read(found) if is_page else documents.read(found)


READER = Reader(
    name="messenger",
    version="2",
    files=("*.json", "message*.html"),
    forms=("json", "html"),
    probe=probe,
    rows_of=read,
    yields=(*exports.TABLES, records.Invite, records.Call, records.Reaction, records.Unread),
    knows=("JSON, 2018 to 2026", "HTML, 2019 to 2026", "JSON of encrypted chats, 2024 to 2026"),
    cannot=(
        "one messages.htm for all threads, as before 2018",
        "who of the participants holds the account",
        "notices of a group that are written as text only",
        "dates of HTML in languages other than en, es, pt, it, fr, de, nl: kept as found",
    ),
)  # fmt: skip
