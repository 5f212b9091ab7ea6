"""Packages and bags beside others' programs, in one run: age, and bagit.

    python bench/packages.py [MEGABYTES] [FOLDER]

Each pair runs in turn, five times, in processes of their own; printed are the medians of wall and
processor time and the largest memory, and the ratio of the medians. Of programs in Python the time
begins when they have imported what they need, of ``age`` when it is started. ``age`` seals one file
for one receiver and opens it into a file; Clew seals the same bytes as a package (bag, two digests,
signatures, lock), and opens it with every check. ``bagit`` makes a bag in place, of its own accord
with one process; Clew reads the same files as a bag's payload and writes its tag files.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROUNDS = 5
FILES = 40


def timed(*command: str, folder: Path) -> tuple[float, float, float]:
    """Wall seconds, processor seconds and largest memory (MiB) of a program."""
    begin, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, check=True)
    if done.stdout:
        wall, used, memory = json.loads(done.stdout)
        return wall, used, memory
    wall, after = time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, used, 0.0


def clew(what: str) -> tuple[str, ...]:
    return sys.executable, str(Path(__file__).absolute()), what


def pairs(what: str, ours: tuple[str, ...], theirs: tuple[str, ...], folder: Path,
          clean: Callable[[], None]) -> None:  # fmt: skip
    """Run two programs in turn, and print how they compare."""
    found: dict[str, list[tuple[float, float, float]]] = {"clew": [], "other": []}
    for _ in range(ROUNDS):
        for name, command in (("clew", ours), ("other", theirs)):
            clean()
            found[name].append(timed(*command, folder=folder))
    medians = {n: [statistics.median(run[i] for run in r) for i in range(3)]
               for n, r in found.items()}  # fmt: skip
    for name, (wall, used, memory) in medians.items():
        print(f"{what:12} {name:6} {wall:7.2f} s wall {used:7.2f} s processor {memory:6.0f} MiB")
    (wall, used, _), (their_wall, their_used, _) = medians["clew"], medians["other"]
    print(f"{what:12} ratio  {wall / their_wall:7.2f}   wall {used / their_used:7.2f}   processor")


def main() -> None:
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    beside = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(tempfile.gettempdir())
    folder = Path(tempfile.mkdtemp(prefix="bench-packages-", dir=beside))
    try:
        compare(folder, megabytes)
    finally:
        shutil.rmtree(folder)


def compare(folder: Path, megabytes: int) -> None:
    (folder / "files").mkdir()
    with (folder / "plain").open("wb") as plain:
        for number in range(FILES):
            content = os.urandom(megabytes * 1_000_000 // FILES)
            plain.write(content)
            (folder / "files" / f"{number}.parquet").write_bytes(content)
    timed(*clew("keys"), folder=folder)
    public = (folder / "to").read_text("ascii")

    def clean() -> None:
        shutil.rmtree(folder / "made", ignore_errors=True)
        for name in ("made.age", "opened"):
            (folder / name).unlink(missing_ok=True)

    print(f"{megabytes} MB in {FILES} files; {ROUNDS} runs of each, in turn")
    if shutil.which("age"):
        sealing = ("age", "-r", public, "-o", "made.age", "plain")
        pairs("seal", clew("seal"), sealing, folder, clean)
        clean()
        timed(*clew("seal"), folder=folder)
        timed(*sealing, folder=folder)
        pairs("open", clew("open"), ("age", "-d", "-i", "id", "-o", "opened", "made.age"), folder,
              lambda: (folder / "opened").unlink(missing_ok=True))  # fmt: skip
    else:
        print("age is not installed: nothing to compare with")
    bags(folder)


def bags(folder: Path) -> None:
    def anew() -> None:
        if (folder / "files" / "data").is_dir():
            shutil.move(folder / "files" / "data", folder / "again")
            shutil.rmtree(folder / "files")
            shutil.move(folder / "again", folder / "files")

    pairs("bag make", clew("bag"), clew("bagit"), folder, anew)
    pairs("bag verify", clew("check"), clew("validate"), folder, lambda: None)


def registered(key: bytes) -> Any:
    from datetime import UTC, datetime
    from types import SimpleNamespace

    from clew.casefile.custody.checkpoint import verifier

    begin, end = (datetime(year, 1, 1, tzinfo=UTC) for year in (2000, 2100))
    return SimpleNamespace(verifier=verifier("es.example", key), valid_from=begin, valid_until=end,
                           certificate_sha256=None)  # fmt: skip


def signer() -> Any:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from clew.casefile.custody.keys import FileKey

    return FileKey("es.example", Ed25519PrivateKey.from_private_bytes(bytes(32)))


def parts() -> list[Any]:
    from clew.exchange.sealing import Member

    return [Member.file(file.name, file) for file in sorted(Path("files").iterdir())]


def do_keys() -> None:
    from clew.exchange.sealing.locks import age

    secret = age.fresh()
    Path("id").write_text(f"{secret}\n", "ascii")
    Path("to").write_text(str(age.identity(secret).to_public()), "ascii")


def do_seal() -> None:
    from clew.exchange.sealing import Header, Receiver, Sealing, now, package_id, seal

    header = Header(package=package_id(), case="00", sender="ES", receivers=("PT",),
                    sealed_at=now())  # fmt: skip
    receiver = Receiver(party="PT", age_recipient=Path("to").read_text("ascii"))
    seal(Path("made"), parts(), Sealing(header=header, receivers=(receiver,), signer=signer()))


def do_open() -> None:
    from clew.exchange.sealing import AgeKey, Receiving, opened

    key = AgeKey(Path("id").read_text("ascii").strip())
    receiving = Receiving(me="PT", keys=(key,), senders={"ES": registered(signer().public)},
                          scratch=Path())  # fmt: skip
    with opened(Path("made"), receiving) as found:
        assert len(found.names) == FILES


def do_bag() -> None:
    from clew.exchange.sealing.bag import Bag

    tags = {}
    for file in Bag(parts(), [("Source-Organization", "ES")]):
        if file.name.startswith("data/"):
            for _ in file.chunks:
                pass
        else:
            tags[file.name] = b"".join(file.chunks)
    Path("files").rename("data")
    Path("files").mkdir()
    Path("data").rename("files/data")
    for name, content in tags.items():
        Path("files", name).write_bytes(content)


def do_bagit() -> None:
    import bagit

    bagit.make_bag("files", {"Source-Organization": "ES"}, checksums=["sha256"])


def do_check() -> None:
    from clew.exchange.sealing.bagcheck import check

    assert not check(Path("files")).problems


def do_validate() -> None:
    import bagit

    bagit.Bag("files").validate()


WORK = {"keys": do_keys, "seal": do_seal, "open": do_open, "bag": do_bag, "bagit": do_bagit,
        "check": do_check, "validate": do_validate}  # fmt: skip


def run(what: str) -> None:
    """Do one thing, and print how long it took and how much memory there was."""
    import bagit  # noqa: F401 - what is imported takes no part in the time

    import clew.exchange.sealing
    import clew.exchange.sealing.bagcheck  # noqa: F401

    begin, used = time.perf_counter(), time.process_time()
    WORK[what]()
    wall, used = time.perf_counter() - begin, time.process_time() - used
    print(json.dumps([wall, used, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))


if __name__ == "__main__":
    run(sys.argv[1]) if sys.argv[1:2] and sys.argv[1] in WORK else main()
