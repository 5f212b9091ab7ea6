"""Checks that whoever reads personal data is in the log before anything is shown, and masked.

Every way to read is called as a person calls it: as a command, or from Python.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Self
from xml.sax.saxutils import unescape

import msgspec

from clew import views
from clew.casefile import Case, create_case, open_case
from clew.casefile.chronicle import READ
from clew.casefile.custody.identity import operating_user
from clew.casefile.custody.signed import INTRODUCED, is_signed_by
from clew.casefile.ledger import JUDGED
from clew.casefile.masking import WITHHELD
from clew.casefile.step_manifest import StepManifest
from clew.casefile.verify import verify
from clew.reading import Disclosure, disclose
from clew.records import MessagePlace
from clew.schema import Id, table_part, tables
from clew.validation.assertions import Assertion, Plan

_SERVER = """
import contextlib, io, json, sys
from clew.cli import main
for line in sys.stdin:
    asked, code, out, err = json.loads(line), 0, io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            exec(asked[1]) if asked[0] == "Python" else main(asked)
        except SystemExit as ended:
            code = ended.code or 0
        except BaseException as error:
            code = f"{type(error).__name__}: {error}"
    print(json.dumps([code, out.getvalue(), err.getvalue()]), flush=True)
"""
"""Runs the commands that come in, one a line, as if each were called by itself."""
_REASON = "validation of unmasking"
DECIDES = ("--by", "validation", "--reason", _REASON)
_CAN_UNMASK = ("show", "query", "explain")
_OF_ONE = ("explain a person", "persons explain")
"""Ways to read of one person, whom the log has under a seal."""
_PARTS = (
    "SELECT text, substr(chat_id, 1) AS a, encode(sender_account_id) AS b FROM messages",
    "SELECT a FROM accounts AS a",
    "SELECT CAST(e164 AS DATE) FROM accounts",
)
"""Queries of a masked reader that take values apart, whole rows, and an error that quotes one."""


class Called(msgspec.Struct, frozen=True):
    """What a command printed, and how it ended."""

    code: Any
    out: str
    err: str


class Commands:
    """Calls commands one after another in one process of their own, as somebody without a key."""

    def __init__(self, home: Path) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-c", _SERVER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "XDG_CONFIG_HOME": str(home), "LOGNAME": "somebody else"},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def call(self, asked: list[str]) -> Called:
        """Call ``clew`` with these arguments, or run a line of Python that follows the word."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        return Called(*json.loads(self._process.stdout.readline()))


_FULL = "CREATE TRIGGER full BEFORE INSERT ON entry BEGIN SELECT RAISE(FAIL, 'disk full'); END"
"""Makes a log that takes no further entry, as on a full disk, and that can be opened."""


def readings(plan: Plan) -> Iterator[Assertion]:
    """Read in every way there is: masked, unmasked, and where nothing can be logged."""
    folder, blind = plan.folder / "case", plan.folder / "case-with-a-full-log"
    written = plan.folder / "written"
    written.mkdir()
    shutil.copytree(folder, blind)
    with closing(sqlite3.connect(blind / "custody.sqlite")) as log:
        log.execute(_FULL)
    with open_case(folder) as case, Commands(plan.folder / "settings") as commands:
        yield from _logged(case, blind, commands, written)
        yield _masked(case, commands, written)
        yield _withheld(plan.folder / "places")
        yield from _unmasked(case, commands)


def _logged(case: Case, blind: Path, commands: Commands, written: Path) -> Iterator[Assertion]:
    unlogged, shown = [], []
    ways = _ways(case, case.folder, written / "masked")
    for name, asked in ways.items():
        before = _size(case)
        done = commands.call(asked)
        entry = _last_reading(case)
        masked = entry.get("masked") is True or name == "Python"  # which hands out rows as they are
        is_logged = masked and entry.get("what") and entry.get("legal_basis")
        is_logged = is_logged and entry.get("by") == operating_user()
        if name in _OF_ONE:
            is_logged = is_logged and asked[-1] in str(
                case.custody.vault.text(str(entry.get("sealed")))
            )
        if done.code not in (0, 1) or _size(case) == before or not is_logged:
            unlogged.append(name)
    for name, asked in _ways(case, blind, written / "blind").items():
        refused = commands.call(asked)
        if refused.out or refused.code in (0, 1):
            shown.append(name)
    yield Assertion(
        "P8-01", not unlogged,
        f"{len(ways)} ways to read; not logged: {', '.join(unlogged) or 'none'}",
    )  # fmt: skip
    yield Assertion(
        "P8-02", not shown,
        f"{len(ways)} ways to read a case whose log takes no entry; shown by: "
        f"{', '.join(shown) or 'none'}",
    )  # fmt: skip


def _unmasked(case: Case, commands: Commands) -> Iterator[Assertion]:
    """Unmasking needs a reason and is logged with it, and so is a judgement."""
    wrong = []
    ways = [w for w in _ways(case, case.folder, Path()).values() if w[0] in _CAN_UNMASK]
    for asked in ways:
        refused, before = commands.call([*asked, "--unmask"]), _size(case)
        done, size = commands.call([*asked, "--unmask", "--reason", _REASON]), _size(case)
        entry = _last_reading(case)
        is_logged = entry.get("masked") is False and _REASON in str(entry.get("purpose"))
        if refused.out or not refused.code or done.code or size == before or not is_logged:
            wrong.append(asked[0])
    figures = f"{len(ways)} ways to unmask; wrong: {', '.join(wrong) or 'none'}"
    yield Assertion("P8-03", not wrong and bool(ways), figures)
    accounts = case.rows(
        "SELECT account_id AS id FROM accounts WHERE e164 IS NOT NULL ORDER BY id LIMIT 2"
    )
    before, pair = _size(case), [row["id"] for row in accounts]
    judged = commands.call(["persons", "reject", str(case.folder), *pair, *DECIDES])
    added = _size(case) - before
    yield Assertion("P8-04", not judged.code and added > 0, f"{added} entries of a judgement")
    yield _signed(case, commands, pair)
    commands.call([*ways[0], "--unmask", "--reason", _REASON])
    public = str(_first(case, INTRODUCED).get("public"))
    is_right = is_signed_by(case.config.case_id, _last_reading(case), public)
    yield Assertion("P14-02", is_right, f"an unmasking of {ways[0][0]}")


def _signed(case: Case, commands: Commands, pair: list[str]) -> Assertion:
    """A judgement is signed by its author's key; nobody judges as somebody else."""
    missing = [one for one in verify(case) if one.what == "signature" and one.is_problem]
    judged, public = _first(case, JUDGED), str(_first(case, INTRODUCED).get("public"))
    forged = is_signed_by(case.config.case_id, {**judged, "digest": "0" * 64}, public)
    ask = ["persons", "reject", str(case.folder), *pair, "--reason", _REASON]
    other, again = commands.call([*ask, "--by", "Somebody Else"]), commands.call(ask)
    figures = (
        f"missing signatures: {len(missing)}; forged one taken: {forged}; as another: exit "
        f"{other.code}, as oneself: exit {again.code}"
    )
    right = bool(judged) and not missing and not forged and bool(other.code) and not again.code
    return Assertion("P14-01", right, figures)


def _masked(case: Case, commands: Commands, written: Path) -> Assertion:
    """Nothing that is shown without a reason holds a number or a name of a person."""
    known = case.rows(
        "SELECT DISTINCT ltrim(e164, '+') AS word FROM accounts WHERE e164 IS NOT NULL "
        "UNION SELECT DISTINCT name FROM account_names WHERE name LIKE '% %' ORDER BY word"
    )
    words, folder = [row["word"] for row in known], str(case.folder)
    ways = _ways(case, case.folder, written / "shown")
    del ways["Python"]  # it hands rows to a program, which masks what it shows
    ways |= {f"show {name}": ["show", folder, name, "--limit", "300"] for name in views.names()}
    ways |= {
        f"query {name}": ["query", folder, f"FROM {name} LIMIT 1000", "--json"] for name in tables()
    }
    ways |= {f"query {text}": ["query", folder, text] for text in _PARTS}
    texts: dict[str, str] = {}
    for name, asked in ways.items():
        done = commands.call(asked)
        texts[name] = done.out + done.err
    texts |= dict(_written(written))
    leaks = [name for name, text in texts.items() if any(word in text for word in words)]
    size = sum(map(len, texts.values()))
    figures = (
        f"{len(ways)} commands and {len(texts) - len(ways)} files, {size:,} characters; "
        f"{len(words)} numbers and names looked for, left in: {', '.join(leaks) or 'none'}"
    )
    return Assertion("P11-01", not leaks and bool(words) and size > 0, figures)


def _written(folder: Path) -> Iterator[tuple[str, str]]:
    """The text of each file that a command wrote, and of each part of a workbook."""
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as book:
                for part in book.namelist():
                    yield f"{name}/{part}", unescape(book.read(part).decode("utf-8", "replace"))
        elif path.is_file():
            yield name, path.read_text("utf-8", "replace")


def _withheld(folder: Path) -> Assertion:
    """A place is withheld unasked, and no pseudonym can be made without the case's secret."""
    account, shown = "whatsapp:pn:34600111222", set()
    place = MessagePlace(
        exhibit_id=Id("V-1"), source_id="a" * 64, locator="message/1",
        event_id=Id(f"{0:020}#message/1"),
        latitude=40.4, longitude=-3.7, name="Home", value_raw="40.4,-3.7",
    )  # fmt: skip
    for name in ("one", "other"):
        with create_case(folder / name, "Validation", "validation") as case:
            case.publish(StepManifest("read", "V-1", "k", ()), [table_part(MessagePlace, [place])])
            with disclose(case, Disclosure(what="validation")) as reading:
                rows = reading.query("SELECT latitude, name, value_raw FROM message_places")
            shown.add(case.masking().of(account))
    withheld = [*rows[0].values()] == [None, WITHHELD, WITHHELD]
    figures = f"places withheld: {withheld}; pseudonyms of an account in two cases: {len(shown)}"
    return Assertion("P11-02", withheld and len(shown) > 1, figures)


def _ways(case: Case, folder: Path, written: Path) -> dict[str, list[str]]:
    """Each way to read a case, and how it is called."""
    (person,) = case.rows(
        "SELECT person_id AS id, accounts FROM persons ORDER BY accounts DESC, person_id LIMIT 1"
    )
    at, who = str(folder), person["id"]
    return {
        "show": ["show", at, "persons"],
        "query": ["query", at, "select text from messages limit 1"],
        "explain a person": ["explain", at, who],
        "explain all of a person": ["explain", at, who, "--all", "--json"],
        "explain a figure": ["explain", at, "figure:messages"],
        "persons list": ["persons", "list", at],
        "persons explain": ["persons", "explain", at, who],
        "persons between": ["persons", "between", at, "--country", "ES"],
        "persons judgements": ["persons", "judgements", at],
        "export graph": ["export", "graph", at, f"{written}.gexf", "--format", "gexf"],
        "report": ["report", at, f"{written}.html", "--json"],
        "Python": ["Python", f"import clew; print(clew.open({at!r}).table('accounts'))"],
    }


def _size(case: Case) -> int:
    return case.custody.checkpoint().size


def _last_reading(case: Case) -> dict[str, Any]:
    """What the log says of the last reading."""
    entries = (entry.content for entry in reversed([*case.custody.entries()]))
    return next((e for e in entries if e["action"] == READ), {})


def _first(case: Case, action: str) -> dict[str, Any]:
    """The first entry of this kind in the log."""
    entries = (entry.content for entry in case.custody.entries())
    return next((e for e in entries if e["action"] == action), {})
