"""A broken record costs itself, and what is lost is told."""

from __future__ import annotations

import io
import json
import random

import pytest

from clew.facts.json_stream import Damage, Record, Stream

OPENED = ("/chats/list/*/messages", "/messages")


HEADS = {
    "/messages": (("id", "type"),),
    "/chats/list": (("name", "type"),),
    "/chats/list/*/messages": (("id", "type"),),
}


def read(data: bytes) -> list[Record | Damage]:
    return list(Stream(io.BytesIO(data), OPENED, HEADS))


def single(count: int, indent: int | None = 1) -> tuple[bytes, list[dict]]:
    messages = [
        {"id": n, "type": "message", "text": 'Grüße { [ " \\ ' * (n % 4)} for n in range(count)
    ]
    export = {"name": "Bakers", "type": "private_group", "messages": messages}
    return json.dumps(export, ensure_ascii=False, indent=indent).encode(), messages


def messages_of(found: list[Record | Damage]) -> list[Record]:
    return [f for f in found if isinstance(f, Record) and "/messages/" in f.pointer]


@pytest.mark.parametrize("indent", [None, 1])
def test_every_record_comes_with_its_pointer_and_its_byte(indent) -> None:
    data, messages = single(500, indent)
    found = messages_of(read(data))
    assert [f.value for f in found] == messages
    assert [f.pointer for f in found] == [f"/messages/{n}" for n in range(500)]
    for record in found:
        assert data[record.offset :].startswith(b"{")


def test_a_byte_order_mark_is_passed() -> None:
    data, messages = single(3)
    assert [f.value for f in messages_of(read(b"\xef\xbb\xbf" + data))] == messages


@pytest.mark.parametrize("seed", range(8))
def test_what_stands_before_a_tear_is_kept_and_the_tear_is_told(seed) -> None:
    data, messages = single(60)
    cut = random.Random(seed).randrange(80, len(data) - 1)
    found = read(data[:cut])
    whole = [f.value for f in messages_of(found)]
    assert whole == messages[: len(whole)]
    end_of_next = data.index(f'"id": {len(whole)},'.encode()) if len(whole) < 60 else len(data)
    assert cut <= data.find(b"}", end_of_next) + 1 or len(whole) == 60
    assert isinstance(found[-1], Damage)


@pytest.mark.parametrize("indent", [None, 1])
def test_a_hole_costs_the_records_it_touches_and_places_behind_it_are_bytes(indent) -> None:
    data, messages = single(400, indent)
    first, last = data.index(b'"id": 100,'), data.index(b'"id": 110,')
    damaged = data[:first] + bytes(last - first) + data[last:]
    found = read(damaged)
    kept = [f.value["id"] for f in messages_of(found)]
    assert kept[:100] == list(range(100))
    assert kept[-289:] == list(range(111, 400))
    assert len([f for f in found if isinstance(f, Damage)]) == 1
    behind = next(f for f in messages_of(found) if f.value["id"] == 111)
    assert behind.pointer == f"/messages/@{behind.offset}"
    assert [m["text"] for m in messages[111:]] == [
        f.value["text"] for f in messages_of(found)[-289:]
    ]


def test_after_a_hole_over_two_chats_no_message_goes_to_the_wrong_one() -> None:
    chats = [
        {"name": name, "type": "private_group", "messages": [
            {"id": n, "type": "message", "text": name} for n in range(20)
        ]} for name in ("one", "two", "three")
    ]  # fmt: skip
    data = json.dumps({"chats": {"list": chats}}, indent=1).encode()
    start = data.index(b'"id": 18,')
    end = data.index(b'"name": "two"') + 40
    found = read(data[:start] + bytes(end - start) + data[end:])
    names = {}
    for record in found:
        if isinstance(record, Record) and record.pointer.endswith("/name"):
            names[record.pointer.removesuffix("/name")] = record.value
    for record in messages_of(found):
        chat = record.pointer.partition("/messages/")[0]
        assert names[chat] == record.value["text"]
    assert {m.value["text"] for m in messages_of(found)} >= {"one", "three"}
    assert any(isinstance(f, Damage) for f in found)


def test_control_signs_as_telegram_writes_them_are_read() -> None:
    found = read(rb'{"messages": [{"id": 1, "type": "m", "text": "a\x0Bb\\x41"}]}')
    assert messages_of(found)[0].value["text"] == "a\x0bb\\x41"
    assert not [f for f in found if isinstance(f, Damage)]


def test_bytes_that_are_no_text_are_written_out_and_counted() -> None:
    stream = Stream(io.BytesIO(b'{"messages": [{"id": 1, "type": "\xff\\ud83d"}]}'), OPENED, HEADS)
    (record,) = list(stream)
    assert record.value["type"] == "\\udcff\\ud83d"
    assert stream.mended == 1


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"nothing", b'{"messages": ', b'{"messages": [', b'{"a":' + b"[" * 200_000,
     b'{"messages": [{"id": 1, "type": "a"}, ', b"\0" * 5000, b'{"messages": [1, 2] ]',
     b'{"messages": [{"id": 1, "type": "' + b"\\" * 99],
)  # fmt: skip
def test_what_is_no_export_is_told(data) -> None:
    assert any(isinstance(f, Damage) for f in read(data))


def test_a_file_full_of_damage_ends() -> None:
    found = read(b'{"messages": [' + b'{"id": 1, "type": !},' * 20_000)
    assert 100 < len([f for f in found if isinstance(f, Damage)]) <= 1000


def test_records_longer_than_what_is_read_at_once_are_whole() -> None:
    long = "x" * (3 << 20)
    data = json.dumps({"messages": [{"id": 1, "type": long}, {"id": 2, "type": "m"}]}).encode()
    assert [len(f.value["type"]) for f in messages_of(read(data))] == [3 << 20, 1]
