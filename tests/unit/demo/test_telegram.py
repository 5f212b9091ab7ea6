"""Telegram's export has the chats of the holder up to the seizure, as its reader takes them."""

from __future__ import annotations

import json

import pytest
from builders.found import found

from clew.demo import small
from clew.demo.telegram import TelegramExport
from clew.demo.world import imagine
from clew.facts.readers.telegram_desktop import READER
from clew.records import Message


@pytest.fixture(scope="module")
def export(tmp_path_factory):
    world = imagine(small())
    laptop = next(d for d in world.devices if d.kind == "laptop")
    file = tmp_path_factory.mktemp("telegram") / "result.json"
    return world, file, TelegramExport(world, laptop).write(file)


def test_it_has_as_many_messages_as_it_says(export) -> None:
    _, file, written = export
    chats = json.loads(file.read_text())["chats"]["list"]
    assert written == sum(len(chat["messages"]) for chat in chats) > 0


def test_the_reader_reads_every_message(export) -> None:
    _, file, written = export
    rows = READER.read(found(file, "result.json", "application/json"))
    read = [r for r in rows if isinstance(r, Message)]
    assert len(read) == written


def test_who_is_in_no_telegram_group_has_no_export(export, tmp_path) -> None:
    world, *_ = export
    groups = world.groups
    alone = next(d for d in world.devices if not any(
        groups.all[m.group].telegram for m in groups.of_person.get(d.holder, ())))  # fmt: skip
    assert TelegramExport(world, alone).write(tmp_path / "x.json") == 0
    assert not (tmp_path / "x.json").exists()
