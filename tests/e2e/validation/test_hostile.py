"""Real hostile and broken containers: every one accounted for, at every level of the sandbox."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import pytest
from steps import take_in

from clew.casefile import create_case
from clew.evidence.bounds import Bounds
from clew.evidence.entries import Intake
from clew.evidence.signatures import is_container
from clew.records import Exhibit, ExhibitKind
from clew.sandbox import Guard, Level, Limits
from clew.words.reasons import registered

BOUNDS = Bounds(members=2_000, total_bytes=2 << 30)
"""Some archives of the corpus hold 100,000 alike: the limit keeps the gate short, and is told."""


def take(folder: Path, case_folder: Path, limits: Limits) -> list[dict]:
    exhibit = Exhibit(
        exhibit_id="H-01", kind=ExhibitKind.USB, country="ES", authority="a", hash_only=False,
        content_sha256="",
    )  # fmt: skip
    with create_case(case_folder, "Hostile", "tests") as case, case.writing():
        take_in(case, Intake(exhibit, (folder,), BOUNDS), limits=limits)
        return case.rows("FROM items ORDER BY path, item_id")


def listing(folder: Path) -> dict[str, tuple[int, int]]:
    return {str(f): (f.stat().st_size, f.stat().st_mtime_ns) for f in folder.rglob("*")}


@pytest.fixture(scope="module")
def taken(fixtures, tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    corpus = fixtures / "hostile" / "container"
    before = listing(corpus)
    items = take(corpus, folder / "case", Limits())
    assert listing(corpus) == before
    return corpus, items, folder


@pytest.mark.slow
def test_every_container_is_accounted_for(taken) -> None:
    corpus, items, _ = taken
    seen = {i["path"] for i in items if not i["in_archive"]}
    assert seen == {str(f.relative_to(corpus)) for f in corpus.rglob("*")}
    parents = {i["parent_item_id"] for i in items if i["in_archive"]}
    silent = [
        i["path"]
        for i in items
        if is_container(i["media_type"]) and i["outcome"] == "processed"
        and i["item_id"] not in parents
    ]  # fmt: skip
    assert silent == []
    assert all(i["reason"] for i in items if i["outcome"] != "processed")
    assert not {i["reason"] for i in items if i["reason"] and not registered("items", i["reason"])}


@pytest.mark.slow
def test_no_file_costs_a_worker_or_is_lost_to_an_error_of_ours(taken) -> None:
    _, items, _ = taken
    reasons = {i["reason"] or "" for i in items}
    assert not [r for r in reasons if r.startswith(("crash", "error", "timeout"))]


@pytest.mark.slow
def test_nothing_is_written_but_in_the_case(taken) -> None:
    _, _, folder = taken
    assert [p.name for p in folder.iterdir()] == ["case"]
    store = folder / "case" / "store"
    for kept in store.rglob("*"):
        if kept.is_file():
            assert hashlib.sha256(kept.read_bytes()).hexdigest().endswith(kept.name[-8:])


@pytest.mark.slow
def test_the_sandbox_changes_no_verdict(taken, tmp_path) -> None:
    guard = Guard()
    if guard.standing.level != Level.STRONG:
        pytest.skip(f"this machine has no strong sandbox: {guard.standing.why}")
    guard.close()
    corpus, strong, _ = taken
    assert take(corpus, tmp_path / "basic", Limits(strong=False)) == strong


@pytest.mark.slow
def test_zip_members_are_salvaged_as_by_all_readers_together(taken) -> None:
    corpus, items, _ = taken
    zips = {i["path"]: i["item_id"] for i in items
            if i["media_type"] == "application/zip" and not i["in_archive"]}  # fmt: skip
    ours = {(i["path"].split("/", 2)[1], i["sha256"]) for i in items
            if i["parent_item_id"] in zips.values() and i["sha256"] and i["size"]}  # fmt: skip
    union = set(ours)
    for path in zips:
        name = path.split("/", 1)[1]
        union |= {(name, sha256) for sha256 in _standard(corpus / path)}
    assert len(union) > 100
    assert len(ours) >= 0.9 * len(union)


def _standard(file: Path) -> set[str]:
    found = set()
    try:
        with zipfile.ZipFile(file) as archive:
            for name in archive.namelist():
                try:
                    data = archive.read(name)
                except Exception:  # noqa: BLE001 - a peer that gives a member up
                    continue
                found |= {hashlib.sha256(data).hexdigest()} if data else set()
    except Exception:  # noqa: BLE001 - a peer that gives the archive up
        return found
    return found
