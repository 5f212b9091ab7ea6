"""From offer to notice as people type it, each as the user whose key it is."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from builders.publishing import publish_step
from builders.routing import ADMIN, GROUP, SHA, officer, put
from run_cli import run_cli

from clew.casefile import create_case, open_case
from clew.casefile.custody import keys
from clew.casefile.custody.checkpoint import verifier
from clew.exchange.routing import decisions
from clew.records import Message, MessageKind, PersonCategory, RecordState, TimeBasis

NUMBER = f"+{ADMIN.rpartition(':')[2]}"


class Agencies:
    """ES with a suspect, PT with a list, each with officers and a key."""

    def __init__(self, folder, monkeypatch) -> None:
        self.folder, self._patch = folder, monkeypatch
        monkeypatch.setenv("CLEW_PASSPHRASE_FILE", str(folder / "pass"))
        (folder / "pass").write_text("several secret words")
        with create_case(folder / "es", "ES", "Order 1/2026") as case:
            put(case)
            wrote = Message(
                exhibit_id="ES-01", source_id=SHA, locator="m/1", chat_id=GROUP,
                event_id="e#m/1", sender_account_id=ADMIN, kind=MessageKind.TEXT,
                sent_at=datetime(2017, 3, 1, tzinfo=UTC), tz_basis=TimeBasis.UTC,
                state=RecordState.LIVE,
            )  # fmt: skip
            publish_step(case, "read", "ES-01", wrote)
            decisions.mark(case, ADMIN, PersonCategory.SUSPECT, officer(case, folder, "A. One"))
        create_case(folder / "pt", "PT", "Order 2/2026").close()
        known = {}
        for name in ("es", "pt"):
            public = keys.make(folder / f"{name}.pem", "several secret words")
            known[name] = verifier(f"{name}.example/x", public)
        for case, other in (("es", "pt"), ("pt", "es")):
            self.run(case, "partner", "add", folder / case, other.upper(), "--name", other,
                     "--verifier", known[other], "--valid-until", "2099-01-01",
                     "--checked-how", "by telephone")  # fmt: skip

    def run(self, who: str, *words: object, code: int = 0):
        self._patch.setenv("XDG_CONFIG_HOME", str(self.folder / f"settings-{who}"))
        if not (self.folder / f"settings-{who}").exists():
            run_cli("whoami", "--name", f"{who} officer")
        done = run_cli(*words)
        assert done.returncode == code, (done.stdout, done.stderr)
        return done

    def deconflict(self, who: str, step: str, *words: object, code: int = 0, signs: bool = True):
        case = who[:2]
        key = ("--key", self.folder / f"{case}.pem", "--name", f"{case}.example/x",
               "--from", case.upper())  # fmt: skip
        return self.run(who, "deconflict", step, self.folder / case, *words, "--reason", "op 17",
                        *(key if signs else ()), code=code)  # fmt: skip


@pytest.fixture
def agencies(tmp_path, monkeypatch):
    return Agencies(tmp_path, monkeypatch)


def test_from_offer_to_notice(agencies) -> None:
    folder, run = agencies.folder, agencies.deconflict
    phone = ("--to", "PT", "--kind", "phone", "--legal-basis", "Art. 7")
    tried = run("es", "offer", *phone, "--dry-run", "--page", folder / "page.html", "--json")
    assert json.loads(tried.stdout) == {"offered": 1, "points": 256, "left_out": {}, "flagged": 0}
    assert "Not prevented" in tried.stderr
    assert "Not prevented" in (folder / "page.html").read_text("utf-8")
    assert not (folder / "es" / "deconfliction").exists()
    run("es", "offer", *phone, "--out", folder / "offer")
    (folder / "list").write_text(f"{NUMBER}|2017-05\n+351 910 000 000|2017-05\n")
    asking = ("--list", folder / "list", "--legal-basis", "Art. 8", "--out", folder / "ask")
    run("pt", "ask", folder / "offer", *asking)
    answering = (folder / "ask", "--out", folder / "answer")
    assert "second officer" in run("es", "answer", *answering, code=1).stderr
    assert "second officer" in run("es", "answer", *answering, code=1).stderr
    run("es2", "answer", *answering)
    assert "answered before" in run("es3", "answer", *answering, code=3).stderr
    read = run("pt", "read", folder / "answer", "--notice", folder / "notice", "--json", code=1)
    told = [json.loads(line) for line in read.stdout.splitlines()]
    assert [row["is_hit"] for row in told] == [True, False]
    assert NUMBER not in read.stdout + read.stderr
    notice = run("es", "read", folder / "notice", "--unmask", signs=False, code=1)
    assert NUMBER in notice.stdout
    for case in ("es", "pt"):
        listed = agencies.run(case, "deconflict", "list", folder / case, "--json")
        assert NUMBER not in listed.stdout
        with open_case(folder / case) as opened:
            assert not any(NUMBER in entry.body for entry in opened.custody.entries())
        assert run_cli("verify", folder / case).returncode == 0


REFUSED = (
    (("--list", "{folder}/pass"), "and not from a list"),
    (("--person", "x"), "no such person"),
    (("--period", "2026"), "no half-year"),
)


def test_an_offer_that_can_not_be_is_refused_in_words(agencies) -> None:
    for words, said in REFUSED:
        typed = [str(word).format(folder=agencies.folder) for word in words]
        typed += ["--to", "PT", "--kind", "phone", "--legal-basis", "Art. 7"]
        out = agencies.folder / "offer"
        done = agencies.deconflict("es", "offer", *typed, "--out", out, code=2)
        assert said in done.stderr
        assert not out.exists()


def test_a_file_that_is_none_is_refused_with_exit_code_3_and_no_traceback(agencies) -> None:
    odd = agencies.folder / "odd"
    for content in (b"", b"\0" * 100, b"[]\n", b'{"step":"offer"}\n', b"[" * 100_000):
        odd.write_bytes(content)
        for who, step, more in (
            ("pt", "ask", ("--person", "x", "--out", agencies.folder / "o")),
            ("es", "answer", ("--out", agencies.folder / "o")),
            ("pt", "read", ("--notice", agencies.folder / "o")),
        ):
            done = agencies.deconflict(who, step, odd, *more, code=3)
            assert "Traceback" not in done.stderr
            assert "Nothing of the file was kept" in done.stderr
    assert not (agencies.folder / "o").exists()
