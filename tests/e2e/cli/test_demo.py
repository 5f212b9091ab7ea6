"""The demo: the whole path on real formats, right by its truth, and a report that names nobody."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import os
import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest
from run_cli import run_cli as run

import clew


def digests(folder: Path) -> dict[bytes, str]:
    return {
        bytes(f): hashlib.sha256(f.read_bytes()).hexdigest()
        for f in folder.rglob("*")
        if f.is_file() and not f.is_symlink()
    }


class Page(HTMLParser):
    """Tags, attributes and text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs) -> None:
        self.tags.append((tag, dict(attrs)))


@pytest.fixture(scope="module")
def report(demo) -> str:
    return (demo / "report.html").read_text(encoding="utf-8")


def test_the_evidence_is_as_it_was(demo, tmp_path_factory) -> None:
    from clew.demo import generate, small

    again = tmp_path_factory.mktemp("again") / "d"
    generate(again, small())
    before = {k.removeprefix(bytes(again)): v for k, v in digests(again / "evidence").items()}
    after = {k.removeprefix(bytes(demo)): v for k, v in digests(demo / "evidence").items()}
    assert before == after


def test_entries_equal_an_independent_count(demo) -> None:
    with clew.open(demo / "case") as case:
        for exhibit in (demo / "evidence").iterdir():
            counted = subprocess.run(
                ["find", exhibit, "-mindepth", "1", "-printf", "x"], capture_output=True, check=True
            )
            (row,) = case.rows(
                "SELECT count(*) AS n FROM items WHERE exhibit_id = $e AND NOT in_archive",
                e=exhibit.name,
            )
            assert row["n"] == len(counted.stdout)


def test_a_second_run_changes_nothing(demo) -> None:
    def tables() -> dict[str, str]:
        with clew.open(demo / "case") as case:
            return {out.file: out.sha256 for done in case.manifests.every() for out in done.outputs}

    before = tables()
    assert run("run", demo / "case").returncode == 1  # some sources can't be read, as planned
    assert tables() == before


def test_the_readme_shows_what_the_demo_does(demo) -> None:
    readme = (Path(__file__).parents[3] / "README.md").read_text("utf-8")
    shown = re.search(r"^\$ \S*clew status demo/case\n(.*?)^```", readme, re.MULTILINE | re.DOTALL)[
        1
    ]
    said = run("status", demo / "case").stdout.splitlines()
    assert set(shown.splitlines()) - {"\u2026", ""} <= set(said)


def test_the_case_verifies_and_a_flipped_bit_is_found(demo, tmp_path) -> None:
    import shutil

    assert run("verify", demo / "case").returncode == 0
    copy = tmp_path / "case"
    shutil.copytree(demo / "case", copy)
    content = max((copy / "store").rglob("*"), key=lambda f: f.stat().st_size if f.is_file() else 0)
    content.chmod(0o600)
    data = bytearray(content.read_bytes())
    data[len(data) // 2] ^= 1
    content.write_bytes(data)
    done = run("verify", copy)
    assert done.returncode == 3
    assert content.name in done.stderr


def test_every_match_and_first_share_leads_back_to_a_file(demo) -> None:
    with clew.open(demo / "case") as case:
        matches = case.rows("FROM matches")
        firsts = case.rows("FROM first_shares LIMIT 3")
    gone = next(m for m in matches if not m["file_present"])
    present = next(m for m in matches if m["file_present"])
    for wanted in (gone["match_id"], present["match_id"], *(f["event_id"] for f in firsts)):
        done = run("explain", demo / "case", wanted, "--json")
        assert done.returncode == 0, done.stderr
        found = [json.loads(line) for line in done.stdout.splitlines()]
        tables = [row["table"] for row in found]
        evidence = [table for table in tables if table != "check"]
        assert evidence[-1] == "exhibits"
        assert tables[: len(evidence)] == evidence  # what checks it without Clew stands below
        assert "items" in tables
        assert any(row["table"] == "items" and row["sha256"] for row in found)


def test_the_report_asks_for_nothing(report) -> None:
    page = Page(report)
    tags = {tag for tag, _ in page.tags}
    assert not tags & {"script", "img", "iframe", "link", "object", "embed", "video", "audio"}
    for _, attributes in page.tags:
        for name in ("src", "href", "srcset", "action", "style"):
            value = attributes.get(name) or "#"
            assert value.startswith("#"), (name, value)
        assert not any(name.startswith("on") for name in attributes)
    (policy,) = [a["content"] for t, a in page.tags if a.get("http-equiv")]
    style = re.search("<style>(.*?)</style>", report, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "url(" not in style
    assert "@import" not in style


def test_the_report_names_nobody(demo, report) -> None:
    with clew.open(demo / "case") as case:
        names = {r["name"] for r in case.rows("SELECT DISTINCT name FROM account_names")}
        numbers = {r["e164"] for r in case.rows("SELECT DISTINCT e164 FROM accounts") if r["e164"]}
        lids = {r["identifier"] for r in case.rows("FROM accounts WHERE id_type = 'lid'")}
    assert len(names) > 20
    assert len(numbers) > 20
    text = re.sub("<[^>]+>", " ", report)
    assert [n for n in numbers if n.lstrip("+") in report] == []
    assert [lid for lid in lids if lid in report] == []
    assert [n for n in names if re.search(rf"\b{re.escape(n)}\b", text)] == []


def test_the_unmasked_report_names_people_and_is_logged(demo, tmp_path) -> None:
    out = tmp_path / "named.html"
    assert run("report", demo / "case", out, "--unmask").returncode == 2
    done = run("report", demo / "case", out, "--unmask", "--reason", "request 12")
    assert done.returncode == 0, done.stderr
    page = out.read_text(encoding="utf-8")
    with clew.open(demo / "case") as case:
        names = {r["name"] for r in case.rows("SELECT DISTINCT name FROM account_names")}
        assert sum(html.escape(name) in page for name in names) > 20
        assert any("request 12" in entry.body for entry in case.custody.entries())


def test_what_programs_see_is_masked_too(demo) -> None:
    for arguments in (
        ("show", demo / "case", "persons", "--json"),
        ("show", demo / "case", "members", "--json"),
        ("query", demo / "case", "select * from accounts", "--json"),
        ("query", demo / "case", "select distinct chat_id from messages", "--json"),
    ):
        done = run(*arguments)
        assert done.returncode == 0, done.stderr
        with clew.open(demo / "case") as case:
            found = case.rows("FROM accounts WHERE id_type IN ('phone', 'lid')")
        numbers = {row["identifier"] for row in found}
        assert [n for n in numbers if n in done.stdout] == []


def test_the_run_log_holds_nothing_from_the_evidence(demo) -> None:
    logs = "".join(f.read_text() for f in (demo / "case" / "runs").iterdir())
    assert "begin" in logs
    with clew.open(demo / "case") as case:
        texts = case.rows("SELECT DISTINCT text FROM messages WHERE len(text) > 12 LIMIT 500")
    assert not any(row["text"] in logs for row in texts)
    assert not re.search(r"\d{1,3}00000\d{4}", logs)


def test_hostile_text_is_inert_in_report_and_terminal(tmp_path) -> None:
    case, evidence = tmp_path / "case", tmp_path / "ev"
    evidence.mkdir()
    bad = "<script>alert(1)</script>\x1b[31m\u202egpj.exe"
    (evidence / "chat.txt").write_text(
        f'01/02/2024, 10:00 - Contact 01 created group "{bad}"\n'
        "13/02/2024, 10:01 - Contact 01: <img src=x onerror=alert(1)>\n"
        "13/02/2024, 10:02 - Contact 02: hello\n"
    )
    os.rename(evidence / "chat.txt", evidence / f"WhatsApp Chat with {bad.replace('/', '_')}.txt")
    assert run("new", case, "--title", "<b>T</b>", "--authority", "A").returncode == 0
    added = run("add", case, evidence, "--exhibit", "X", "--kind", "phone", "--country", "ES")
    assert added.returncode == 0, added.stderr
    assert run("run", case).returncode == 0
    out = tmp_path / "r.html"
    assert run("report", case, out).returncode == 0
    page = out.read_text(encoding="utf-8")
    assert "<script" not in page
    assert "<img" not in page
    assert "<b>T" not in page
    assert "\u202e" not in page
    assert "\x1b" not in page
    shown = run("show", case, "groups")
    assert "\x1b" not in shown.stdout
    assert "\u202e" not in shown.stdout
    cut = next(line for line in shown.stdout.splitlines() if line.startswith("<script>"))
    assert "\u2026" in cut  # what no longer fits the terminal; whole it stands in words:
    whole = run("show", case, "groups", "--wide")
    assert "\x1b" not in whole.stdout
    assert "\u202e" not in whole.stdout
    assert "U+001B" in whole.stdout
