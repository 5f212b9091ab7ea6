"""Ways to tamper with a case, as someone does who may write to its folder.

Each takes the folder of a case that is whole and an older copy of it, and leaves the case as that
person would; what was changed in the log's own tables is in ``tampering``.
"""

import hashlib
import shutil
import sqlite3
import tempfile
import tomllib
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

from msgspec import json
from msgspec.structs import replace

from clew.casefile import Case, create_case, open_case
from clew.casefile.chronicle import ERASURE_DONE
from clew.casefile.custody.checkpoint import Note, parse
from clew.casefile.files import sha256_of
from clew.casefile.ledger import Erasure
from clew.casefile.published import Part
from clew.casefile.runlog import RunLog
from clew.casefile.step_manifest import WHOLE_CASE, Output, StepManifest
from clew.casefile.verify import verify
from clew.errors import EvidenceError
from clew.records import (
    Account,
    Decision,
    Exhibit,
    ExhibitKind,
    FileCategory,
    Flag,
    HashSet,
    Item,
    ItemKind,
    Outcome,
    PersonJudgement,
    PersonRole,
    SetKind,
)
from clew.schema import Id, Row, table_part

Tamper = Callable[[Path, Path], None]
_NOW = datetime(2026, 1, 2, tzinfo=UTC)


def whole_case(folder: Path, older: Path) -> Case:
    """A small case with something of every kind, and a copy from before it was finished."""
    case = create_case(folder, "Validation", "validation")
    with case.writing():
        for exhibit in ("V-1", "V-2"):
            _take_in(case, exhibit, f"content of {exhibit}".encode())
        _add_set(case)
        case.publish(StepManifest("roles", WHOLE_CASE, "k", ()), [_roles("p")])
        (folder / "mappings").mkdir()
        (folder / "mappings" / "m.yaml").write_text("columns: {}")
        digest = sha256_of(folder / "mappings" / "m.yaml")
        case.custody.append("mapping taken in", name="m", sha256=digest)
    case.ledger.append(_category("1"))
    case.custody.append_sealed("read", {"about": ["whatsapp:pn:34600111222"]}, what="messages")
    shutil.copytree(folder, older)
    case.custody.keep(case.custody.checkpoint().text)
    case.custody.append_sealed("read", {"about": ["erased later"]}, what="messages")
    case.ledger.append_all([_category("2"), _judgement(), _category("3")])
    _erase_last(case)
    with case.writing(), RunLog(folder / "runs", case.custody) as log:
        log.write("run")
        case.publish(StepManifest("roles", WHOLE_CASE, "k2", ()), [_roles("p", "q")])
    return case


def _erase_last(case: Case) -> None:
    """An honest erasure, of the last judgement and of one reading."""
    about = next(s for s in case.custody.vault.every() if "erased later" in str(s.text))
    number = case.ledger.rows()[-1].number
    case.ledger.erase(
        Erasure(at=_NOW.isoformat(), erased_by="A. Officer", reason="order 1", judgements=(number,),
                sealed=(about.digest,))
    )  # fmt: skip
    case.custody.append(ERASURE_DONE, erasure=1)


def _take_in(case: Case, exhibit: str, content: bytes) -> None:
    digest = hashlib.sha256(content).hexdigest()
    case.custody.append("taking in", exhibit_id=exhibit)
    incoming = case.store.receive()
    incoming.write(content)
    incoming.keep(digest)
    item = Item(
        item_id=Id(f"{exhibit}/1"), exhibit_id=Id(exhibit), path="a.txt", kind=ItemKind.FILE,
        in_archive=False,        size=len(content), sha256=digest, outcome=Outcome.PROCESSED,
    )  # fmt: skip
    taken = Exhibit(exhibit_id=Id(exhibit), kind=ExhibitKind.PHONE, country="ES", authority="a",
                    hash_only=False, content_sha256=digest)  # fmt: skip
    case.custody.append(
        "exhibit taken in", exhibit={"exhibit_id": exhibit, "content_sha256": digest}
    )
    flag = Flag(exhibit_id=Id(exhibit), item_id=item.item_id, code="odd")
    parts = [table_part(Exhibit, [taken]), table_part(Item, [item]), table_part(Flag, [flag])]
    case.publish(StepManifest("intake", exhibit, f"key of {exhibit}", ()), parts)


def _add_set(case: Case) -> None:
    index = case.folder / "hashsets" / "s@1" / "md5.bin"
    index.parent.mkdir(parents=True)
    index.write_bytes(bytes(16))
    beside = Output("index", "hashsets/s@1/md5.bin", 1, sha256_of(index))
    described = HashSet(
        set="s", version="1", kind=SetKind.KNOWN, source_name="s.csv", source_sha256="b" * 64,
        entries=1, rejected=0, format="csv", number=1, added_by="validation", records=1,
    )  # fmt: skip
    rows = table_part(HashSet, [described])
    case.custody.append("hash set taken in", set="s", version="1")
    case.publish(StepManifest("hashset", "s@1", "k", ()), [rows], (beside,))


def _roles(*persons: str) -> tuple[type[Row], Part]:
    made = [
        PersonRole(person_id=Id(one), groups=1, admin_of=0, connected_to=0, messages=0, shares=0,
                   known_shares=0, first_shares=0, exhibits=(Id("V-1"),)) for one in persons
    ]  # fmt: skip
    return table_part(PersonRole, made)


def _category(code: str) -> FileCategory:
    return FileCategory(number=0, sha256="a" * 64, scheme="VICS", country="ES", code=code,
                        judged_by="A", reason="seen", judged_at=_NOW)  # fmt: skip


def _judgement() -> PersonJudgement:
    pair: tuple[Id[Account], ...] = (Id("whatsapp:pn:34600111222"), Id("whatsapp:pn:34600333444"))
    return PersonJudgement(number=0, decision=Decision.ACCEPT, accounts=pair, others=(),
                           judged_by="A", reason="seen", judged_at=_NOW)  # fmt: skip


def _remove(case: Path, _: Path, name: str) -> None:
    for file in [*case.glob(name)]:
        shutil.rmtree(file) if file.is_dir() else file.unlink()


def _edit(case: Path, _: Path, name: str) -> None:
    (file,) = case.glob(name)
    file.chmod(0o600)
    raw = bytearray(file.read_bytes())
    raw[len(raw) // 2] ^= 1
    file.write_bytes(raw)


def _empty(case: Path, _: Path, name: str) -> None:
    (case / name).write_bytes(b"")


def _replace(case: Path, _: Path, name: str, content: str) -> None:
    (case / name).write_bytes(bytes.fromhex(content))


def _plant(case: Path, _: Path, name: str) -> None:
    file = case / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"planted")


def _swap(case: Path, _: Path, one: str, other: str) -> None:
    (first,), (second,) = case.glob(one), case.glob(other)
    aside = first.with_name("aside")
    first.rename(aside)
    second.rename(first)
    aside.rename(second)


def _roll_back(case: Path, older: Path, *names: str) -> None:
    for name in names:
        for file in older.glob(name):
            target = case / file.relative_to(older)
            target.unlink(missing_ok=True)
            shutil.copy2(file, target)


def _rewrite(case: Path, _: Path, name: str, *statements: str) -> None:
    with closing(sqlite3.connect(case / name, isolation_level=None)) as db:
        named = "SELECT name FROM sqlite_schema WHERE type = 'trigger'"
        for (trigger,) in db.execute(named).fetchall():
            db.execute(f'DROP TRIGGER "{trigger}"')
        for statement in statements:
            db.execute(statement)


def _plant_manifest(case: Path, _: Path) -> None:
    file = case / "done" / "match" / "case.json"
    file.parent.mkdir()
    file.write_text(StepManifest("match", WHOLE_CASE, "k", ()).text)


def _stage(case: Path, _: Path, ending: str) -> None:
    """Lay a manifest of another table beside the one in force, and the table with it."""
    table = case / "findings" / "roles.planted.parquet"
    table.write_bytes(b"planted")
    out = Output("roles", f"findings/{table.name}", 1, sha256_of(table))
    planted = StepManifest("roles", WHOLE_CASE, "k3", (out,))
    (case / "done" / "roles" / f"case.json.{ending}").write_text(planted.text)


def _repeat(case: Path, _: Path, ending: str) -> None:
    """Lay the manifest that is in force beside itself."""
    file = case / "done" / "intake" / "V-1.json"
    shutil.copy2(file, f"{file}.{ending}")


def _exchange(case: Path, _: Path) -> None:
    """Exchange a table, and its digest in its manifest with it."""
    (table,) = case.glob("findings/roles.*.parquet")
    table.write_bytes(b"exchanged")
    file = case / "done" / "roles" / "case.json"
    manifest = json.decode(file.read_bytes(), type=StepManifest)
    outputs = tuple(replace(out, sha256=sha256_of(table)) for out in manifest.outputs)
    file.write_text(replace(manifest, outputs=outputs).text)


def _edit_title(case: Path, _: Path) -> None:
    file = case / "case.toml"
    file.write_text(file.read_text().replace("Validation", "Another"))


def _make_link(case: Path, _: Path, name: str) -> None:
    file = min(case.glob(name))
    file.symlink_to(file.rename(case.parent / "elsewhere"))


def _roll_back_all(case: Path, older: Path) -> None:
    shutil.rmtree(case)
    shutil.copytree(older, case)


def _substitute(case: Path, _: Path) -> None:
    """Remove an exhibit, and take in other content under its name with Clew itself."""
    (case / "done" / "intake" / "V-1.json").unlink()
    with open_case(case) as opened:
        _take_in(opened, "V-1", b"other content")


_HOW: dict[str, Callable[..., None]] = {
    "edit": _edit, "edit_title": _edit_title, "empty": _empty, "exchange": _exchange,
    "make_link": _make_link, "plant": _plant, "plant_manifest": _plant_manifest, "remove": _remove,
    "repeat": _repeat, "replace": _replace, "rewrite": _rewrite, "roll_back": _roll_back,
    "roll_back_all": _roll_back_all, "stage": _stage, "substitute": _substitute, "swap": _swap,
}  # fmt: skip


def _tamper(how: str, *to: str) -> Tamper:
    return lambda case, older: _HOW[how](case, older, *to)


TAMPERS = {
    kind: _tamper(*how)
    for kind, how in tomllib.loads(
        resources.files("clew.validation").joinpath("tampers.toml").read_text("utf-8")
    ).items()
}
"""Every kind of tampering; the last two are found by whoever holds a later checkpoint."""


def missed(folder: Path) -> tuple[list[str], list[str]]:
    """Kinds that are not found, and what is found in a case that nobody touched."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with whole_case(folder / "whole", folder / "earlier") as case:
        newest = parse(case.custody.checkpoint().text)
    unseen = []
    for kind, tamper in TAMPERS.items():
        with tempfile.TemporaryDirectory(
            dir=folder
        ) as made:  # some leave something beside the case
            case_folder, older = Path(made) / "case", Path(made) / "older"
            shutil.copytree(folder / "whole", case_folder)
            shutil.copytree(folder / "earlier", older)
            tamper(case_folder, older)
            if not problems_of(case_folder, newest):
                unseen.append(kind)
    return unseen, problems_of(folder / "whole", newest)


def problems_of(folder: Path, *outside: Note) -> list[str]:
    """Everything that is wrong with a case."""
    try:
        with open_case(folder) as case:
            return [str(one.text) for one in verify(case, outside) if one.is_problem]
    except EvidenceError as error:
        return [str(error)]
