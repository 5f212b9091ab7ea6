"""Threads of Messenger in JSON: classic exports, and those of encrypted chats."""

from collections.abc import Iterator

from clew.facts import exports
from clew.facts.json_stream import Damage, Stream
from clew.facts.json_values import Json, a_dict, a_list, a_number, a_text
from clew.facts.reader_api import Found
from clew.facts.readers.messenger.thread import Given, Media, Post, Thread, kind_of_file
from clew.records import MessageKind, TimePrecision
from clew.schema import Row

_OPENED = ("/messages", "/participants")
_HEADS = {
    "/messages": (
        ("sender_name", "timestamp_ms"), ("isUnsent", "media"), ("senderName", "text"),
        ("timestamp_ms", "sender_name"),
    ),
}  # fmt: skip
_MEDIA = {
    "photos": MessageKind.IMAGE,
    "videos": MessageKind.VIDEO,
    "audio_files": MessageKind.AUDIO,
    "files": MessageKind.DOCUMENT,
    "gifs": MessageKind.GIF,
}
_HEADER = frozenset({
    "participants", "messages", "title", "thread_path", "thread_type", "is_still_participant",
    "joinable_mode", "threadName",
})  # fmt: skip
_MILLISECONDS_FROM = 1 << 36
"""A number from which a time must be in milliseconds."""


def read(found: Found) -> Iterator[Row]:
    """Read in two passes: the thread first, which is named behind its messages."""
    header: Json = {}
    is_encrypted = False
    with found.open() as file:
        for met in Stream(file, _OPENED, _HEADS):
            if isinstance(met, Damage):
                continue
            if met.pointer.startswith("/messages/"):
                is_encrypted |= "senderName" in a_dict(met.value)
            elif met.pointer.startswith("/participants/"):
                header.setdefault("participants", []).append((met.value, met.pointer))
            else:
                header[met.pointer[1:]] = met.value
    is_encrypted |= "threadName" in header
    generation = "json, encrypted chats" if is_encrypted else "json"
    thread = Thread(found, generation, mends=not is_encrypted)
    _know(thread, header)
    thread.begin()
    with found.open() as file:
        for met in thread.through(Stream(file, _OPENED, _HEADS)):
            if not met.pointer.startswith("/messages/"):
                continue
            if isinstance(met.value, dict):
                made = _encrypted if "senderName" in met.value else _classic
                yield from thread.rows(made(met.value, met.pointer))
            else:
                thread.tally.skipped("message", "not_a_message")
    yield from thread.end()


def _know(thread: Thread, header: Json) -> None:
    thread.path = a_text(header.get("thread_path"))
    thread.title = a_text(header.get("title")) or a_text(header.get("threadName"))
    thread.type_raw = a_text(header.get("thread_type"))
    thread.invite = a_text(a_dict(header.get("joinable_mode")).get("link"))
    if isinstance(still := header.get("is_still_participant"), bool):
        thread.is_still_participant = still
    for value, pointer in header.get("participants", ()):
        if name := a_text(value) or a_text(a_dict(value).get("name")):
            thread.participants.append((name, pointer))
    for key in sorted(set(header) - _HEADER):
        thread.tally.not_read(key, "no_message", 1)


def _classic(message: Json, pointer: str) -> Post:
    share = a_dict(message.get("share"))
    words = [a_text(message.get("content")), a_text(share.get("share_text"))]
    link = a_text(share.get("link"))
    users = (a_text(a_dict(u).get("name")) for u in a_list(message.get("users")))
    at = exports.milliseconds(message.get("timestamp_ms"))
    marks = sorted(k for k, v in message.items() if v is True and k.startswith("is_"))
    return Post(
        locator=pointer,
        sender=a_text(message.get("sender_name")),
        text="\n".join(w for w in words if w) or None,
        at=at,
        precision=TimePrecision.MILLISECOND if at else None,
        type_raw=a_text(message.get("type")),
        media=list(_media(message)),
        given=list(_given(message)),
        links=(link,) if link else (),
        users=tuple(u for u in users if u),
        call_seconds=a_number(message.get("call_duration")),
        missed=message.get("missed") is True,
        unsent=message.get("is_unsent") is True,
        marks=" ".join(marks) or None,
    )


def _media(message: Json) -> Iterator[Media]:
    for key, kind in _MEDIA.items():
        for file in a_list(message.get(key)):
            if uri := a_text(a_dict(file).get("uri")):
                yield Media(uri, kind)
    if uri := a_text(a_dict(message.get("sticker")).get("uri")):
        yield Media(uri, MessageKind.STICKER)


def _given(message: Json) -> Iterator[Given]:
    for reaction in map(a_dict, a_list(message.get("reactions"))):
        number = a_number(reaction.get("timestamp"))
        is_long = number is not None and number >= _MILLISECONDS_FROM
        at = exports.milliseconds(number) if is_long else exports.seconds(number)
        yield Given(a_text(reaction.get("reaction")), a_text(reaction.get("actor")), at)


def _encrypted(message: Json, pointer: str) -> Post:
    at = exports.milliseconds(message.get("timestamp"))
    uris = (a_text(a_dict(m).get("uri")) for m in a_list(message.get("media")))
    return Post(
        locator=pointer,
        sender=a_text(message.get("senderName")),
        text=a_text(message.get("text")),
        at=at,
        precision=TimePrecision.MILLISECOND if at else None,
        type_raw=a_text(message.get("type")),
        media=[Media(uri, kind_of_file(uri)) for uri in uris if uri],
        given=list(_given(message)),
        unsent=message.get("isUnsent") is True,
    )
