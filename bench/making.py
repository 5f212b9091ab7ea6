"""Part of bench/network.py: operations read from their databases once, and seized in part.

An operation takes twenty minutes to read, so that it is read with the most homes searched. What
fewer searches would have shown are the facts of some of the homes: one in each country first, as
the generator searches them. A device's facts do not depend on which other devices were seized.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from random import Random

import msgspec

import clew
from clew import pipeline
from clew.casefile import Case, create_case
from clew.casefile.engine import Progress
from clew.casefile.step_manifest import StepManifest
from clew.demo import Parameters, generate
from clew.demo.intake import take_exhibits
from clew.records import ExhibitKind
from clew.schema import tables

_PART = "-of-which-"
_FACTS = ("intake", "read", "fingerprint")
_KINDS = (ExhibitKind.PHONE, ExhibitKind.LAPTOP)
"""What holds conversations; the other devices of an operation do not."""
_SHARES, _TALK = 40_000, 126_000
"""Files shared, a ninth of the operation's, and its texts in groups, of which there are all."""


def made(folder: Path, seed: int, coverage: float) -> None:
    """Make an operation, read its phones and laptops, and keep facts and truth."""
    shutil.rmtree(folder, ignore_errors=True)
    shaped = Parameters(seed=seed, coverage=coverage, shares=_SHARES, chatter=_TALK / _SHARES)
    operation = generate(folder, shaped)
    exhibits = tuple(e for kind in _KINDS for e in operation.of_kind(kind))
    operation = msgspec.structs.replace(operation, exhibits=exhibits)
    with create_case(folder / "case", operation.title, "Bench: generated data") as case:
        take_exhibits(case, operation, Progress(), 1)
        pipeline.CONCLUSIONS = ()  # they are drawn for each part that is scored
        with case.writing():
            pipeline.run(case, Progress(), 1)
    shutil.rmtree(folder / "evidence")
    shutil.rmtree(folder / "case" / "store", ignore_errors=True)


def seized(folder: Path, coverage: float) -> Path:
    """The operation as it were if only this part of the persons of interest had been searched."""
    part = folder.with_name(f"{folder.name}{_PART}{coverage}")
    if part.exists():
        return part
    whole = clew.open(folder / "case")
    left = _of_homes(whole, folder.name, coverage)
    shutil.rmtree(hidden := part.with_name(f".{part.name}"), ignore_errors=True)
    hidden.mkdir()
    (hidden / "truth").symlink_to((folder / "truth").absolute())
    with create_case(hidden / "case", whole.config.title, whole.config.authority) as case:
        shutil.copytree(whole.folder / "hashsets", case.folder / "hashsets", dirs_exist_ok=True)
        with case.writing():
            for manifest in whole.manifests_read:
                if manifest.step == "hashset":
                    case.publish(
                        msgspec.structs.replace(manifest, outputs=()), (), manifest.outputs
                    )
                elif manifest.step in _FACTS and manifest.scope in left:
                    _copy(manifest, whole, case)
    return hidden.rename(part)


def is_part(folder: Path) -> bool:
    """The folder is an operation of which less is seized than was read."""
    return _PART in folder.name


def _copy(manifest: StepManifest, whole: Case, case: Case) -> None:
    """Let what a step wrote of an exhibit be in force in another case too."""
    known = tables()
    parts = [(known[out.table], whole.folder / out.file) for out in manifest.outputs]
    case.publish(msgspec.structs.replace(manifest, outputs=()), parts)


def _of_homes(case: Case, name: str, coverage: float) -> set[str]:
    """Exhibits of as many homes, drawn by chance, of which the first are one in each country."""
    exhibits = case.rows("FROM exhibits")
    countries = {row["search_id"]: row["country"] for row in exhibits}
    homes = sorted(countries)
    Random(f"{name} {coverage}").shuffle(homes)
    first = {countries[home]: home for home in reversed(homes)}.values()
    homes.sort(key=lambda home: home not in first)
    searched = homes[: round(coverage * Parameters().of_interest)]
    return {row["exhibit_id"] for row in exhibits if row["search_id"] in searched}
