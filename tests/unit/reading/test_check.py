"""The printed command shows the row without Clew, whatever kind of source it is of."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from clew.reading.check import command_of
from clew.validation.known_inputs import laid_out

GOLDEN = Path(__file__).parents[2] / "golden"
CASES = [
    ("documents/log_docx", "document.docx", "paragraph/3", "signal.group"),
    ("documents/log_docx", "document.docx", "table/1/row/1", "9. Mai 2011\nWetter gut"),
    ("documents/log_xlsx", "document.xlsx", "sheet/Sheet/row/2", "pane a Torino"),
    ("documents/note_rtf", "document.rtf", "paragraph/2", "4 de mar\\u231?o de 2004: papel"),
    ("documents/log_pdf", "document.pdf", "page/1/line/3", "join?invite=AbCdEfGhIjKlMnOp"),
    ("csv_mapped/utf16_zoned", "csv.calls", "line/2", "+34 600 000 001"),
    ("leapp/tsv", "leapp.tsv", "WhatsApp - Messages/2", "two\nlines"),
    ("documents/rows_csv", "document.csv", "line/2", "pain\net eau"),
    ("leapp/tsv", "leapp.tsv", "WhatsApp - Messages/4", "an answer"),
    ("leapp/lava", "database", "telegrammessages/1", "from a channel"),
    ("whatsapp_ios/chatstorage", "database", "ZWAGROUPMEMBER/4", "111222333444555@lid"),
    ("signal/android", "database", "recipient/5", "11110000-0000-4000-8000-000000000003"),
    ("signal/export_jsonl", "signal.export.jsonl", "line/4", "447700900002"),
    ("messenger/html_2019", "messenger.export", "line/2/message/0", "Fresh <b>bread</b>"),
    ("messenger/json_group", "messenger.export", "/joinable_mode", "https://m.me/j/AbCdEf123456/"),
    ("discord_exporter/guild_text", "discord.exporter.json", "/messages/1", "900000000000000011"),
    ("telegram_desktop/chat_2020", "telegram.desktop.json", "/messages/2", "with a control sign"),
    ("ufed/report5", "ufed.report", "model:00000000-0000-4000-8000-000000000018;state=Deleted",
     "gone crumbs"),
]  # fmt: skip
TOOLS = ("sha256sum", "unzip", "awk", "sed", "jq", "sqlite3", "pdftotext")


@pytest.mark.skipif(
    not all(map(shutil.which, TOOLS)), reason=f"the tools of the lines are not here: {TOOLS}"
)
@pytest.mark.parametrize(("given", "kind", "locator", "row"), CASES)
def test_the_line_of_each_kind_of_source_prints_the_row(
    tmp_path, given, kind, locator, row
) -> None:
    found = laid_out(GOLDEN / given, tmp_path)
    command = command_of(str(found.file), locator, kind)
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, check=False, timeout=60)
    assert done.returncode == 0, (command, done.stderr)
    assert row in done.stdout.decode("utf-8", "replace"), (command, done.stdout)


def test_a_cut_file_gives_what_stands_before_the_cut(tmp_path) -> None:
    if not shutil.which("jq"):
        pytest.skip("jq is not here")
    found = laid_out(GOLDEN / "messenger/json_torn", tmp_path)
    command = command_of(str(found.file), "/messages/3", "messenger.export")
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, check=False, timeout=60)
    assert b"Finn left the group." in done.stdout


def test_a_locator_s_words_are_no_words_of_the_shell(tmp_path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"")
    for kind, locator in (
        ("document.xlsx", f"sheet/$(touch {tmp_path}/x)'\"/row/1"),
        ("ufed.report", f"model:`touch {tmp_path}/x`'"),
        ("telegram.desktop.json", f"/a'$(touch${{IFS}}{tmp_path}/x)'/1"),
        ("document.docx", f"link/';touch {tmp_path}/x;'"),
    ):
        command = command_of(str(tmp_path / "a.xlsx"), locator, kind)
        assert "touch" in command
        subprocess.run(["/bin/sh", "-c", command], capture_output=True, check=False, timeout=60)
    assert [file.name for file in tmp_path.iterdir()] == ["a.xlsx"]
