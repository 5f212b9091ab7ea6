"""PhotoDNA values are matched where they are equal, and nowhere else."""

from __future__ import annotations

from collections import defaultdict
from types import SimpleNamespace

import pyarrow as pa
import pytest

from clew.findings.perceptual import photodna

ENTRIES = [
    {"photodna": "v1", "medium": "m1", "record": "r1", "category": "c", "disputed": None},
    {"photodna": "v1", "medium": "gone", "record": "r2", "category": "c", "disputed": None},
]


@pytest.fixture
def known():
    def entries(_kind, values):
        wanted = set(values.to_pylist())
        return pa.Table.from_pylist([e for e in ENTRIES if e["photodna"] in wanted] or ENTRIES[:0],
                                    pa.Table.from_pylist(ENTRIES).schema)  # fmt: skip

    return SimpleNamespace(set="s", version="1", kind="known", entries=entries)


def found(known, *pairs):
    exact = pa.table({"sha256": [p[0] for p in pairs], "photodna": [p[1] for p in pairs]})
    gone = defaultdict(set, {("s", "1"): {"gone"}})
    return list(photodna.hits(exact, [known], gone))


def test_equal_values_are_a_match_of_each_content(known) -> None:
    hits = found(known, ("a" * 64, "v1"), ("b" * 64, "v1"))
    assert [(h.sha256[:1], h.record, h.distance) for h in hits] == [("a", "r1", 0), ("b", "r1", 0)]


def test_no_value_matches_nothing(known) -> None:
    assert found(known, ("a" * 64, "other")) == []
    assert found(known, ("a" * 64, None)) == []
