"""Exports of a million messages, generated for bench/readers.py: benign, and of one size each.

usage: python bench/exports.py FORMAT MESSAGES FILE

FORMAT is telegram, messenger, messenger-html or discord. Names of files matter to some readers:
result.json, message_1.json, message_1.html.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

WORDS = ("bread", "flour", "oven", "yeast", "rye", "crumb", "salt", "water", "crust", "Grüße")
PEOPLE = 135
START = 1_665_499_755


def words(n: int) -> str:
    said = " ".join(WORDS[(n * k) % len(WORDS)] for k in range(1, 9 + n % 5))
    return f"{said} https://example.org/{n}" if n % 33 == 0 else said


def telegram(n: int) -> dict[str, Any]:
    who = n * 7919 % PEOPLE
    said = words(n)
    message = {
        "id": n + 1,
        "type": "message",
        "date": f"2022-10-{1 + n % 28:02}T{n // 3600 % 24:02}:{n // 60 % 60:02}:{n % 60:02}",
        "date_unixtime": str(START + n),
        "from": f"Baker {who}",
        "from_id": f"user{1000 + who}",
    }
    if n % 10 == 0:
        message |= {"photo": f"photos/photo_{n}.jpg", "width": 800, "height": 600}
    if n % 50 == 1:
        message |= {"reply_to_message_id": n}
    return {**message, "text": said, "text_entities": [{"type": "plain", "text": said}]}


def messenger(n: int) -> dict[str, Any]:
    message: dict[str, Any] = {
        "sender_name": f"Baker {n * 7919 % PEOPLE}",
        "timestamp_ms": (START - n) * 1000,
        "content": words(n).encode().decode("latin-1"),
        "type": "Generic",
        "is_unsent": False,
    }
    if n % 10 == 0:
        uri = f"messages/inbox/bakers_1/photos/{n}.jpg"
        message["photos"] = [{"uri": uri, "creation_timestamp": START}]
    if n % 20 == 0:
        heart = "❤".encode().decode("latin-1")
        message["reactions"] = [{"reaction": heart, "actor": f"Baker {n % PEOPLE}"}]
    return message


def discord(n: int) -> dict[str, Any]:
    who = n * 7919 % PEOPLE
    author = {
        "id": str(10**17 + who), "name": f"baker{who}", "discriminator": "0000",
        "nickname": f"Baker {who}", "color": None, "isBot": False, "roles": [], "avatarUrl": "",
    }  # fmt: skip
    files = [{"id": str(n), "url": f"f/{n}.jpg", "fileName": f"{n}.jpg", "fileSizeBytes": n}]
    return {
        "id": str(9 * 10**17 + n), "type": "Default",
        "timestamp": f"2022-10-{1 + n % 28:02}T{n // 3600 % 24:02}:{n // 60 % 60:02}:00.5+00:00",
        "timestampEdited": None, "callEndedTimestamp": None, "isPinned": False,
        "content": words(n), "author": author, "attachments": files if n % 10 == 0 else [],
        "embeds": [], "stickers": [], "reactions": [], "mentions": [], "inlineEmojis": [],
    }  # fmt: skip


def page(n: int) -> str:
    clock = f"{1 + n % 12}:{n % 60:02} {'AP'[n % 2]}M"
    return (
        f'<div class="pam _3-95 _2pi0 _2lej uiBoxWhite noborder">'
        f'<div class="_3-96 _2pio _2lek _2lel">Baker {n * 7919 % PEOPLE}</div>'
        f'<div class="_3-96 _2let"><div><div></div><div>{words(n)}</div><div></div></div></div>'
        f'<div class="_3-94 _2lem">Oct {1 + n % 28}, 2022, {clock}</div></div>\n'
    )


NAMES = json.dumps([{"name": f"Baker {n}"} for n in range(PEOPLE)])
FRAMES = {
    "telegram": ('{"name": "Bakers", "type": "private_supergroup", "id": 777, "messages": [', "]}"),
    "messenger": (
        f'{{"participants": {NAMES}, "messages": [',
        '], "title": "Bakers", "thread_path": "inbox/bakers_1"}',
    ),
    "discord": (
        (
            '{"guild": {"id": "1", "name": "Bakery"}, "channel": {"id": "2", '
            '"type": "GuildTextChat", "name": "bread"}, "messages": ['
        ),
        "]}",
    ),
    "messenger-html": (
        (
            "<html><head><title>Bakers</title></head><body><div>"
            "<div><div>Participants: Baker 1, Baker 2 and Baker 3</div></div>"
        ),
        "</div></body></html>",
    ),
}
RECORDS = {"telegram": telegram, "messenger": messenger, "discord": discord}


def parts(kind: str, messages: int) -> Iterator[str]:
    """Text of an export, piece by piece."""
    first, last = FRAMES[kind]
    yield first
    for n in range(messages):
        if kind == "messenger-html":
            yield page(n)
        else:
            yield ",\n" * (n > 0) + json.dumps(RECORDS[kind](n), indent=1, ensure_ascii=False)
    yield last


def writer(kind: str) -> Callable[[Path, int], None]:
    """What writes an export of a kind."""

    def write(path: Path, messages: int) -> None:
        with path.open("w", encoding="utf-8") as out:
            out.writelines(parts(kind, messages))

    return write


FORMATS = {
    "telegram": (writer("telegram"), "result.json"),
    "messenger": (writer("messenger"), "message_1.json"),
    "messenger-html": (writer("messenger-html"), "message_1.html"),
    "discord": (writer("discord"), "channel.json"),
}


def main() -> None:
    """Write one export."""
    kind, messages, file = sys.argv[1:]
    writer(kind)(Path(file), int(messages))


if __name__ == "__main__":
    main()
