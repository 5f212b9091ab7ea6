"""The fault matrix: whatever happens on the way, nothing is lost and the tables are the same.

Each fault is named by a seed, so that one that was found can be had again. The gate runs a lean
share; CLEW_FAULTS=N takes N of each kind. docs/faults.md says which volumes are the full ones.
"""

from __future__ import annotations

import itertools
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from steps import take_in

from clew.casefile import create_case, ledger, open_case, runlog
from clew.casefile.custody import log as log_module
from clew.cli.verify import verify
from clew.demo import generate, small
from clew.errors import ClewError
from clew.evidence import walk
from clew.evidence.describe import described
from clew.records import ExhibitKind
from clew.sandbox import Guard, Limits, WorkerLost
from clew.validation import crashes, faults
from clew.validation.assertions import Plan

VOLUME = int(os.environ.get("CLEW_FAULTS", "0"))
SEED = int(os.environ.get("CLEW_SEED", "2026"))


def volume(lean: int) -> int:
    return VOLUME or lean


@pytest.fixture(scope="module")
def operation(tmp_path_factory):
    return generate(tmp_path_factory.mktemp("faults") / "operation", small())


@pytest.fixture(scope="module")
def evidence(operation) -> Path:
    return operation.of_kind(ExhibitKind.LAPTOP)[0].paths[0]


@pytest.fixture(scope="module")
def beside(tmp_path_factory) -> Path:
    """Folder of every series, and of the way that nothing happens to."""
    return tmp_path_factory.mktemp("series")


@pytest.fixture(scope="module")
def expected(evidence, beside) -> dict[str, str]:
    """Digest of every table when nothing happens on the way."""
    whole = beside / faults.WHOLE
    faults.whole_way(whole, evidence)  # nothing is done anew where a series has made it
    return faults.digests(whole)


@pytest.mark.slow
@pytest.mark.whole("a validation makes this check (test_checks.py)")
@pytest.mark.parametrize("kind", ["killed", "disk full"])
def test_stopped_at_any_effect_it_ends_with_the_same_tables(beside, evidence, kind) -> None:
    tries = faults.series(kind, beside / kind, evidence, volume(1), SEED)
    assert tries.good, tries
    assert tries.faults == volume(1)
    assert tries.effects > 500


@pytest.mark.slow
@pytest.mark.whole("a validation makes this check (test_checks.py)")
def test_at_any_size_of_disk_it_ends_with_the_same_tables(tmp_path) -> None:
    plan = Plan(folder=tmp_path / "plan", seed=SEED, full_disks=volume(1))
    plan.folder.mkdir()
    (found,) = crashes.full_disks(plan)
    if found.passed is None:
        pytest.skip(found.figures)
    assert found.passed, found.figures
    assert f"stopped and went on at {volume(1)}" in found.figures


# What happens to a file between the walk and the end of its reading, and what is said of it.


def _grow(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"more")


def _shrink(path: Path) -> None:
    os.truncate(path, 5)


def _rewrite(path: Path) -> None:
    path.write_bytes(path.read_bytes()[::-1])


def _link(path: Path) -> None:
    path.unlink()
    path.symlink_to("/etc/hostname")


def _fifo(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _refuse(_: Path) -> None:
    raise PermissionError(13, "refused")


BEFORE = {
    "gone": (Path.unlink, "open:ENOENT"),
    "link": (_link, "open:ELOOP"),
    "fifo": (_fifo, "changed_during_read"),
    "folder": (_folder, "changed_during_read"),
    "refused": (_refuse, "open:EACCES"),
}
AFTER = {
    "grow": (_grow, "changed_during_read"),
    "shrink": (_shrink, "changed_during_read"),
    "rewrite": (_rewrite, "changed_during_read"),
}


@pytest.mark.volume
@pytest.mark.parametrize("seed", range(volume(4)))
def test_a_file_that_changes_under_the_reading_costs_itself(tmp_path, monkeypatch, seed) -> None:
    chance = random.Random(seed)
    top = tmp_path / "in"
    top.mkdir()
    for number in range(40):
        (top / f"f{number:02}").write_bytes(chance.randbytes(chance.randint(10, 5000)))
    kinds = (*BEFORE, *AFTER, "broken medium")
    victims = dict(zip(chance.sample(sorted(p.name for p in top.iterdir()), 9), kinds, strict=True))
    whole = walk.Folders.open_file

    def opened(folders, root, parts) -> int:
        kind = victims.get(os.fsdecode(parts[-1]), "")
        path = top / os.fsdecode(parts[-1])
        if kind in BEFORE:
            BEFORE[kind][0](path)
        if kind == "broken medium":
            return os.open("/proc/self/mem", os.O_RDONLY)  # a regular file; reading it is EIO
        handle = whole(folders, root, parts)
        if kind in AFTER:
            AFTER[kind][0](path)
        return handle

    monkeypatch.setattr(walk.Folders, "open_file", opened)
    with create_case(tmp_path / "case", "t", "a") as case, case.writing():
        take_in(case, described(case.config, (top,), faults.ABOUT))
        items = {i["path"]: (i["outcome"], i["reason"]) for i in case.rows("FROM items")}
    reasons = {kind: reason for kind, (_, reason) in (BEFORE | AFTER).items()}
    reasons["broken medium"] = "read:EIO"
    assert len(items) == 40
    for name, said in items.items():
        right = ("failed", reasons[victims[name]]) if name in victims else ("processed", None)
        assert said == right, (name, victims.get(name))


@pytest.mark.volume
@pytest.mark.parametrize("seed", range(volume(4)))
def test_of_any_tree_as_much_is_seen_as_find_counts(tmp_path, seed) -> None:
    chance = random.Random(seed)
    top = tmp_path / "tree"
    top.mkdir()
    folders = [os.fsencode(top)]
    for _ in range(chance.randint(20, 120)):
        name = chance.randbytes(chance.randint(1, 30)).translate(None, b"/\0") or b"x"
        path = chance.choice(folders) + b"/" + name
        if name in (b".", b"..") or os.path.lexists(path):
            continue
        kind = chance.choice("ffffdlps")
        if kind == "d":
            os.mkdir(path)
            folders.append(path)
        elif kind == "l":
            os.symlink(chance.choice(folders), path)
        elif kind == "p":
            os.mkfifo(path)
        else:
            with open(path, "wb") as file:
                file.write(chance.randbytes(20))
                file.truncate(20 if kind == "f" else 1 << 40)
    found = subprocess.run(["find", top, "-mindepth", "1", "-printf", "%y"], capture_output=True,
                           check=True).stdout.decode()  # fmt: skip
    with create_case(tmp_path / "case", "t", "a") as case, case.writing():
        take_in(case, described(case.config, (top,), faults.ABOUT))
        kinds = case.rows("SELECT kind, count(*) AS n FROM items GROUP BY kind")
    seen = {row["kind"]: row["n"] for row in kinds}
    types = {"file": "f", "directory": "d", "symlink": "l", "fifo": "p"}
    assert seen == {kind: found.count(t) for kind, t in types.items() if found.count(t)}


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(volume(1)))
def test_a_clock_that_jumps_changes_no_table_and_is_told(
    tmp_path, evidence, expected, monkeypatch, seed
) -> None:
    chance = random.Random(seed)
    real = log_module.datetime
    year = 365 * 86_400

    class Jumping(real):
        @classmethod
        def now(cls, zone):
            by = chance.choice((0, -10 * year, 10 * year, -3600, 3600, -1, 1))
            return real.fromtimestamp(real.now(zone).timestamp() + by, zone)

    for module in (log_module, ledger, runlog):
        monkeypatch.setattr(module, "datetime", Jumping)
    faults.whole_way(tmp_path / "case", evidence)
    assert faults.digests(tmp_path / "case") == expected
    with open_case(tmp_path / "case") as case:
        assert list(case.custody.problems()) == []
        times = [entry.content["at"] for entry in case.custody.entries()]
        back = sum(b < a for a, b in itertools.pairwise(times))
        assert len(list(case.custody.notices())) == back
        assert [entry.number for entry in case.custody.entries()] == list(range(1, len(times) + 1))


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("faketime"), reason="faketime is not installed")
@pytest.mark.parametrize("when", ["-10y", "2026-03-29 01:59:58", "2016-12-31 23:59:58"])
def test_under_another_time_of_the_whole_machine_the_tables_are_the_same(
    tmp_path, evidence, expected, when
) -> None:
    code = (
        "import sys, pathlib; from clew.validation.faults import whole_way; "
        "whole_way(*map(pathlib.Path, sys.argv[1:]))"
    )
    moment = when if when[0] in "+-" else f"@{when}"
    own = [sys.executable, "-c", code, tmp_path / "case", evidence]
    command = ["faketime", "-f", moment, *own]
    environment = {**os.environ, "TZ": "Europe/Madrid", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    subprocess.run(command, check=True, env=environment, capture_output=True)
    assert faults.digests(tmp_path / "case") == expected


@pytest.fixture(scope="module")
def complete(demo, tmp_path_factory) -> Path:
    """A case with contents, tables, hash sets and a log."""
    return shutil.copytree(demo / "case", tmp_path_factory.mktemp("rot") / "case")


def verified(case: Path) -> tuple[int, str]:
    result = CliRunner().invoke(verify, [str(case)], standalone_mode=False)
    if isinstance(result.exception, ClewError):
        return result.exception.exit_code, str(result.exception)
    if result.exception:
        raise result.exception
    return result.return_value, result.output


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["store", "facts", "findings", "hashsets", "done", "case.toml",
                                  "custody.sqlite"])  # fmt: skip
def test_one_flipped_bit_is_told_with_the_object_it_is_in(complete, kind) -> None:
    chance = random.Random(f"{SEED} {kind}")
    place = complete / kind
    files = [place] if place.is_file() else sorted(p for p in place.rglob("*") if p.is_file())
    files = [file for file in files if file.stat().st_size]
    for _ in range(volume(2)):
        file = chance.choice(files)
        before, mode = file.read_bytes(), file.stat().st_mode
        raw = bytearray(before)
        at = chance.randrange(len(raw))
        raw[at] ^= 1 << chance.randrange(8)
        with open_case(complete) as case:
            root = case.custody.checkpoint() if kind == "custody.sqlite" else case.config
        file.chmod(0o600)
        file.write_bytes(raw)
        try:
            code, said = verified(complete)
            if code:
                assert code in (2, 3)
                name = {"done": file.parent.name, "custody.sqlite": "custody log",
                        "case.toml": "case"}.get(kind, file.name)  # fmt: skip
                assert name in said, (file, at)
            else:  # a bit that says nothing: unused room of the log, a space in case.toml
                assert kind in ("custody.sqlite", "case.toml"), (file, at)
                with open_case(complete) as case:
                    same = case.custody.checkpoint() if kind == "custody.sqlite" else case.config
                assert same == root
        finally:
            file.write_bytes(before)
            file.chmod(mode)
    assert verified(complete)[0] == 0


@pytest.mark.volume
def test_workers_that_die_or_run_out_of_memory_cost_their_task_only() -> None:
    chance = random.Random(SEED)
    guard = Guard(Limits(memory=1 << 30))
    try:
        for _ in range(volume(6)):
            task = chance.choice(("crash", "end", "swell", "fail", "lie"))
            with pytest.raises(WorkerLost):
                list(guard.run(f"clew.sandbox.probes:{task}", {}))
            assert list(guard.run("clew.sandbox.probes:echo", {"n": 1})) == [{"n": 1}]
    finally:
        guard.close()


@pytest.mark.slow
def test_two_at_once_on_one_case_and_one_of_them_waits_or_is_refused(tmp_path, evidence) -> None:
    create_case(tmp_path / "case", "t", "a").close()
    command = [sys.executable, "-c", "from clew.cli import main; main()", "add",
               tmp_path / "case", evidence, "--kind", "phone", "--country", "ES"]  # fmt: skip
    both = [
        subprocess.Popen([*command, "--exhibit", f"E-{n}"], stderr=subprocess.PIPE, text=True)
        for n in range(2)
    ]
    ends = [(process.communicate()[1], process.returncode) for process in both]
    assert sum(code in (0, 1) for _, code in ends) == 1, ends
    (refused,) = [said for said, code in ends if code not in (0, 1)]
    assert "another clew is working" in refused or "as exhibit" in refused
    assert faults.unsound(tmp_path / "case") == []
