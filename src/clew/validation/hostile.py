"""Checks with hostile input: archives, decoders that misbehave, ways out of the sandbox."""

import bz2
import gzip
import hashlib
import io
import lzma
import random
import tarfile
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from clew.casefile import Context, create_case
from clew.facts.read import read
from clew.sandbox import Guard, Level, Limits, WorkerLost
from clew.validation.assertions import Assertion, Plan
from clew.validation.faults import AUTHORITY, taken

Rows = list[dict[str, Any]]
_MISBEHAVING = ("crash", "end", "hang", "spin", "swell", "fail", "lie", "trickle", "flood")
_CHAT = "13/02/2024, 10:00 - Ana: one\n13/02/2024, 10:01 - Bo: two\n"
_DAMAGES = 100
_HEADER = 64


def damage_is_reported(plan: Plan) -> Iterator[Assertion]:
    """Archives with changed bytes: each member is as it was, or something is reported."""
    chance = random.Random(plan.seed)
    folder = plan.folder / "damaged"
    folder.mkdir(parents=True)
    whole = {f"file-{n}": chance.randbytes(2000) for n in range(8)}
    for number in range(_DAMAGES):
        pack = chance.choice(_PACKED)
        data = bytearray(pack(whole))
        for _ in range(chance.randint(1, 4)):
            data[chance.randrange(min(_HEADER, len(data) // 2), len(data))] ^= (
                1 << chance.randrange(8)
            )
        (folder / f"{number:03}").write_bytes(data)
    (folder / "empty.tar.gz").write_bytes(gzip.compress(b""))
    (folder / "hidden.zip").write_bytes(_hidden())
    items, flags = _take(plan.folder / "case-damaged", folder)
    contents = set(whole.values())
    silent = _silent(items, flags, folder, contents)
    yield Assertion(
        "P4-01",
        not silent,
        f"{_DAMAGES} archives damaged by seed {plan.seed}; silent: {len(silent)}",
        trials=_DAMAGES,
    )
    empty = next(i for i in items if i["path"].endswith("empty.tar.gz") and not i["in_archive"])
    yield Assertion(
        "P4-02",
        empty["outcome"] == "failed",
        f"a compressed file of nothing: {empty['outcome']} {empty['reason'] or ''}",
    )
    hidden = [i for i in items if i["in_archive"] and "hidden.zip" in i["path"]]
    yield Assertion(
        "P4-03",
        len(hidden) == 2,  # noqa: PLR2004 - the one that is named and the one that is not
        f"{len(hidden)} of 2 members",
    )


def decoders_cost_their_file(plan: Plan) -> Iterator[Assertion]:
    """A decoder that crashes, hangs or lies costs its own task, and the next one is served."""
    del plan
    guard = Guard(Limits(idle_seconds=3, cpu_seconds=1, sent_bytes=1 << 20))
    reasons: dict[str, str] = {}
    served = 0
    for task in _MISBEHAVING:
        try:
            list(guard.run(f"clew.sandbox.probes:{task}", {}))
        except WorkerLost as lost:
            reasons[task] = lost.reason
        served += list(guard.run("clew.sandbox.probes:echo", {"task": task})) == [{"task": task}]
    guard.close()
    yield Assertion(
        "P5-01",
        set(reasons) == set(_MISBEHAVING) and served == len(_MISBEHAVING),
        "; ".join(f"{task}: {reason}"[:60] for task, reason in reasons.items()),
    )


def lost_sources_are_reported(plan: Plan) -> Iterator[Assertion]:
    """A file whose reader sends more than it may is reported, by name and with the reason."""
    folder = plan.folder / "too-much"
    folder.mkdir(parents=True)
    (folder / "WhatsApp Chat with Ana.txt").write_text(_CHAT, "utf-8")
    with create_case(plan.folder / "case-lost", "Validation", AUTHORITY) as case, case.writing():
        taken(case, folder)
        read(Context(case=case, step="read", scope="V-01", limits=Limits(sent_rows=1)))
        reported = case.rows("SELECT path, code FROM unread WHERE severity = 'error'")
    yield Assertion(
        "P4-04",
        [(row["path"], row["code"]) for row in reported]
        == [(f.name, "limit:sent") for f in folder.iterdir()],
        f"1 file of a reader that was stopped; reported: {len(reported)}",
    )


def nothing_gets_out(plan: Plan) -> Iterator[Assertion]:
    """Every attempt to get out of the strong sandbox is refused."""
    evidence = plan.folder / "not-to-be-touched"
    evidence.mkdir(parents=True)
    (evidence / "file").write_bytes(b"evidence")
    guard = Guard()
    standing = guard.standing
    (attempts,) = guard.run("clew.sandbox.escapes:attempt", {"evidence": str(evidence)})
    guard.close()
    assert isinstance(attempts, dict)
    allowed = [name for name, said in attempts.items() if said == "ALLOWED"]
    strong = standing.level == Level.STRONG
    yield Assertion(
        "P5-02",
        not allowed if strong else None,
        f"{len(attempts) - len(allowed)} of {len(attempts)} attempts refused; level "
        f"{standing.level}{'' if strong else f' ({standing.why})'}"
        + (f"; allowed: {', '.join(allowed)}" if allowed else ""),
    )


def _take(case_folder: Path, folder: Path) -> tuple[Rows, Rows]:
    with create_case(case_folder, "Validation", AUTHORITY) as case, case.writing():
        taken(case, folder)
        return case.rows("FROM items ORDER BY path"), case.rows("FROM flags")


def _silent(items: Rows, flags: Rows, folder: Path, contents: set[bytes]) -> list[str]:
    """Archives that changed and of which nothing is reported, though a member is not as it was."""
    good = {hashlib.sha256(content).hexdigest() for content in contents}
    flagged = {f["item_id"] for f in flags}
    troubled, within = set(), defaultdict(set)
    for item in items:
        archive = item["path"].split("/")[0]
        within[archive].add(item["sha256"])
        if item["outcome"] == "failed" or item["item_id"] in flagged:
            troubled.add(archive)
    names = sorted(file.name for file in folder.glob("[0-9]*"))
    return [name for name in names if name not in troubled and not good <= within[name]]


def _tar(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content in files.items():
            about = tarfile.TarInfo(name)
            about.size = len(content)
            archive.addfile(about, io.BytesIO(content))
    return out.getvalue()


def _zip(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def _hidden() -> bytes:
    """An archive in front of which stands a member that its directory does not name."""
    one, two = _zip({"hidden": b"hidden" * 9}), _zip({"named": b"named" * 9})
    return one[: one.index(b"PK\x01\x02")] + two


_PACKED: tuple[Callable[[dict[str, bytes]], bytes], ...] = (
    _zip,
    lambda files: gzip.compress(_tar(files)),
    lambda files: bz2.compress(_tar(files)),
    lambda files: lzma.compress(_tar(files)),
)
