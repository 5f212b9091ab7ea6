"""What Signal keeps encrypted is told and not read; a link leads to its group."""

from __future__ import annotations

import base64
import json
import random
import uuid
from pathlib import Path

import pytest

from clew.evidence.signatures import media_type
from clew.facts import reader_worker
from clew.facts import signal as ids
from clew.facts.reader_api import Found
from clew.facts.readers.signal import READER
from clew.facts.signal import group_behind, group_of
from clew.records import Unread


def found(path: str, data: bytes, folder: Path) -> Found:
    file = folder / "evidence"
    file.write_bytes(data)
    return Found(
        exhibit_id="ES-01", item_id="0" * 20, source_id="0" * 64, path=path,
        media_type=media_type(data[:4096]), file=file,
    )  # fmt: skip


def noise(size: int) -> bytes:
    return random.Random(3).randbytes(size)


BACKUP = b"\x00\x00\x00\x36\x0a\x34\x0a\x10" + noise(16) + b"\x12\x20" + noise(32)


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("sdcard/Signal/Backups/signal-2024-03-01-09-00-00.backup", BACKUP + noise(9000)),
        ("sdcard/renamed.backup", BACKUP + noise(9000)),
        ("data/data/org.thoughtcrime.securesms/databases/signal.db", noise(70_000)),
        ("AppData/Roaming/Signal/sql/db.sqlite", noise(70_000)),
        ("Library/org.whispersystems.signal/grdb/signal.sqlite", noise(8192)),
        ("SignalBackups/signal-backup-2025-11-02-10-00-00/main", noise(500)),
    ],
)
def test_encrypted_files_are_told_and_not_read(path: str, data: bytes, tmp_path: Path) -> None:
    given = found(path, data, tmp_path)
    assert READER.wants(given.path, given.media_type)
    rows = list(reader_worker._rows(given))
    assert [(type(r), r.code) for r in rows] == [(Unread, "encrypted")]
    assert rows[0].severity == "error"


def test_a_key_beside_a_database_is_told_and_not_used(tmp_path: Path) -> None:
    key = "ab" * 32
    given = found("AppData/Roaming/Signal/config.json", json.dumps({"key": key}).encode(), tmp_path)
    (row,) = READER.read(given)
    assert row.code == "key_file"
    assert key not in str(row)


def test_other_files_of_such_names_are_left_alone(tmp_path: Path) -> None:
    for path, data in (
        ("app/config.json", b'{"theme": "dark"}'),
        ("app/db.sqlite", noise(9000)),
        ("Signal/sql/db.sqlite", bytes(9000)),
        ("backup/home.backup", b"PK\x03\x04" + noise(900)),
        ("exports/data.json", b'{"chats": []}'),
    ):
        assert READER.probe(found(path, data, tmp_path)) is None, path


def test_a_link_leads_to_the_group_whose_key_it_holds() -> None:
    key = noise(32)
    contents = b"\x0a\x20" + key + b"\x12\x10" + noise(16)
    code = base64.urlsafe_b64encode(b"\x0a" + bytes([len(contents)]) + contents).decode()
    assert group_behind(code.rstrip("=")) == group_of(key)
    assert group_behind("not a link") is None
    assert key.hex() not in group_of(key)


def test_an_account_is_one_whatever_form_its_identifier_has() -> None:
    aci = uuid.UUID(int=7 << 100)
    packed = base64.b64encode(aci.bytes).decode()
    forms = (str(aci), str(aci).upper(), aci.bytes, packed, packed.rstrip("="))
    assert {ids.person(form).account_id for form in forms} == {f"signal:aci:{aci}"}
    assert ids.person(None, 447700900001).account_id == "signal:pn:447700900001"
    assert ids.person(bytes(16)) is None


def test_a_message_is_told_by_its_sender_and_its_millisecond() -> None:
    sender = ids.person(str(uuid.UUID(int=5))).account_id
    assert ids.message_key(sender, 1_709_280_000_000) == f"signal:{uuid.UUID(int=5)}/1709280000000"
    assert ids.message_key("signal:pn:447700900001", 1_709_280_000_000) is None
    assert ids.message_key(sender, 0) is None


def test_a_phone_and_an_export_name_one_message_and_one_group_alike(tmp_path: Path) -> None:
    golden = Path(__file__).parents[3] / "golden" / "signal"
    lines = {
        case: [
            json.loads(line.partition(" ")[2])
            for line in (golden / case / "expected.ndjson").read_text("utf-8").splitlines()
            if line.startswith("messages ")
        ]
        for case in ("android", "export_jsonl")
    }
    phone, export = ({m["message_key"]: m for m in held if "message_key" in m}
                     for held in lines.values())  # fmt: skip
    both = phone.keys() & export.keys()
    assert len(both) == 5
    assert {phone[k]["chat_id"] for k in both} == {export[k]["chat_id"] for k in both}
    assert all(phone[k]["sender_account_id"] == export[k]["sender_account_id"] for k in both)
    assert all(phone[k]["kind"] == export[k]["kind"] for k in both)
