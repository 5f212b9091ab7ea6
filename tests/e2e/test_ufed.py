"""A UFED report through the whole product: it merges with the phone, and finds its files."""

from __future__ import annotations

import hashlib
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

from steps import take_in

from clew import pipeline
from clew.casefile import Case
from clew.casefile.engine import Progress
from clew.evidence.describe import described
from clew.findings.hashsets import Source, add
from clew.records import SetKind

GROUP, OWN, OTHER = "34600000001-1500000000@g.us", "34600000001", "34600000002"
BREAD, ROLL = b"bread" * 40, b"roll" * 40
MESSAGES = [
    (f"3EB0C431C26A1916E07E{n:04}", jid, mine, f"loaf {n} {jid[-4:]}", 1_709_280_000 + 60 * n)
    for jid in (GROUP, f"{OTHER}@s.whatsapp.net")
    for n, mine in enumerate((1, 0, 0, 1, 0), start=1 if jid == GROUP else 11)
]


def take(case: Case, path: Path, exhibit: str) -> None:
    blank = dict.fromkeys(
        ("search_id", "label", "holder_ref", "time_zone", "acquired_with", "acquired_at",
         "authority")
    )  # fmt: skip
    about = {**blank, "exhibit_id": exhibit, "kind": "phone", "country": "ES", "hash_only": False}
    take_in(case, described(case.config, (path,), about), workers=1)


def phone(folder: Path) -> Path:
    """The holder's phone: the same conversation in a legacy database."""
    folder.mkdir()
    with closing(sqlite3.connect(folder / "msgstore.db")) as db:
        db.execute(
            "CREATE TABLE messages (_id INTEGER PRIMARY KEY, key_remote_jid TEXT, "
            "key_from_me INTEGER, key_id TEXT, status INTEGER, data TEXT, timestamp INTEGER, "
            "media_wa_type TEXT, remote_resource TEXT)"
        )
        sender = f"{OTHER}@s.whatsapp.net"
        db.executemany(
            "INSERT INTO messages VALUES (NULL, ?, ?, ?, 0, ?, ?, '0', ?)",
            [(jid, mine, key, text, at * 1000, sender if jid == GROUP and not mine else None)
             for key, jid, mine, text, at in MESSAGES],
        )  # fmt: skip
        db.commit()
    return folder


def field(name: str, value: object, kind: str = "String") -> str:
    return f'<field name="{name}" type="{kind}"><value>{value}</value></field>'


def party(number: str) -> str:
    told = field("Identifier", f"{number}@s.whatsapp.net")
    return (
        f'<model type="Party" id="p{number}">{told}{field("IsPhoneOwner", number == OWN)}</model>'
    )


def message(number: int, attached: str = "") -> str:
    key, _, mine, text, at = MESSAGES[number]
    stamp = f"2024-03-01T{at % 86400 // 3600:02}:{at % 3600 // 60:02}:{at % 60:02}.000+00:00"
    return (
        f'<model type="InstantMessage" id="m{number}" deleted_state="Intact">'
        f'<modelField name="From">{party(OWN if mine else OTHER)}</modelField>'
        f"{field('Body', text)}{field('Identifier', key)}{field('TimeStamp', stamp)}"
        f'<multiModelField name="Attachments">{attached}</multiModelField></model>'
    )


def report(md5: str) -> str:
    attached = (
        '<model type="Attachment" id="a1" deleted_state="Intact" file_id="f1">'
        f"{field('Filename', 'roll.jpg')}{field('ContentType', 'image/jpeg')}</model>"
    )
    chats = ""
    for first, jid in ((0, GROUP), (5, f"{OTHER}@s.whatsapp.net")):
        within = "".join(message(n, attached if n == 1 else "") for n in range(first, first + 5))
        chats += (
            f'<model type="Chat" id="c{first}" deleted_state="Intact">{field("Source", "WhatsApp")}'
            f'{field("Id", jid)}<multiModelField name="Participants">{party(OWN)}{party(OTHER)}'
            f'</multiModelField><multiModelField name="Messages">{within}</multiModelField></model>'
        )
    return (
        '<?xml version="1.0"?><project reportVersion="5.2" '
        'xmlns="http://pa.cellebrite.com/report/2.0"><taggedFiles>'
        '<file id="f1" path="/sdcard/roll.jpg" size="160"><metadata section="File">'
        f'<item name="Local Path">files\\Image\\roll.jpg</item><item name="MD5">{md5}</item>'
        f"</metadata></file></taggedFiles><decodedData>{chats}</decodedData></project>"
    )


def ufdr(file: Path, md5: str) -> Path:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("files/Image/roll.jpg", ROLL)
        archive.writestr("report.xml", report(md5))
    return file


def test_a_phone_and_a_report_of_it_merge_into_exactly_the_true_messages(case, tmp_path) -> None:
    with case.writing():
        take(case, phone(tmp_path / "phone"), "ES-01")
        take(case, ufdr(tmp_path / "phone.ufdr", hashlib.md5(ROLL).hexdigest()), "ES-02")
        pipeline.run(case, Progress(), 1)
    merged = case.rows("FROM merged_messages ORDER BY sent_at")
    assert len(merged) == len(MESSAGES)
    assert all(row["witnesses"] == ["ES-01", "ES-02"] for row in merged)
    assert {row["texts"] for row in merged} == {1}


def test_a_share_known_by_its_md5_alone_finds_the_file_that_the_report_delivers(
    case, tmp_path
) -> None:
    with case.writing():
        take(case, ufdr(tmp_path / "p.ufdr", hashlib.md5(ROLL).hexdigest()), "ES-02")
        pipeline.run(case, Progress(), 1)
    (share,) = case.rows("FROM shares")
    (item,) = case.rows("SELECT * FROM items WHERE path LIKE '%roll.jpg'")
    assert (share["item_id"], share["state"]) == (item["item_id"], "present")
    assert share["sha256"] == hashlib.sha256(ROLL).hexdigest()
    assert share["path_exported"] == "files/Image/roll.jpg"


def test_a_file_with_another_md5_than_the_report_states_is_not_the_one_shared(
    case, tmp_path
) -> None:
    gone = hashlib.md5(BREAD).hexdigest()
    listed = tmp_path / "known.txt"
    listed.write_text(f"{gone}\n")
    with case.writing():
        take(case, ufdr(tmp_path / "p.ufdr", gone), "ES-02")
        add(case, listed, Source(name="national", version="1", kind=SetKind.KNOWN))
        pipeline.run(case, Progress(), 1)
    (share,) = case.rows("FROM shares")
    assert (share["item_id"], share["state"], share["md5"]) == (None, "absent", gone)
    (match,) = case.rows("FROM matches")
    assert (match["algorithm"], match["matched_in"], match["sha256"]) == ("md5", "share", None)
