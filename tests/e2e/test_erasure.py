"""A person is erased for good, and a case from which somebody was erased is whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from run_cli import run_cli as clew

from clew.casefile import open_case
from clew.casefile.verify import verify

NUMBER, OTHER = "34611222333", "34600999888"
CHAT = """12/03/2024, 10:00 - +34 611 22 23 33: hello, I am Zacarias Quintanilla
12/03/2024, 10:01 - +34 600 99 98 88: hello +34 611 22 23 33, or 611222333
13/03/2024, 10:02 - +34 611 22 23 33: a secret of mine
14/03/2024, 10:03 - +34 600 99 98 88: nothing of note
"""
WHY = ("--by", "A. Officer", "--reason", "order 12/26")


@pytest.fixture(scope="module")
def case(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("erasure")
    (folder / "evidence").mkdir()
    (folder / "evidence" / "WhatsApp Chat with Friends.txt").write_text(CHAT)
    made = folder / "case"
    assert clew("new", made, "--title", "t", "--authority", "a").returncode == 0
    about = ("--exhibit", "ES-01", "--kind", "phone", "--country", "ES",
             "--label", f"of Zacarias, {NUMBER}", "--holder-ref", "P-17/Zacarias")  # fmt: skip
    assert clew("add", made, folder / "evidence", *about).returncode == 0
    assert clew("run", made).returncode in (0, 1)
    return made


def account(case: Path, number: str) -> str:
    with open_case(case) as opened:
        (row,) = opened.rows(
            "SELECT DISTINCT account_id FROM accounts "
            "WHERE regexp_replace(account_id, '[^0-9]', '', 'g') LIKE $id",
            id=f"%{number}",
        )
    return str(row["account_id"])


def problems(case: Path) -> list[str]:
    with open_case(case) as opened:
        return [one.text for one in verify(opened) if one.is_problem]


def held(case: Path, *texts: str) -> list[str]:
    """Files of the case, but for the evidence itself, in which a text stands."""
    found = []
    with open_case(case) as opened:
        for name in opened.complete():
            if name not in ("items", "exhibits", "flags"):
                rows = str(opened.rows(f'FROM "{name}"'))
                found += [f"table {name}: {t}" for t in texts if t in rows]
    for name in ("custody.sqlite", "ledger.sqlite", "sealed.sqlite"):
        raw = (case / name).read_bytes()
        found += [f"{name}: {text}" for text in texts if text.encode() in raw]
    return found


def test_the_log_names_no_holder_of_a_device(case) -> None:
    with open_case(case) as opened:
        (taken,) = (
            e for e in opened.custody.entries() if e.content["action"] == "exhibit taken in"
        )
        assert "Zacarias" not in taken.body
        assert NUMBER not in taken.body
        assert "P-17/Zacarias" in str(opened.custody.vault.text(taken.content["sealed"]))


def test_a_person_is_erased_for_good(case) -> None:
    one, other = account(case, NUMBER), account(case, OTHER)
    judged = clew("persons", "accept", case, one, other, "--by", "A. Officer", "--reason", "told")
    assert judged.returncode == 0, judged.stderr
    assert clew("persons", "explain", case, one, "--unmask", "--reason", "x").returncode == 0
    assert clew("undo", case, "1", "--by", "A. Officer", "--reason", "wrong").returncode == 0
    before = messages(case)
    dry = clew("erase", case, "--person", one, *WHY, "--dry-run", "--json")
    assert '"judgements":1' in dry.stdout.replace(" ", "")
    assert held(case, NUMBER)
    draft = case / "work" / "packages" / "0b0e7c1e-0000-4000-8000-000000000001"
    draft.mkdir(parents=True)
    (draft / "referral.json").write_text(NUMBER)
    done = clew("erase", case, "--person", one, *WHY, "--yes")
    assert done.returncode == 0, done.stderr
    assert not draft.exists()
    assert "Left in evidence: ES-01" in done.stderr
    for _ in range(2):
        assert held(case, NUMBER, "611 22 23 33", "611222333", "a secret of mine", "Zacarias") == []
        assert problems(case) == []
        assert messages(case) == before
        assert clew("run", case).returncode in (0, 1)
    with open_case(case) as opened:
        texts = [r["text"] for r in opened.rows("SELECT text FROM messages ORDER BY sent_local")]
        assert texts[3] == "nothing of note"
        assert account(case, OTHER) == other
        assert opened.rows("SELECT count(*) AS n FROM person_judgements WHERE counts") == [{"n": 0}]


def messages(case: Path) -> list[dict]:
    with open_case(case) as opened:
        return opened.rows("SELECT count(*) AS n, count(DISTINCT sender_account_id) AS who "
                           "FROM messages")  # fmt: skip


def test_a_reason_that_names_the_person_is_refused(case) -> None:
    refused = clew("erase", case, "--person", account(case, OTHER), "--by", "A. Officer", "--yes",
                   "--reason", f"asked by {OTHER}")  # fmt: skip
    assert refused.returncode == 2
    assert "names the person" in refused.stderr


def test_who_is_not_in_the_case_is_not_erased(case) -> None:
    refused = clew("erase", case, "--person", "whatsapp:pn:1", *WHY, "--yes")
    assert refused.returncode == 2
