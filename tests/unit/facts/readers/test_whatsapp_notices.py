"""Notices of WhatsApp in every language: what they say, and that nobody is made of them."""

from __future__ import annotations

import re
import tomllib
from itertools import product
from pathlib import Path

import pytest

from clew.facts.reader_api import Found
from clew.facts.readers.whatsapp_text import READER, system
from clew.records import Account, GroupEvent, Membership, Unread

NAMES = {"{actor}": "Contact 01", "{target}": "Contact 02", "{both}": "Contact 01 Contact 02",
         "{old}": "Bread", "{new}": "Trains"}  # fmt: skip
LANGUAGES = sorted({rule["language"] for rule in system.rules()})


def written(text: str) -> set[str]:
    """Lines that a rule's wording stands for: the first and the last of each of its ways."""
    parts = re.split(r"(\[[^\]]*\|[^\]]*\])", text)
    ways = [
        {(part[1:-1].split("|")[0]), part[1:-1].split("|")[-1]} if part.startswith("[") else {part}
        for part in parts
    ]
    lines = {"".join(way) for way in product(*ways)}
    for place, name in NAMES.items():
        lines = {line.replace(place, name) for line in lines}
    return {re.sub(r"\*(?=$)", ". 12", line).replace("*", " 12 ") for line in lines}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_wording_is_read_with_the_names_that_stand_in_it(language) -> None:
    wrong = []
    for rule in (r for r in system.rules() if r["language"] == language):
        for line in written(rule["text"]):
            read = system.line_of(line)
            actor = NAMES["{actor}"] if "{actor}" in rule["text"] else None
            targets = (NAMES["{target}"],) if "{target}" in rule["text"] else ()
            if read is None or (read.action, read.actor, read.targets) != (
                rule["action"], actor, targets
            ):  # fmt: skip
                wrong.append((line, rule["action"], read))
    assert not wrong


HELD_OUT = tomllib.loads((Path(__file__).parent / "notices_held_out.toml").read_text("utf-8"))


@pytest.mark.parametrize("language", HELD_OUT["encrypted"])
def test_the_notice_of_encryption_is_known_in_every_language(language) -> None:
    marked = f"\u200e{HELD_OUT['encrypted'][language]}".replace(" ", "\u00a0", 1)
    read = system.line_of(marked)
    assert read is not None
    assert (read.action, read.actor, read.targets) == ("e2e_notice", None, ())


@pytest.mark.parametrize("move", HELD_OUT["moves"], ids=lambda move: move["line"][:24])
def test_who_came_and_who_went(move) -> None:
    said = system.line_of(move["line"])
    assert (said.action if said else None) == move.get("action")
    assert (said.actor if said else None) == move.get("actor")
    assert list(said.targets if said else ()) == move["targets"]


@pytest.mark.parametrize("line", ["此群組已加入社群", "Dana added this group", "You added group"])
def test_a_group_or_community_is_nobody(line) -> None:
    read = system.line_of(line)
    assert read is None or (not read.targets and not read.actor)


def read(tmp_path, *lines: str):
    """Members, people by label, and what happened, of an export with these lines."""
    file = tmp_path / "export"
    file.write_text("\n".join(lines), "utf-8")
    found = Found(exhibit_id="E", item_id="i", source_id="a" * 64, path="_chat.txt",
                  media_type=None, file=file)  # fmt: skip
    rows = list(READER.read(found))
    people = {r.account_id: r.identifier for r in rows if isinstance(r, Account)}
    members = {people[r.account_id] for r in rows if isinstance(r, Membership)}
    events = [
        (e.action.value, people.get(e.actor), tuple(people[t] for t in e.targets))
        for e in rows
        if isinstance(e, GroupEvent)
    ]
    return members, events, [r.code for r in rows if isinstance(r, Unread)]


def test_an_unknown_notice_is_told_and_names_nobody(tmp_path) -> None:
    assert read(
        tmp_path,
        "[13/01/2024, 10:00:00] Bread: \u200eqwert zuiop of no language",
        "[13/01/2024, 10:00:01] Contact 01: hello",
        "[13/01/2024, 10:00:02] Contact 01: \u200ea file of no known wording",
    ) == ({"Contact 01"}, [("unknown", None, ())], ["unknown_system"])


def test_a_notice_with_a_colon_has_no_sender(tmp_path) -> None:
    members, events, _ = read(
        tmp_path,
        '13/01/2024, 10:00 - Contact 01 changed the subject from "a: b" to "c: d"',
        "13/01/2024, 10:01 - Contact 01: it: holds",
    )
    assert members == {"Contact 01"}
    assert events == [("subject_changed", "Contact 01", ())]


UNKNOWN_WITH_A_COLON = (
    "Contact 01-მა შეცვალა თემა „პური: ჩაი“-დან „მატარებელი: წიგნი“-ზე",  # Georgian
    "Contact 01 ua ho\u02bbololi i ke kumuhana mai “palaoa: tī” i “ka\u02bbaahi”",  # Hawaiian
    "Contact 01 hlebi «մատնաքաշ: թեյ» «գնացք»",  # quotation marks of Armenian
    "+34 600 000 001 gbanwere aha ìgwè: achịcha",  # Igbo, and a number without a name
    "Contact 01 gbanwere aha ìgwè ahụ gaa achịcha: tii",
    "zprávy a hovory zde jsou chráněny a nikdo jiný je nečte: víc",
)


@pytest.mark.parametrize("line", UNKNOWN_WITH_A_COLON)
def test_a_notice_with_a_colon_in_a_wording_that_no_rule_knows_is_nobodys(tmp_path, line) -> None:
    assert read(
        tmp_path,
        "13/01/2024, 10:00 - Contact 01: hello",
        f"13/01/2024, 10:01 - {line}",
        "13/01/2024, 10:02 - Contact 01: it: holds",
    ) == ({"Contact 01"}, [("unknown", None, ())], ["unknown_system"])


@pytest.mark.parametrize(
    "label",
    ["Ana María de la Fuente", 'Joe "The Baker"', "O'Hara", "Bread 12'", "la del bar de mi prima",
     "+34 600 000 001", "José 'Pepe' Pan", "محمد بن عبد الله الحربي"],
)  # fmt: skip
def test_a_label_that_is_odd_but_a_name_keeps_its_messages(tmp_path, label) -> None:
    lines = (f"13/01/2024, 10:0{n} - {label}: it is 'so' and \"so\"" for n in range(3))
    members, events, unread = read(tmp_path, *lines)
    assert (members, events, unread) == ({label}, [], [])


def test_names_side_by_side_are_told_apart_by_labels_or_not_at_all(tmp_path) -> None:
    added = "13/01/2024, 10:00 - Contact 01 Contact 02 kişisini ekledi"
    assert read(tmp_path, added)[:2] == (set(), [("added", None, ())])
    members, events, _ = read(tmp_path, added, "13/01/2024, 10:01 - Contact 01: hi")
    assert events == [("added", "Contact 01", ("Contact 02",))]
    assert members == {"Contact 01", "Contact 02"}


def test_a_call_on_an_iphone_is_of_the_one_who_stands_before_it(tmp_path) -> None:
    line = "[13/01/2024, 10:00:00] Contact 01: \u200e未接語音通話"
    assert read(tmp_path, line) == ({"Contact 01"}, [], [])


def test_a_text_of_signal_is_told_and_read_as_no_chat_of_whatsapp(tmp_path) -> None:
    file = tmp_path / "export"
    file.write_text("[2024-05-29, 15:04] Me: hello\n[2024-05-29, 15:10] Contact 01: hello\n")
    found = Found(exhibit_id="E", item_id="i", source_id="a" * 64, path="Bread/chat.txt",
                  media_type=None, file=file)  # fmt: skip
    assert READER.probe(found).kind == "signal.export.text"
    (row,) = READER.read(found)
    assert row.code == "signal_text"
