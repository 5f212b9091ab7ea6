"""DiscordChatExporter's JSON: one channel, thread or direct chat, or a part of one.

``guild`` and ``channel`` come first, then ``messages``, each with its author, and at the end how
many there are. Ids are snowflakes, the same for everybody, so that two exports of one channel, and
the parts of one export, hold the same messages under the same keys.

References:
    - docs/formats/discord.md
    - Tyrrrz/DiscordChatExporter, DiscordChatExporter.Core/Exporting/JsonMessageWriter.cs

"""

import re
from collections.abc import Iterator

from clew import records
from clew.facts import exports
from clew.facts.json_stream import Stream
from clew.facts.json_values import head
from clew.facts.reader_api import Found, Probe, Reader
from clew.facts.readers.discord_exporter.messages import Messages
from clew.schema import Batch, Row

KIND = "discord.exporter.json"
_OPENED = ("/messages",)
_HEADS = {"/messages": (("id", "type"),)}
_FIRST = re.compile(r'\{\s*"guild"\s*:\s*\{')
_CHANNEL = re.compile(r'"channel"\s*:\s*\{')


def probe(found: Found) -> Probe | None:
    """Take an object that begins with a guild and a channel."""
    text = head(found.open())
    return Probe(KIND, 0.9) if _FIRST.match(text) and _CHANNEL.search(text) else None


def read(found: Found) -> Iterator[Row | Batch]:
    """Read in one pass: the channel stands before its messages."""
    export = Messages(found)
    channel = export.channel
    with found.open() as file:
        for met in export.through(Stream(file, _OPENED, _HEADS)):
            if met.pointer.startswith("/messages/"):
                yield from export.rows(met.value, met.pointer)
            else:
                channel.know(met.pointer[1:], met.value)
    yield from channel.rows(export.fact)
    seen = export.tally.count("message")
    if channel.stated not in (None, seen):
        export.report("/messageCount", "count_differs", stated=channel.stated, n=seen)
    yield from export.last(
        kind=KIND,
        generation=channel.type_raw,
        tz_basis=records.TimeBasis.EXPORT_LOCAL if export.has_local else records.TimeBasis.UTC,
    )


READER = Reader(
    name="discord-exporter",
    version="2",
    files=("*.json",),
    probe=probe,
    rows_of=read,
    yields=(
        *exports.TABLES, records.Invite, records.Call, records.Reaction,
        records.Unread,
    ),
    knows=("DiscordChatExporter 2.x, JSON, whole or in parts",),
    cannot=(
        "its HTML, CSV and text exports",
        "members who posted nothing",
        "pictures that are only linked to",
    ),
)  # fmt: skip
