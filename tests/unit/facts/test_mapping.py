"""A mapping is checked against the tables; what is wrong is named with its line."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from clew.errors import UsageError
from clew.facts.mapping import mapping_of

GOOD = (
    Path(__file__).parents[2] / "golden" / "csv_mapped" / "semicolon_local" / "mapping.yaml"
).read_text(encoding="utf-8")


def told(text: str) -> str:
    with pytest.raises(UsageError) as raised:
        mapping_of(text)
    return str(raised.value)


def test_a_good_mapping_says_what_is_read() -> None:
    mapping = mapping_of(GOOD)
    assert mapping.fits("a/b/X.BAKERY.csv")
    assert not mapping.fits("a/b.bakery.csv/other.csv")
    assert list(mapping.tables) == ["messages", "shares"]
    assert mapping.tables["messages"].columns["kind"].words["PIC"] == "image"


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("chat_id: Room", "chat: Room", 10, "messages.chat: is no column to fill; columns are"),
        ("  messages:", "  mails:", 8, "mails: is no table to fill; tables are messages"),
        ("id_type: username", "id_type: nick", 12, "needs id_type: phone, lid"),
        ("PIC: image", "PIC: photo", 15, "'photo' is none of text, image"),
        ("sent_at: When", "sent_at: {column: When, value: x}", 13, "either column or value"),
        ("text: Text", "text: {column: Text, split: x}", 14, "holds one value"),
        ("platform: bakery", "platform: 'ba:kery'", 4, "must be a word"),
        ("name: bakery-chat", "name: ../../case", 2, "name: '../../case' can't name a file"),
        ("name: bakery-chat", "name: a/b", 2, "can't name a file"),
        ("name: bakery-chat", "name: 'a\\b'", 2, "can't name a file"),
        ("name: bakery-chat", "name: 'C:bakery'", 2, "can't name a file"),
        ("name: bakery-chat", "name: .hidden", 2, "begins with a letter or digit"),
        ("name: bakery-chat", 'name: "a\\0b"', 2, "can't name a file"),
        ("name: bakery-chat", "name: ''", 2, "can't name a file"),
        ("name: bakery-chat", f"name: {'x' * 65}", 2, "at most 64"),
        ('delimiter: ";"', 'delimiter: ";;"', 5, "one character"),
        ("platform: bakery", "plattform: bakery", 4, "is not known; known are name"),
        ("platform: bakery", "platform: b\nencoding: utf-99", 5, "'utf-99' is not known"),
        ("platform: bakery", "platform: b\ntime_zone: Mars/Base", 5, "'Mars/Base' is not known"),
        ('"%m/%d/%Y %H:%M:%S"', '"%Q"', 6, "'%Q' is none of iso"),
        ("    when: File", "    when: {a: b}", 18, "must be one value"),
        ("text: Text", "text: Text\n      text: Other", 15, "stands here twice"),
    ],
)
def test_what_is_wrong_is_named_with_its_line_and_what_is_allowed(old, new, line, words) -> None:
    found = told(GOOD.replace(old, new, 1))
    assert words in found
    assert f"line {line}: " in found


def test_everything_that_is_wrong_is_told_at_once() -> None:
    found = told(GOOD.replace("chat_id: Room", "chat: Room").replace("PIC: image", "PIC: photo"))
    assert found.count("line ") == 5  # in both tables the column is wrong, and lacks


@pytest.mark.parametrize("column", ["event_id", "source_id", "text_normal", "item_id"])
def test_what_the_reader_makes_can_not_be_mapped(column) -> None:
    assert f"messages.{column}: is no column" in told(GOOD.replace("text:", f"{column}:", 1))


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "just words", "a: [", "{}", "name: !!python/object/apply:os.getcwd []",
        "a: &x [1]\nb: *x", "\0", "a: " + "[" * 5000, "tables: {messages: {columns: []}}",
        "? [a]\n: b", "name: x\nname: y", "x" * (1 << 19),
    ],
)  # fmt: skip
def test_whatever_stands_in_it_is_an_error_in_words(text) -> None:
    assert told(text)


def test_a_mapping_that_nests_without_end_is_refused_at_once() -> None:
    began = time.process_time()
    for deep in ("a: " + "[" * 200_000, "\n".join(" " * n + "a:" for n in range(500))):
        assert "nests too deep" in told(deep)
    assert time.process_time() - began < 5


@pytest.mark.parametrize("name", ["x", "Pan de Málaga 2", "acme-v1.2", "a_b"])
def test_a_name_that_any_system_takes_as_a_file_is_taken(name) -> None:
    assert mapping_of(GOOD.replace("name: bakery-chat", f"name: {name}", 1)).name == name


def test_a_character_that_yaml_forbids_is_named_with_its_line() -> None:
    assert "no YAML: line 4: unacceptable character" in told(GOOD.replace("bakery\n", "ba\0\n", 1))
