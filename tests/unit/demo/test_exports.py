"""Exports as text are what the reader of them expects, and each line leads to its message."""

from __future__ import annotations

import random

import pytest

from clew.demo import small
from clew.demo.exports import TextExports, styles
from clew.demo.retained import kept
from clew.demo.world import imagine


@pytest.fixture(scope="module")
def exports(tmp_path_factory):
    world = imagine(small())
    phone = next(d for d in world.devices if d.is_phone and len(d.since) > 3)
    messages = [k for k in kept(world, phone, random.Random(1))
                if k.message.group is not None
                and not world.groups.all[k.message.group].telegram]  # fmt: skip
    writer = TextExports(world, phone, random.Random(1))
    folder = tmp_path_factory.mktemp("exports")
    documents = list(writer.documents(folder / "Chats", messages, 5))
    archives = list(writer.archives(folder, messages))
    return folder, documents, archives, {k.message.key for k in messages}


def test_each_key_stands_at_the_line_that_begins_its_message(exports) -> None:
    _, documents, archives, keys = exports
    for _, export in (*documents, *archives):
        lines = export.text.decode().splitlines()
        assert export.keys
        for where, key in export.keys.items():
            assert key in keys
            line = lines[int(where.removeprefix("line/")) - 1]
            assert line[:1] in "[0123456789"


def test_documents_are_in_several_languages_and_have_notices(exports) -> None:
    folder, documents, _, _ = exports
    assert len({export.name.split(" ")[0] for _, export in documents}) >= 3
    for _, export in documents:
        assert export.lines == len(export.keys) + 2
    assert list((folder / "Chats").glob("*.zip"))


def test_every_language_has_a_style_of_its_own() -> None:
    assert len({style.clock + style.header for style in styles().values()}) == len(styles()) == 5
    assert sum(style.ios for style in styles().values()) == 1
