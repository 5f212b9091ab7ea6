"""Documents in real formats, through workers: invitations and entries, and what is not read."""

from __future__ import annotations

import io
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import docx
import openpyxl
import pytest
from click.testing import CliRunner
from pypdf import PdfWriter
from steps import take_in

from clew import pipeline
from clew.casefile import Case
from clew.casefile.engine import Progress
from clew.cli.run import run
from clew.cli.show import show
from clew.cli.status import status
from clew.evidence.describe import described

CODE = "AbCdEfGhIjKlMnOpQrStUv"
LINK = f"https://chat.whatsapp.com/{CODE}"
ABOUT = {
    "exhibit_id": "ES-01", "kind": "laptop", "country": "ES", "search_id": None, "label": None,
    "holder_ref": None, "time_zone": None, "acquired_with": None, "acquired_at": None,
    "authority": None, "hash_only": False,
}  # fmt: skip


def pdf(*lines: str, password: str | None = None) -> bytes:
    """A PDF of one page, written by hand, with a text layer."""
    shown = " T* ".join(f"({line}) Tj" for line in lines)
    stream = f"BT /F1 12 Tf 14 TL 50 700 Td {shown} ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = io.BytesIO(b"%PDF-1.4\n"), []
    out.seek(0, 2)
    for number, body in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start)
    if password is None:
        return out.getvalue()
    writer = PdfWriter(clone_from=io.BytesIO(out.getvalue()))
    writer.encrypt(password, algorithm="RC4-128")
    locked = io.BytesIO()
    writer.write(locked)
    return locked.getvalue()


def write_all(folder: Path) -> None:
    (folder / "log.pdf").write_bytes(
        pdf(
            "3 de marzo de 2004: pan en Lisboa con Ana Ejemplo",
            "4 de marzo de 2004: papel",
            f"enlace {LINK}",
        )
    )
    (folder / "locked.pdf").write_bytes(pdf("nothing", password="demo"))
    (folder / "empty-password.pdf").write_bytes(pdf(f"see {LINK}", password=""))
    (folder / "scan.pdf").write_bytes(pdf())
    document = docx.Document()
    document.add_paragraph("3. März 2004: Brot in Bremen")
    document.add_paragraph(f"siehe {LINK}")
    document.save(str(folder / "log.docx"))
    (folder / "locked.docx").write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le")
    )
    (folder / "old.doc.docx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000))
    book = openpyxl.Workbook()
    book.active.append(["Date", "What"])
    book.active.append([date(2011, 5, 9), "bread"])
    book.active.append([date(2011, 5, 10), f"a link {LINK}"])
    book.save(folder / "log.xlsx")
    (folder / "torn.pdf").write_bytes(pdf("whatever")[:200])
    (folder / "rows.csv").write_text(f"Fecha;Qué\n09/05/2011;pan\n23/05/2011;{LINK}\n", "utf-8")
    (folder / "note.rtf").write_bytes(
        rb"{\rtf1\ansi{\fonttbl{\f0 Arial;}}\f0 3 de mar\'e7o de 2004: p\'e3o\par see "
        + LINK.encode() + rb"\par}"
    )  # fmt: skip
    (folder / "page.html").write_text(f"<html><body><p>x</p><a href='{LINK}'>y</a>", "utf-8")
    (folder / "plain.txt").write_text("nothing to be found\n", "utf-8")
    with closing(sqlite3.connect(folder / "kikDatabase.db")) as db:
        db.execute("CREATE TABLE messagesTable (id, body, sender, timestamp)")


@pytest.fixture(scope="module")
def read_case(tmp_path_factory) -> Case:
    from clew.casefile import create_case

    folder = tmp_path_factory.mktemp("documents")
    (folder / "x").mkdir()
    write_all(folder / "x")
    with create_case(folder / "case", "Test", "Court order 1/2026") as case:
        with case.writing():
            take_in(case, described(case.config, (folder / "x",), ABOUT), workers=1)
            pipeline.run(case, Progress(), 1)
        yield case


def test_an_invitation_is_found_in_every_kind_of_document(read_case) -> None:
    postings = read_case.rows("FROM invite_postings ORDER BY path")
    assert {p["code"] for p in postings} == {CODE}
    assert [(p["path"], p["locator"]) for p in postings] == [
        ("log.docx", "paragraph/2"),
        ("log.pdf", "page/1/line/3"),
        ("log.xlsx", "sheet/Sheet/row/3"),
        ("note.rtf", "paragraph/2"),
        ("page.html", "line/1"),
        ("rows.csv", "line/3"),
    ]
    (target,) = read_case.rows("FROM invite_targets")
    assert (target["seen"], target["documents"], target["exhibits"]) == (6, 6, ["ES-01"])


def test_dated_logs_become_entries(read_case) -> None:
    entries = read_case.rows(
        "SELECT i.path, e.locator, e.first_day, e.places FROM entries AS e "
        "JOIN items AS i USING (item_id) ORDER BY i.path, e.locator"
    )
    assert [tuple(e.values()) for e in entries] == [
        ("log.docx", "paragraph/1", "2004-03-03", ["Bremen"]),
        ("log.pdf", "page/1/line/1", "2004-03-03", ["Lisboa"]),
        ("log.pdf", "page/1/line/2", "2004-03-04", []),
        ("log.xlsx", "sheet/Sheet/row/2", "2011-05-09", []),
        ("log.xlsx", "sheet/Sheet/row/3", "2011-05-10", []),
        ("note.rtf", "paragraph/1", "2004-03-03", []),
        ("rows.csv", "line/2", "2011-05-09", []),
        ("rows.csv", "line/3", "2011-05-23", []),
    ]


def test_what_is_not_read_is_told(read_case) -> None:
    told = {
        r["path"]: r["code"]
        for r in read_case.rows("FROM unread WHERE code <> 'same_content' AND path NOT LIKE '%/%'")
    }
    assert told == {
        "locked.pdf": "encrypted",
        "empty-password.pdf": "encrypted",
        "locked.docx": "encrypted",
        "old.doc.docx": "binary_office",
        "torn.pdf": "damaged",
        "scan.pdf": "no_text",
        "kikDatabase.db": "looks_like_chat",
    }


def test_a_run_and_its_status_say_what_looks_like_a_chat(read_case) -> None:
    ran = CliRunner().invoke(run, [str(read_case.folder)], standalone_mode=False)
    assert ran.return_value == 1
    assert "structured file that no reader understands: Kik" in " ".join(ran.output.split())
    told = CliRunner().invoke(status, [str(read_case.folder)])
    assert "looks_like_chat" in told.output
    first = CliRunner().invoke(show, [str(read_case.folder), "unread"]).stdout.splitlines()[1]
    assert "kikDatabase.db" in first


def test_words_that_may_be_names_are_hidden(read_case) -> None:
    told = CliRunner().invoke(show, [str(read_case.folder), "entries", "--json"]).stdout
    assert "Lisboa" in told
    assert "Ejemplo" not in told
    assert "[name]" in told


def test_a_document_without_findings_is_read_all_the_same(read_case) -> None:
    (plain,) = read_case.rows(
        "SELECT s.* FROM sources AS s JOIN items AS i USING (item_id) WHERE i.path = 'plain.txt'"
    )
    assert (plain["rows_seen"], plain["rows_skipped"]) == (1, 1)
    (why,) = read_case.rows(
        "SELECT reason FROM source_rows WHERE source_id = $id", id=plain["source_id"]
    )
    assert why["reason"] == "no_log"
