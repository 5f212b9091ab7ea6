"""A CASE file of many objects written and checked, beside case_validate on a part of it.

Times are of the processor, on one of them: other work on the machine takes no part in them.

Usage: python bench/exchange_formats.py [OBJECTS] [OBJECTS_FOR_PEER]; the peer needs case-utils.
"""

from __future__ import annotations

import gzip
import resource
import sys
import tempfile
import time
import warnings
from pathlib import Path

import msgspec

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from builders.referrals import Size, referral  # noqa: E402 - the folder of tests comes first

from clew.exchange.caseuco.check import breaches, conforms  # noqa: E402
from clew.exchange.caseuco.jsonld import graph_of  # noqa: E402
from clew.exchange.renderings import case  # noqa: E402

PER_SHARE = 5
"""Objects that a share becomes: a message, its facet, its relation, a part of a file's."""


def rendered(objects: int) -> tuple[bytes, float]:
    """A CASE file of about so many objects, and the seconds that writing it took."""
    shares = objects // PER_SHARE
    size = Size(persons=200, tokens=300, groups=50, files=shares // 3, shares=shares)
    made = referral(1, size)
    began = time.process_time()
    ((_, chunks),) = case.render(made)
    text = b"".join(chunks)
    return text, time.process_time() - began


def checked(text: bytes) -> tuple[int, bool, float]:
    """Objects of a file, whether it conforms, and the seconds that reading and checking took."""
    began = time.process_time()
    graph = graph_of(msgspec.json.decode(gzip.decompress(text)))
    good = conforms(breaches(graph))
    return len(graph), good, time.process_time() - began


def by_peer(text: bytes) -> tuple[bool, float]:
    """The verdict of case_validate as it is shipped, and its seconds."""
    from case_utils.case_validate import validate

    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        file = Path(folder) / "file.jsonld"
        file.write_bytes(gzip.decompress(text))
        began = time.process_time()
        good = validate(str(file), inference="none", allow_infos=True).conforms
        return good, time.process_time() - began


def main(objects: int = 100_000, for_peer: int = 300) -> None:
    text, writing = rendered(objects)
    count, good, checking = checked(text)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{count} objects, {len(text)} bytes packed, conforms: {good}")
    print(f"written {writing:.2f} s, read and checked {checking:.2f} s, peak {peak:.0f} MiB")
    if for_peer:
        text = case_of(for_peer)
        count, ours, checking = checked(text)
        theirs, seconds = by_peer(text)
        print(f"{count} objects: ours {checking:.3f} s ({ours}), case_validate {seconds:.1f} s "
              f"({theirs}), {seconds / checking:.0f} times")  # fmt: skip


def case_of(objects: int) -> bytes:
    shares = objects // 10
    made = referral(1, Size(persons=3, tokens=2, groups=2, files=shares // 2, shares=shares))
    ((_, chunks),) = case.render(made)
    return b"".join(chunks)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
