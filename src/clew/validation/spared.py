"""Checks that Clew writes over nothing that is there, and that an erased person is gone."""

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from clew.casefile import Case, create_case, open_case
from clew.judgements import erasure
from clew.schema import Home, tables
from clew.validation.assertions import Assertion, Plan
from clew.validation.case_tampering import problems_of
from clew.validation.disclosure import DECIDES, Commands
from clew.validation.faults import AUTHORITY, taken

_REDACTED = (Home.FACTS, Home.FINDINGS, Home.JUDGEMENTS)
_NOT_OURS = ".tmp-somebody"
"""A name that begins as temporary files of many programs do, and not as Clew's own."""


def nothing_is_written_over(plan: Plan) -> Iterator[Assertion]:
    """Commands that write, asked to write where something is."""
    folder = plan.folder / "spared"
    evidence, case, beside = (folder / name for name in ("evidence", "case", "somebody's.txt"))
    evidence.mkdir(parents=True)
    for file in (evidence / "notes.txt", beside):
        file.write_text("not to be touched", "utf-8")
    with create_case(case, "Validation", AUTHORITY) as made, made.writing():
        taken(made, evidence)
    (case / "work" / _NOT_OURS).mkdir(parents=True)
    kept = case / "work" / _NOT_OURS / "file"
    kept.write_text("not Clew's", "utf-8")
    targets = (evidence / "notes.txt", evidence / "new", case / "case.toml", case / "new", beside)
    before, refused = _state(folder), 0
    add = ["add", str(case), str(case / "store"), "--kind", "phone", "--country", "LU"]
    ways = [[*add, "--exhibit", "V-02"], *(call for at in targets for call in _writing(case, at))]
    with Commands(folder / "settings") as commands:
        refused = sum(commands.call(asked).code == 2 for asked in ways)  # noqa: PLR2004 - a wrong call
    changed = [name for name, digest in before.items() if _state(folder).get(name) != digest]
    beyond = _state(folder).keys() - before.keys()
    yield Assertion(
        "P2-03", not changed and not beyond and refused == len(ways),
        f"{len(ways)} calls, {refused} refused; changed: {', '.join(changed) or 'none'}; "
        f"written: {', '.join(beyond) or 'none'}",
    )  # fmt: skip


def _writing(case: Path, target: Path) -> Iterator[list[str]]:
    yield ["report", str(case), str(target)]
    yield ["export", "graph", str(case), str(target), "--format", "gexf"]
    yield ["custody", "stamp", str(case), "--request", str(target)]
    yield ["validate", str(target)]


def _state(folder: Path) -> dict[str, str]:
    """Digest of every file, but of the logs and locks that every command adds to."""
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in folder.rglob("*")
        if file.is_file() and not file.name.endswith((".sqlite", ".lock", ".generation"))
    }


def erased_for_good(plan: Plan) -> Iterator[Assertion]:
    """Erase a person of the operation, and look for what is left."""
    folder = plan.folder / "case-erased"
    shutil.copytree(plan.folder / "case", folder)
    with open_case(folder) as case:
        person, other = case.rows(
            "SELECT account_id AS id FROM accounts WHERE e164 IS NOT NULL AND NOT is_owner "
            "GROUP BY account_id ORDER BY count(*) DESC, account_id LIMIT 2"
        )
    with Commands(plan.folder / "settings") as commands:
        commands.call(["persons", "reject", str(folder), person["id"], other["id"], *DECIDES])
    with open_case(folder) as case, case.writing():
        found = erasure.extent(case, person["id"])
        named = _holding(case, found.identifiers)
        holding = sum(named.values())
        erasure.erase(case, found, "validation", "order of the validation")
    with open_case(folder) as case:
        left = {name: n for name, n in _holding(case, found.identifiers).items() if n}
    wrong = problems_of(folder)
    yield Assertion(
        "P12-01", named["ledger"] > 0 and not left and not wrong,
        f"{holding} values named the person; left: {sum(left.values())} in "
        f"{', '.join(left) or 'no table'}; reported by verify: {len(wrong)}",
    )  # fmt: skip


def _holding(case: Case, identifiers: tuple[str, ...]) -> dict[str, int]:
    """Values that name somebody, by table, and in the texts of judgements and readings."""
    texts = {
        name: [str(value) for value in table.to_pylist() for value in value.values() if value]
        for name, row in tables().items() if row.home in _REDACTED
        for table in [pa.table(case.table(name))]
    }  # fmt: skip
    texts["ledger"] = [row.text or "" for row in case.ledger.rows()]
    texts["sealed texts"] = [one.text or "" for one in case.custody.vault.every()]
    return {
        name: sum(any(one in text for one in identifiers) for text in found)
        for name, found in texts.items()
    }
