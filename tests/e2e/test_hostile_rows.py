"""What one source states of persons, conversations and times stops no run and fails no verify."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

from run_cli import run_cli

GOLDEN = Path(__file__).parents[1] / "golden"
LID, ANDROID, SIGNAL = (
    "whatsapp_ios/lid/LID.sqlite.sql", "whatsapp_android/modern_lid/msgstore.db.sql",
    "signal/android/signal.db.sql",
)  # fmt: skip
LATEST, EARLIEST = 253402300799999, -62135596800000
HOSTILE = {
    "a tie to what is no account": (LID, "UPDATE ZWAZACCOUNT SET ZPHONENUMBER='support@bot'"),
    "a tie to a number that is none": (
        LID, "UPDATE ZWAPHONENUMBERLIDPAIR SET ZPHONENUMBER='0@s.whatsapp.net'"),
    "threads of nobody": (SIGNAL, "UPDATE thread SET recipient_id = NULL"),
    "threads of what is no number": (SIGNAL, "UPDATE thread SET recipient_id = x'0102'"),
    "every chat twice": (
        ANDROID,
        "INSERT INTO jid SELECT _id + 1000, user, server, agent, device, type, raw_string FROM jid",
        """INSERT INTO chat SELECT _id + 1000, jid_row_id + 1000, hidden, subject,
           created_timestamp, archived, group_type FROM chat"""),
    "ties in a circle": (
        ANDROID, "INSERT OR REPLACE INTO jid_map SELECT _id, (_id % 5) + 1, 1 FROM jid"),
    "the last moment of the year 9999": (
        ANDROID, f"UPDATE message SET timestamp = {LATEST}, received_timestamp = {LATEST}",
        f"UPDATE chat SET created_timestamp = {LATEST}",
        f"UPDATE group_participant_user SET add_timestamp = {LATEST}"),
    "times before all": (
        ANDROID, f"UPDATE message SET timestamp = {EARLIEST}, received_timestamp = -1",
        f"UPDATE chat SET created_timestamp = {EARLIEST}"),
}  # fmt: skip


def test_a_hostile_row_stops_no_run_and_fails_no_verify(tmp_path) -> None:
    for what, (golden, *statements) in HOSTILE.items():
        folder = tmp_path / "evidence" / what
        folder.mkdir(parents=True)
        with contextlib.closing(sqlite3.connect(folder / Path(golden).stem)) as db:
            db.executescript((GOLDEN / golden).read_text(encoding="utf-8"))
            for statement in statements:
                db.execute(statement)
            db.commit()
    case = tmp_path / "case"
    run_cli("new", case, "--title", "T", "--authority", "A")
    run_cli("add", case, tmp_path / "evidence", "--exhibit", "A", "--kind", "phone",
            "--country", "ES")  # fmt: skip
    ran = run_cli("run", case)
    assert ran.returncode in (0, 1), ran.stderr
    verified = run_cli("verify", case)
    assert verified.returncode == 0, verified.stdout
