"""Exports are read or told, whatever stands before them and whatever their name and encoding."""

from __future__ import annotations

from collections import Counter

import pytest
from builders import hidden_exports
from builders.hidden_exports import BEFORE, BEFORE_CODE, BEFORE_TEXT, GOLDEN, Hidden


def outcome(folder, given: Hidden) -> str:
    rows = hidden_exports.rows(folder, given)
    if given.reader in {source["reader"] for source in rows["sources"]}:
        return "read"
    return "told" if rows["unread"] else "silent"


def hide(file: str, way, name: str, encoding: str = "utf-8") -> Hidden:
    text = (GOLDEN / file).read_text(encoding="utf-8")
    reader = file.partition("/")[0].replace("_", "-")
    return Hidden(file, name, way(text).encode(encoding), reader)


@pytest.mark.parametrize("way", [*BEFORE, *BEFORE_CODE])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_chat_is_read_to_the_last_message_behind_anything(tmp_path, way, encoding) -> None:
    file = "telegram_desktop/account_2023/result.json"
    hidden = hide(file, {**BEFORE, **BEFORE_CODE}[way], "a3f9", encoding)
    whole = hidden_exports.rows(tmp_path, hide(file, BEFORE["nothing"], "result.json"))
    found = hidden_exports.rows(tmp_path, hidden)
    assert len(found["messages"]) == len(whole["messages"]) > 0
    assert {m["locator"] for m in found["messages"]} == {m["locator"] for m in whole["messages"]}


@pytest.mark.parametrize("way", [*BEFORE, *BEFORE_TEXT])
def test_a_text_export_is_read_behind_anything_and_keeps_its_lines(tmp_path, way) -> None:
    file = "whatsapp_text/ios_es/_chat.txt"
    before = {**BEFORE, **BEFORE_TEXT}[way]
    whole = hidden_exports.rows(tmp_path, hide(file, BEFORE["nothing"], "_chat.txt"))["messages"]
    found = hidden_exports.rows(tmp_path, hide(file, before, "x.bin"))["messages"]
    assert len(found) == len(whole) > 0
    added = before("").count("\n")
    first = [int(rows[0]["locator"].partition("/")[2]) for rows in (whole, found)]
    assert first[1] == first[0] + added


def test_a_message_more_before_an_export_is_reported(tmp_path) -> None:
    rows = hidden_exports.rows(
        tmp_path, hide("telegram_desktop/chat_2020/result.json", BEFORE["blanks"], "x")
    )
    told = {row["code"]: row["figures"] for row in rows["unread"]}
    assert told["begins_later"] == ["at=70000", "encoding=utf-8"]


@pytest.mark.parametrize("count", [60, pytest.param(500, marks=pytest.mark.slow)])
def test_nothing_that_a_reader_knows_is_silent_however_it_is_hidden(tmp_path, count) -> None:
    met = Counter()
    for given in hidden_exports.hidden(count, seed=count):
        met[outcome(tmp_path, given)] += 1
        assert met["silent"] == 0, f"{given.label} as {given.name}"
    assert met["read"] > 0.8 * count
