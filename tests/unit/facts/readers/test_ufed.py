"""UFED reports: hostile XML, deleted records, hashes, times, and what is told rather than lost."""

from __future__ import annotations

import json
import re
import sqlite3
import xml.etree.ElementTree as ET
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from clew.facts.reader_api import SQLITE, Found
from clew.facts.readers.signal import READER as SIGNAL
from clew.facts.readers.telegram_desktop import READER as TELEGRAM
from clew.facts.readers.ufed import READER, stream
from clew.facts.readers.ufed.model import read_time
from clew.facts.readers.ufed.people import address, platform_of
from clew.records import (
    Account,
    Call,
    Chat,
    Contact,
    GroupEvent,
    Invite,
    Message,
    MessagePlace,
    RecoveredMessage,
    RecoveredRow,
    RecoveredShare,
    Share,
    Source,
    SourceRows,
    Unread,
)

GOLDEN = Path(__file__).parents[3] / "golden" / "ufed" / "report5" / "report.xml"
REPORT = GOLDEN.read_text(encoding="utf-8")


def read(tmp_path: Path, data: bytes | str) -> dict[type, list[Any]]:
    file = tmp_path / "report.xml"
    file.write_bytes(data.encode() if isinstance(data, str) else data)
    found = Found(exhibit_id="ES-07", item_id="0" * 20, source_id="a" * 64, path="r/report.xml",
                  media_type="text/xml", file=file)  # fmt: skip
    rows: dict[type, list[Any]] = {}
    for row in READER.read(found):
        rows.setdefault(type(row), []).append(row)
    return rows


def codes(rows: dict[type, list[Any]]) -> set[str]:
    return {row.code for row in rows.get(Unread, [])}


def texts(rows: dict[type, list[Any]]) -> list[str | None]:
    return [row.text for row in rows.get(Message, [])]


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))


@pytest.mark.parametrize(
    "doctype",
    [
        f'<!DOCTYPE project [<!ENTITY l0 "ha">{LAUGHS}]>',
        '<!DOCTYPE project [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE project SYSTEM "http://192.0.2.1/report.dtd">',
        "<!DOCTYPE project>",
    ],
)
def test_a_declared_document_type_is_refused_and_nothing_expanded(tmp_path, doctype) -> None:
    body = REPORT.replace("<project", f"{doctype}<project", 1).replace("and rolls?", "&l11;&x;")
    rows = read(tmp_path, body)
    assert codes(rows) >= {"declares_type"}
    assert Message not in rows


def test_an_entity_that_nothing_declares_ends_the_reading_and_is_told(tmp_path) -> None:
    rows = read(tmp_path, REPORT.replace('name="bakery"', 'name="&x;"', 1))
    assert codes(rows) == {"damaged"}


def test_elements_that_nest_without_end_are_told(tmp_path) -> None:
    head = REPORT[: REPORT.index("<decodedData>")]
    assert "too_deep" in codes(read(tmp_path, head + "<a>" * 200_000))
    assert "too_deep" in codes(read(tmp_path, head + "<a>" * 5000 + "</a>" * 5000 + "</project>"))
    field = '<model type="Contact" deleted_state="Deleted"><field name="x">'
    nested = field * 450 + "</field></model>" * 450
    assert Source in read(tmp_path, f"{head}{nested}</project>")


@pytest.mark.parametrize("shape", ["attribute", "text", "children"])
def test_one_element_without_end_is_told_and_what_stands_before_is_read(
    tmp_path, monkeypatch, shape
) -> None:
    monkeypatch.setattr(stream, "LARGEST", 1 << 20)
    end = REPORT.index("</decodedData>")
    huge = {
        "attribute": '<model type="Chat" id="' + "x" * (3 << 20),
        "text": '<model type="Chat"><field name="Body">' + "x" * (3 << 20),
        "children": '<model type="Chat">' + "<field/>" * (3 << 17),
    }[shape]
    rows = read(tmp_path, REPORT[:end] + huge)
    assert "too_large" in codes(rows)
    assert len(rows[Message]) == 6


def test_memory_does_not_grow_with_the_messages_of_a_chat(tmp_path) -> None:
    start = REPORT.index('<model type="InstantMessage"', REPORT.index('name="Messages"'))
    end = REPORT.index('</multiModelField>\n</model>\n<model type="Chat"', start)
    one = REPORT[start:end]
    held = []
    source = iter([REPORT[:start], *([one] * 60), REPORT[end:]])
    for unit in stream.units(source):  # type: ignore[arg-type]
        if unit.chat is not None:
            (field,) = [c for c in unit.chat if c.get("name") == "Messages"]
            held.append(len(field))
    assert len(held) > 400
    assert max(held) <= 14


WRITTEN = [
    ("plain", lambda m, n: m),
    ("other-lines", lambda m, n: m.replace("\n", "\r\n")),
    ("no-lines", lambda m, n: m.replace("\n", "")),
    ("quotes", lambda m, n: m.replace('deleted_state="Intact"', "deleted_state='Intact'")),
    ("references", lambda m, n: m.replace("crumbs", "crumbs &amp; &#233;") if n % 3 else m),
    ("brackets", lambda m, n: m.replace("crumbs", "]] crumbs ]> <b>") if n % 3 else m),
    ("two-pieces", lambda m, n: m.replace("crumbs", "a]]><![CDATA[b") if n % 3 else m),
    ("no-section", lambda m, n: m.replace("<![CDATA[", "").replace("]]>", "")),
    ("empty", lambda m, n: m.replace(f"crumbs {n}", "") if n % 3 else m),
    ("deleted", lambda m, n: m.replace("Intact", "Deleted") if n % 4 == 3 else m),
    ("more-fields", lambda m, n: m.replace("</model>", "<field name='x'/></model>", n % 3)),
    ("comment", lambda m, n: f'<!-- </model>\n<model type="InstantMessage"> -->{m}'),
    ("in-section", lambda m, n: m.replace("crumbs", '</model>\n<model type="InstantMessage">')),
    ("other-space", lambda m, n: m.replace(" id=", ' xmlns="urn:x" id=', 1) if n % 3 else m),
    ("cut-off", lambda m, n: m if n < 40 else m[: len(m) // 2]),
    ("broken", lambda m, n: m if n != 40 else m.replace("</field>", "</fold>", 1)),
]  # fmt: skip


@pytest.mark.parametrize("write", [w for _, w in WRITTEN], ids=[name for name, _ in WRITTEN])
@pytest.mark.parametrize("piece", [1 << 16, 1500])
def test_a_message_known_by_its_shape_reads_as_if_it_was_parsed(
    tmp_path, monkeypatch, write, piece
) -> None:
    start = REPORT.index('<model type="InstantMessage"', REPORT.index('name="Messages"'))
    end = REPORT.index('<model type="InstantMessage"', start + 1)
    messages = [
        write(re.sub("Fresh bread[^]]*", f"crumbs {n}", REPORT[start:end]), n) for n in range(60)
    ]
    report = f"{REPORT[:start]}{''.join(messages)}{REPORT[end:]}"
    monkeypatch.setattr(stream, "_CHUNK", piece)
    fitted = []
    fit = stream.Shapes.fit
    monkeypatch.setattr(stream.Shapes, "fit", lambda *a: (f := fit(*a)) and (fitted.append(f) or f))
    quick = read(tmp_path, report)
    monkeypatch.setattr(stream.Shapes, "fit", lambda *_: None)
    assert quick == read(tmp_path, report)
    if write is WRITTEN[0][1]:
        assert len(fitted) >= 50


def test_shapes_are_learned_only_while_they_are_of_use() -> None:
    shapes = stream.Shapes()
    for n in range(100):
        text = f'<model id="{n}"><field{n} name="x"/></model>'
        shapes.learn(text, ET.fromstring(text))
    assert shapes.fit('<model id="y"><field3 name="x"/></model>', 0, "")
    assert shapes.fit('<model id="y"><field90 name="x"/></model>', 0, "") is None


@pytest.mark.parametrize(
    "text",
    [
        '<model id="1"><value>a<![CDATA[b]]></value></model>',
        '<model id="1"><value><b/>a</value></model>',
        '<model id="1"><value>a&amp;b</value></model>',
        '<model id="1"><!-- c --><value>a</value></model>',
        '<model id="1" xmlns:y="u"><y:value>a</y:value></model>',
        "<model id='1'><value>a</value></model>",
        '<model id="1">\r<value>a</value></model>',
        '<model id="a\tb"><value>a</value></model>',
    ],
)
def test_what_a_pattern_can_not_be_sure_of_is_no_shape(text) -> None:
    shapes = stream.Shapes()
    shapes.learn(text, ET.fromstring(text))
    assert shapes.fit(text, 0, "") is None


@pytest.mark.parametrize(
    ("value", "fits"),
    [("b ]] c > d", True), ("b\nc", True), ("", True), ("a]]>b", False), ("a\rb", False)],
)
def test_a_value_fits_where_it_can_not_change_the_markup(value, fits) -> None:
    written = '<model id="{}"><value><![CDATA[{}]]></value></model>'
    shapes = stream.Shapes()
    text = written.format("1", "crumbs")
    shapes.learn(text, ET.fromstring(text))
    found = shapes.fit(written.format("2", value), 0, "")
    assert (found is not None) is fits
    if found:
        shape, match = found
        model = shape.filled(match.groups())
        assert (model.get("id"), model[0].text) == ("2", value or None)


def test_damage_is_told_with_its_place_in_the_report(tmp_path) -> None:
    start = REPORT.index('<model type="InstantMessage"', REPORT.index('name="Messages"'))
    end = REPORT.index('<model type="InstantMessage"', start + 1)
    for between in ("", "\n", "\n   "):
        body = REPORT[:start] + (REPORT[start:end] + between) * 30
        rows = read(tmp_path, f"{body} ab & c")
        (told,) = [u.figures for u in rows[Unread] if u.code == "damaged"]
        with pytest.raises(ET.ParseError) as whole:
            ET.fromstring(f"{body} ab & c")
        assert told == (f"cause={whole.value}",)


def test_what_the_tool_calls_deleted_is_in_no_live_table(tmp_path) -> None:
    rows = read(tmp_path, REPORT)
    assert {row.text for row in rows[RecoveredMessage]} == {"gone crumbs", "bin", "was here"}
    assert not {"gone crumbs", "bin", "was here"} & set(texts(rows))
    assert [row.name for row in rows[RecoveredShare]] == ["old.jpg"]
    assert "old.jpg" not in [row.name for row in rows[Share]]
    assert "signal:aa" not in [row.chat_id for row in rows[Chat]]
    assert "Old Oven" not in [row.display_name for row in rows[Contact]]


@pytest.mark.parametrize("state", ["Deleted", "Trash", "Nonsense"])
def test_a_state_that_is_not_plainly_live_is_never_live(tmp_path, state) -> None:
    rows = read(tmp_path, REPORT.replace('deleted_state="Intact"', f'deleted_state="{state}"'))
    for table in (Message, Share, Chat, Contact, Call, GroupEvent, Invite):
        assert table not in rows
    assert len(rows[RecoveredMessage]) == 9


def test_an_attachment_that_was_deleted_from_a_live_message_is_not_live(tmp_path) -> None:
    place = REPORT.index('<model type="Attachment"')
    changed = REPORT[:place] + REPORT[place:].replace('"Intact"', '"Deleted"', 1)
    rows = read(tmp_path, changed)
    assert [row.name for row in rows[Share]] == ["roll.jpg"]
    assert {row.name for row in rows[RecoveredShare]} == {"bread.jpg", "old.jpg"}


def test_hashes_are_kept_whichever_the_report_states(tmp_path) -> None:
    first, second = read(tmp_path, REPORT)[Share]
    assert (first.sha256, first.md5, first.path_exported) == (
        "a" * 64, "b" * 32, "files/Image/bread.jpg",
    )  # fmt: skip
    assert (second.sha256, second.md5, second.hash_basis) == (None, "c" * 32, "tool_report")


def test_files_that_are_listed_after_the_models_are_found_all_the_same(tmp_path) -> None:
    start, end = REPORT.index("<taggedFiles>"), REPORT.index("<decodedData>")
    moved = (REPORT[:start] + REPORT[end:]).replace(
        "</decodedData>", "</decodedData>" + REPORT[start:end]
    )
    assert {s.md5 for s in read(tmp_path, moved)[Share]} == {"b" * 32, "c" * 32}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_encoding_of_a_report_reads_the_same(tmp_path, encoding) -> None:
    rows = read(tmp_path, REPORT.replace("and rolls?", "y bollería").encode(encoding))
    assert texts(rows)[2] == "y bollería"
    assert len(rows[Message]) == 6


@pytest.mark.parametrize("odd", ["\x01", "&#x1;", "&#0;", "\x0b", "\uffff"])
def test_characters_that_xml_forbids_are_shown_and_told(tmp_path, odd) -> None:
    old = "<![CDATA[and rolls?]]>"
    rows = read(tmp_path, REPORT.replace(old, f"and{odd}rolls?"))
    assert texts(rows)[2] == "and\ufffdrolls?"
    assert "encoding" in codes(rows)


def test_a_report_without_a_namespace_reads_the_same_and_an_unknown_one_is_told(tmp_path) -> None:
    space = ' xmlns="http://pa.cellebrite.com/report/2.0"'
    assert texts(read(tmp_path, REPORT.replace(space, ""))) == texts(read(tmp_path, REPORT))
    newer = read(tmp_path, REPORT.replace("report/2.0", "report/3.0"))
    assert len(newer[Message]) == 6
    assert "unknown_version" in codes(newer)


@pytest.mark.parametrize("share", range(5, 100, 10))
def test_a_report_cut_off_anywhere_accounts_for_every_message_that_began(tmp_path, share) -> None:
    torn = REPORT[: len(REPORT) * share // 100]
    rows = read(tmp_path, torn)
    assert codes(rows) & {"truncated", "damaged"}
    (source,) = rows[Source]
    begun = re.findall(r'<model type="InstantMessage" id="([^"]+)"', torn)
    whole = {m.locator[6:42] for t in (Message, RecoveredMessage) for m in rows.get(t, [])}
    assert source.rows_seen == source.rows_emitted + source.rows_skipped
    assert source.rows_emitted == len(whole)
    assert len(set(begun)) - len(whole) <= 2


def test_two_models_with_one_id_stay_two_messages(tmp_path) -> None:
    ids = re.findall(r'<model type="InstantMessage" id="([^"]+)"', REPORT)
    rows = read(tmp_path, REPORT.replace(ids[1], ids[0]))
    events = [m.event_id for m in rows[Message]]
    assert len(events) == len(set(events)) == 6


def test_what_is_no_chat_is_counted_by_kind(tmp_path) -> None:
    rows = read(tmp_path, REPORT)
    (told,) = [u for u in rows[Unread] if u.code == "not_read"]
    assert (told.locator, told.severity) == ("modelType:Location", "info")
    assert [s.rows for s in rows[SourceRows] if s.source_table == "Location"] == [2]


def test_the_dump_of_a_later_version_is_recognised_and_not_read(tmp_path) -> None:
    rows = read(tmp_path, b"PGDMP\x01\x0e\x00" + bytes(200))
    assert codes(rows) == {"postgresql_dump"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2021-03-04T05:06:07.000+00:00", datetime(2021, 3, 4, 5, 6, 7, tzinfo=UTC)),
        ("2021-03-04T05:06:07.250+02:00", datetime(2021, 3, 4, 3, 6, 7, 250000, tzinfo=UTC)),
        ("2021-03-04T05:06:07Z", datetime(2021, 3, 4, 5, 6, 7, tzinfo=UTC)),
        ("2016-03-04 05:06:07(UTC+1)", datetime(2016, 3, 4, 4, 6, 7, tzinfo=UTC)),
        ("25/12/2016 11:06:07 PM(UTC+0)", datetime(2016, 12, 25, 23, 6, 7, tzinfo=UTC)),
        ("12/25/2016 05:06:07(UTC-05:30)", datetime(2016, 12, 25, 10, 36, 7, tzinfo=UTC)),
        ("03/04/2016 05:06:07(UTC+1)", None),
        ("0001-01-01T00:00:00+00:00", None),
        ("9999-12-31T23:59:59-14:00", None),
        ("soon", None),
    ],
)
def test_a_time_is_an_instant_or_is_left_open(text, expected) -> None:
    assert read_time(text).at == expected


@pytest.mark.parametrize(
    ("source", "identifier", "account"),
    [
        ("WhatsApp", "34600000001@s.whatsapp.net", "whatsapp:pn:34600000001"),
        ("WhatsApp Business", "+34 600 000 001", "whatsapp:pn:34600000001"),
        ("WhatsApp", "12345-678@g.us", None),
        ("Telegram", "1654984910", "telegram:user:1654984910"),
        ("Telegram", "user1654984910", "telegram:user:1654984910"),
        ("Telegram", "@Crumb_Maker", "telegram:username:crumb_maker"),
        ("Telegram", "Crumb_Maker", "telegram:username:crumb_maker"),
        ("Telegram", "-1001234567890", "telegram:channel:1234567890"),
        ("Telegram", "-77", "telegram:group:77"),
        ("Telegram", "+34600000001", "telegram:pn:34600000001"),
        ("Signal", "+34600000001", "signal:pn:34600000001"),
        ("Signal", "34600000001", "signal:pn:34600000001"),
        (
            "Signal",
            "11110000-0000-4000-8000-00000000000A",
            "signal:aci:11110000-0000-4000-8000-00000000000a",
        ),
        (
            "Signal",
            "PNI:11110000-0000-4000-8000-00000000000A",
            "signal:pni:11110000-0000-4000-8000-00000000000a",
        ),
        ("Facebook Messenger", "100001", "messenger:user:100001"),
        ("Instagram", "crumb_maker", "instagram:username:crumb_maker"),
        ("Kik", "oven@example.org", "kik:email:oven@example.org"),
    ],
)
def test_an_account_is_named_as_its_application_names_it(source, identifier, account) -> None:
    found = address(platform_of(source), identifier)
    assert (found and found.account_id) == account


def test_a_published_fragment_is_read_whole(fixtures, tmp_path) -> None:
    folder = fixtures / "chat" / "iped" / "iped-engine" / "src" / "test" / "resources"
    data = (folder / "ufed-model-chat.xml").read_bytes()
    rows = read(tmp_path, data)
    seen = Counter()
    for row in rows[SourceRows]:
        seen[row.source_table] += row.rows
    # the origin counts 14 messages and 7 attachments: its fragment writes one embedded message,
    # with its attachment, twice under one id
    ids = set(re.findall(rb'<model type="InstantMessage" id="([^"]+)"', data))
    assert seen["InstantMessage"] == len(ids) == 13
    assert seen["Attachment"] == 6
    assert (seen["Chat"], seen["ChatActivity"], len(rows[Message])) == (1, 1, 11)
    accounts = read(tmp_path, (folder / "ufed-model-useraccount.xml").read_bytes())[Account]
    assert [a.account_id for a in accounts if a.is_owner] == [
        "whatsapp:pn:5511999997777", "instagram:user:1212121212121212",
    ]  # fmt: skip


def chat_of(source: str, parties: list[str], activities: str = "") -> str:
    """A report with one chat, a message from each party."""
    field = '<field name="{}" type="String"><value type="String">{}</value></field>'.format
    messages = "".join(
        f'<model type="InstantMessage" id="m{n}" deleted_state="Intact">'
        f'<modelField name="From" type="Party"><model type="Party" id="p{n}">'
        f"{field('Identifier', party)}</model></modelField>{field('Body', f'loaf {n}')}</model>"
        for n, party in enumerate(parties)
    )
    return (
        '<project xmlns="http://pa.cellebrite.com/report/2.0"><decodedData>'
        '<model type="Chat" id="c1" deleted_state="Intact" decoding_confidence="Low">'
        f"{field('Source', source)}{field('Id', '555')}"
        f'<multiModelField name="Messages" type="InstantMessage">{messages}</multiModelField>'
        f'<multiModelField name="ActivityLog" type="ChatActivity">{activities}</multiModelField>'
        "</model></decodedData></project>"
    )


def test_an_id_of_telegram_names_the_account_that_an_export_names(tmp_path) -> None:
    said = {"type": "message", "date": "2023-03-01T12:00:00", "date_unixtime": "1677672000"}
    export = {
        "name": "Bakers", "type": "private_supergroup", "id": 555,
        "messages": [
            {"id": 1, **said, "from": "Ada", "from_id": "user7", "text": "bread"},
            {"id": 2, **said, "from": "Ovens", "from_id": "channel1234567890", "text": "rolls"},
            {"id": 3, **said, "from": "Old", "from_id": "chat77", "text": "rye"},
        ],
    }  # fmt: skip
    file = tmp_path / "result.json"
    file.write_text(json.dumps(export), encoding="utf-8")
    found = Found(exhibit_id="ES-07", item_id="1" * 20, source_id="b" * 64, path="result.json",
                  media_type="application/json", file=file)  # fmt: skip
    senders = [r.sender_account_id for r in TELEGRAM.read(found) if isinstance(r, Message)]
    rows = read(tmp_path, chat_of("Telegram", ["7", "-1001234567890", "-77"]))
    assert [row.sender_account_id for row in rows[Message]] == senders
    assert len(set(senders)) == 3


def test_an_id_of_signal_names_the_account_that_its_database_names(tmp_path) -> None:
    file = tmp_path / "signal.db"
    script = GOLDEN.parents[2] / "signal" / "android" / "signal.db.sql"
    with closing(sqlite3.connect(file)) as db:
        db.executescript(script.read_text(encoding="utf-8"))
        people = db.execute("SELECT aci, coalesce(pni, e164), _id FROM recipient WHERE _id <= 5")
        stated = [aci.upper() if aci else other for aci, other, _ in people if aci or other]
    found = Found(exhibit_id="ES-07", item_id="1" * 20, source_id="b" * 64, path="signal.db",
                  media_type=SQLITE, file=file)  # fmt: skip
    accounts = {r.account_id for r in SIGNAL.read(found) if isinstance(r, Account)}
    rows = read(tmp_path, chat_of("Signal", stated))
    named = {row.sender_account_id for row in rows[Message]}
    assert len(named) == len(stated) == 4
    assert named <= accounts


def test_activities_outside_the_messages_are_events_of_the_chat(tmp_path) -> None:
    def activity(number: int, action: str, state: str) -> str:
        return (
            f'<model type="ChatActivity" id="a{number}" deleted_state="{state}" '
            'decoding_confidence="Low" source_index="9" extractionId="2">'
            f'<field name="Action"><value>{action}</value></field>'
            '<field name="SystemMessageTimeStamp"><value>2024-03-01T08:04:00+00:00</value></field>'
            '<modelField name="Participant"><model type="Party" id="q"><field name="Identifier">'
            "<value>34600000001@s.whatsapp.net</value></field></model></modelField></model>"
        )

    within = activity(1, "ParticipantLeft", "Intact") + activity(2, "ParticipantAdded", "Deleted")
    within += activity(3, "ParticipantAteBread", "Intact")
    rows = read(tmp_path, chat_of("WhatsApp", ["34600000002@s.whatsapp.net"], within))
    assert [(e.action, e.action_raw, e.targets) for e in rows[GroupEvent]] == [
        ("left", "ParticipantLeft", ("whatsapp:pn:34600000001",)),
        ("unknown", "ParticipantAteBread", ("whatsapp:pn:34600000001",)),
    ]
    left = rows[GroupEvent][0]
    assert left.at == datetime(2024, 3, 1, 8, 4, tzinfo=UTC)
    assert left.locator == "model:a1;state=Intact;confidence=Low;source=9;extraction=2"
    (gone,) = rows[RecoveredRow]
    assert (gone.source_table, gone.locator.split(";")[1]) == ("ChatActivity", "state=Deleted")
    counted = {(r.source_table, r.became): r.rows for r in rows[SourceRows]}
    assert counted["ChatActivity", "group_events"] == 2
    assert counted["ChatActivity", "recovered_rows"] == 1


@pytest.mark.parametrize(("north", "east"), [("48.5", "2.25"), ("x", "2.25"), ("448", "2")])
def test_a_place_sent_in_a_message_stands_apart_from_it(tmp_path, north, east) -> None:
    place = (
        '<modelField name="Position" type="Coordinate"><model type="Coordinate" id="k">'
        f'<field name="Latitude"><value>{north}</value></field>'
        f'<field name="Longitude"><value>{east}</value></field></model></modelField>'
    )
    whole = chat_of("WhatsApp", ["34600000002@s.whatsapp.net"])
    end = "</model></multiModelField>"
    rows = read(tmp_path, whole.replace(end, place + end, 1))
    (message,) = rows[Message]
    assert message.kind == "location"
    if north == "48.5":
        (sent,) = rows[MessagePlace]
        assert (sent.latitude, sent.longitude) == (48.5, 2.25)
        assert sent.event_id == message.event_id
    else:
        assert MessagePlace not in rows
        assert "location" in codes(rows)
