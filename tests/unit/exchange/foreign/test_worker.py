"""What our own renderings say is read again, and every element is accounted for."""

from __future__ import annotations

import gzip
import json
import os
from collections import Counter
from pathlib import Path

import msgspec
import pytest
from builders.referrals import Size, referral

from clew.casefile.received import everybodys
from clew.exchange.foreign.worker import FORMATS, read_file
from clew.exchange.renderings import renderings

FIXTURES = os.environ.get("CLEW_FIXTURES")
MADE = referral(3, Size(persons=5))
MEMBERS = {
    "case": "case/referral.jsonld.gz",
    "vics": "vics/case.json",
    "stix": "stix/bundle.json",
    "ftm": "ftm/entities.ftm.json",
    "misp": "misp/event.json",
}
TEXTS = {name: b"".join(chunks) for name, chunks in renderings(MADE)}


def text_of(form: str) -> bytes:
    text = TEXTS[MEMBERS[form]]
    return gzip.decompress(text) if form == "case" else text


def read(text: bytes, form: str, folder: Path) -> dict[str, list[dict]]:
    file = folder / "given"
    file.write_bytes(text)
    found: dict[str, list[dict]] = {}
    handle = os.open(file, os.O_RDONLY)
    try:
        asked = {"form": form, "exhibit_id": "file-1", "item_id": "i", "source_id": "0" * 64,
                 "path": "given", "file": handle}  # fmt: skip
        for part in read_file(asked):
            if isinstance(part, dict):
                return {"refused": [part]}
            found.setdefault(part.table.table_name, []).extend(part.data.to_pylist())
    finally:
        os.close(handle)
    return found


def accounted(found: dict[str, list[dict]]) -> Counter[str]:
    """Elements by what became of them; the file's own row agrees."""
    (source,) = found["sources"]
    became: Counter[str] = Counter()
    for row in found["source_rows"]:
        became[row["became"]] += row["rows"]
    assert source["rows_seen"] == became.total()
    assert source["rows_skipped"] == became["skipped"]
    return became


@pytest.mark.parametrize("form", MEMBERS)
def test_our_own_rendering_comes_back(form, tmp_path) -> None:
    found = read(text_of(form), form, tmp_path)
    accounted(found)
    files = {row["sha256"] for row in found["stated_files"]} - {
        s.source_id for s in MADE.facts.sources
    }
    wanted = {file.sha256 for file in MADE.facts.files}
    if form == "vics":  # as hash sets read them: SHA-256 among the other hashes
        assert len(found["stated_files"]) == len(wanted)
    assert files == wanted
    if form != "vics":
        stated = {row["account_id"] for row in found["accounts"]}
        assert stated >= {a.account_id for a in MADE.facts.accounts}
    if form in ("case", "ftm", "misp"):
        groups = {row["chat_id"] for row in found["chats"]}
        assert groups >= {group.chat_id for group in MADE.facts.groups}
        inside = {(row["chat_id"], row["account_id"]) for row in found["memberships"]}
        assert {chat for chat, _ in inside} == {m.chat_id for m in MADE.facts.memberships}
        assert not any("token:" in one for one in stated)
    assert "unread" not in found


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("text", [b"", b"{}", b"[]", b"x", b'{"type":"other"}', b"[" * 50_000])
def test_what_is_of_no_such_format_is_refused_as_a_whole(form, text, tmp_path) -> None:
    found = read(text, form, tmp_path)
    assert "refused" in found or not found.get("accounts")


def damaged(form: str) -> bytes:
    """The rendering with one of its elements spoilt."""
    text = text_of(form)
    if form == "ftm":
        first, second, rest = text.split(b"\n", 2)
        return b"\n".join([first, second[:-1], rest])
    if form == "vics":
        return text.replace(
            b'"HashName":"SHA256","HashValue":"', b'"HashName":"SHA256","HashValue":"Z', 1
        )
    whole = msgspec.json.decode(text)
    if form == "stix":
        next(o for o in whole["objects"] if o["type"] == "user-account")["user_id"] = {"a": 1}
    elif form == "misp":
        next(o for o in whole["Event"]["Object"] if o["name"] == "file")["Attribute"][-2] = 7
    else:
        one = next(n for n in whole["@graph"] if n["@type"] == "uco-observable:File")
        one["uco-core:hasFacet"][0]["uco-observable:hash"][0]["uco-types:hashValue"]["@value"] = (
            "zz"
        )
    return msgspec.json.encode(whole)


@pytest.mark.parametrize("form", FORMATS)
def test_a_spoilt_element_costs_itself(form, tmp_path) -> None:
    whole, found = read(text_of(form), form, tmp_path), read(damaged(form), form, tmp_path)
    before, after = accounted(whole), accounted(found)
    assert (
        after["accounts"] + after["stated_files"] == before["accounts"] + before["stated_files"] - 1
    )
    assert found["unread"][0]["code"] == "element"


@pytest.mark.skipif(FIXTURES is None, reason="files of several programs are fixtures")
def test_the_quirks_of_vics_are_taken(tmp_path) -> None:
    folder = Path(str(FIXTURES)) / "exchange" / "vics"
    found = read((folder / "vics20_case_quirks_bom.json").read_bytes(), "vics", tmp_path)
    accounted(found)
    rows = found["stated_files"]
    assert len(rows) == 5
    assert rows[0]["category"] == "VICS UK 2.0: 1"
    assert [row["category"] for row in rows].count(None) >= 1
    assert all(row["md5"] == row["md5"].lower() for row in rows)


@pytest.mark.skipif(FIXTURES is None, reason="files of several programs are fixtures")
@pytest.mark.parametrize("name", ["Oresteia.json", "accounts.json", "sms_and_contacts.json"])
def test_examples_of_case_give_accounts(name, tmp_path) -> None:
    file = Path(str(FIXTURES)) / "exchange" / "case" / name
    found = read(file.read_bytes(), "case", tmp_path)
    assert accounted(found)["accounts"] > 0


def of_misp(name: str, **attributes: object) -> dict[str, object]:
    rows = [{"object_relation": key.replace("_", "-"), "value": value}
            for key, values in attributes.items() for value in
            (values if isinstance(values, list) else [values])]  # fmt: skip
    return {"name": name, "Attribute": rows}


MISP = {"Event": {"Object": [
    of_misp("instant-message", app_used="WhatsApp", body="Caf\u00e9?", from_number="+34600111222",
            to_number="+34600111333", sent_date="2024-03-01T10:00:00+01:00"),
    of_misp("instant-message-group", app_used="whatsapp", group_name="Garden",
            group_alias=["whatsapp:120363000000000001@g.us", "friends"],
            username=["whatsapp:pn:34600111222", "token:7f3a"]),
    of_misp("instant-message-group", app_used="irc", group_name="Harden"),
]}}  # fmt: skip
FTM = [
    {"id": "m", "schema": "Message", "properties": {
        "senderAccount": ["u"], "recipients": ["p"], "bodyText": ["Caf\u00e9?"],
        "date": ["2024-03-01T10:00:00"]}},
    {"id": "x", "schema": "Message", "properties": {"sender": ["nobody"], "bodyText": ["lost"]}},
    {"id": "u", "schema": "UserAccount", "properties": {
        "username": ["whatsapp:pn:34600111222"], "service": ["whatsapp"]}},
    {"id": "p", "schema": "Person", "properties": {"name": ["Bo"], "phone": ["+34600111333"]}},
    {"id": "g", "schema": "Organization", "properties": {
        "name": ["Garden"], "alias": ["whatsapp:120363000000000001@g.us"]}},
    {"id": "c", "schema": "Organization", "properties": {"name": ["Company"]}},
    {"id": "1", "schema": "Membership", "properties": {
        "member": ["u"], "organization": ["g"], "startDate": ["2024-01-01"]}},
    {"id": "2", "schema": "Membership", "properties": {"member": ["p"], "organization": ["c"]}},
]  # fmt: skip
TALKING = {
    "misp": json.dumps(MISP).encode(),
    "ftm": b"\n".join(json.dumps(one).encode() for one in FTM),
}


@pytest.mark.parametrize("form", TALKING)
def test_messages_and_groups_are_taken_with_whom_they_name(form, tmp_path) -> None:
    found = read(TALKING[form], form, tmp_path)
    accounted(found)
    (message,) = found["messages"]
    assert (message["text"], message["text_normal"]) == ("Caf\u00e9?", "cafe?")
    assert message["sender_account_id"] == "whatsapp:pn:34600111222"
    zoned = form == "misp"
    assert (message["sent_at"] is not None, message["tz_basis"] == "utc") == (zoned, zoned)
    accounts = {row["account_id"] for row in found["accounts"]}
    assert message["sender_account_id"] in accounts
    (inside,) = found["memberships"]
    assert (inside["chat_id"], inside["account_id"]) == (
        "whatsapp:120363000000000001@g.us", "whatsapp:pn:34600111222",
    )  # fmt: skip
    chats = {row["chat_id"]: row for row in found["chats"]}
    assert chats[inside["chat_id"]]["subject"] == "Garden"
    assert message["chat_id"] in chats
    named = {one for one in chats if one != inside["chat_id"]}
    assert all(everybodys(f"PT-1~{one}") == f"PT-1~{one}" for one in named)  # they join nothing
    skipped = [row for row in found["source_rows"] if row["became"] == "skipped"]
    passed_over = {(row["source_table"], row["rows"]) for row in skipped}
    wanted = set() if form == "misp" else {("Message", 1), ("Organization", 1), ("Membership", 1)}
    assert passed_over == wanted


@pytest.mark.skipif(FIXTURES is None, reason="files of several programs are fixtures")
@pytest.mark.parametrize(("name", "tables"), [
    ("message.json", {"chats"}), ("sms_and_contacts.json", {"messages", "chats"}),
    ("Oresteia.json", {"messages", "chats"}),
])  # fmt: skip
def test_examples_of_case_give_conversations(name, tables, tmp_path) -> None:
    text = (Path(str(FIXTURES)) / "exchange" / "case" / name).read_bytes()
    found = read(text, "case", tmp_path)
    accounted(found)
    assert tables <= found.keys()
    accounts = {row["account_id"] for row in found.get("accounts", ())}
    senders = {row["sender_account_id"] for row in found.get("messages", ())}
    assert senders - {None} <= accounts
    assert {row["account_id"] for row in found.get("memberships", ())} <= accounts
    assert {r["chat_id"] for n in ("messages", "memberships") for r in found.get(n, ())} <= {
        row["chat_id"] for row in found["chats"]
    }
