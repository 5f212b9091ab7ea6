"""Cases that receive: what tests of the laws of merge share."""

from __future__ import annotations

import hashlib
from pathlib import Path
from unittest import mock

import msgspec
from builders.countries import package, rows_of, tables_of
from builders.publishing import publish_step

from clew import pipeline
from clew.casefile import create_case
from clew.casefile.received import WHOLE
from clew.casefile.step_manifest import StepManifest
from clew.exchange.receiving import take_in
from clew.exchange.receiving.permissions import scopes
from clew.findings.linkage import Inferred
from clew.schema import tables
from clew.steps import step

COUNTRIES = ("ES", "PT", "CO", "MX", "AR")
INFER = "clew.findings.resolve.infer"
STEPS = ("resolve", "clocks", "merge")


def new_case(folder: Path, own: list | None = None):
    case = create_case(folder, "Test", "Order 1/2026")
    if own:
        with case.writing():
            publish_own(case, own)
    return case


def publish_own(case, rows: list, exhibit: str = "E-01") -> None:
    """Rows as the case's own: what intake and reading would have written."""
    taken = [row for row in rows if type(row).home == "evidence"]
    publish_step(case, "intake", exhibit, *taken)
    publish_step(case, "read", exhibit, *(row for row in rows if row not in taken))


def receive(case, *countries: str, seed: int = 0, **about) -> None:
    with case.writing():
        for country in countries:
            take_in(case, package(country, **about), tables_of(rows_of(country, seed)))


def conclude(case, names=STEPS) -> None:
    """Some steps, by the case's own facts and then over what was received as well.

    Nothing is inferred, which takes long and joins nobody across origins.
    """
    with case.writing(), mock.patch(INFER, return_value=Inferred()):
        for name in names:
            step(name).run(pipeline.context_of(case, name))
        for scope, packages in scopes(case).items():
            if not packages:
                continue
            with case.over(scope, packages):
                for name in names:
                    context = msgspec.structs.replace(pipeline.context_of(case, name), scope=scope)
                    step(name).run(context)
                case.publish(StepManifest(WHOLE, scope, "", ()), ())


def state(case) -> str:
    """Digest over all that the case shows: facts of both sides, and the conclusions from them."""
    case.refresh()
    digest = hashlib.sha256()
    for name in sorted(tables()):
        rows = sorted(map(repr, case.rows(f'SELECT * FROM "{name}"')))
        digest.update(repr((name, rows)).encode())
    return digest.hexdigest()


def files(folder: Path) -> dict[str, str]:
    """Every file of a case that is not its log, and every folder."""
    left_out = ("custody.sqlite", "sealed.sqlite", "ledger.sqlite", "runs", "snapshots", ".lock",
                ".generation", "case.toml", "mask.key")  # fmt: skip
    found = {}
    for file in sorted(folder.rglob("*")):
        name = str(file.relative_to(folder))
        if not name.startswith(left_out):
            found[name] = "" if file.is_dir() else hashlib.sha256(file.read_bytes()).hexdigest()
    return found
