"""Laws of ``clew.formats.json_records``."""

from __future__ import annotations

import json
import random

import pytest
from builders.odd_sets import CONTEXT, MD5

from clew.formats.json_records import Splitter


class TestRecordsSeenAtOnce:
    """A record that is whole is cut out at one look; whatever is odd goes the long way."""

    TOKENS = (b'"', b"{", b"}", b"[", b"]", b",", b":", b"\\", b"x", b"}]", b"},", b'"a":[{')

    def text(self, chance: random.Random) -> bytes:
        media = [
            {"MediaID": n, "MD5": MD5[n], "Tags": 'a "q" \\ [x] {y}', "Exifs": [],
             "MediaFiles": [{"MD5": MD5[n], "X": [1, {"y": []}]}], "O": {"a": {"b": {"c": 1}}}}
            for n in range(chance.randrange(1, 6))
        ]  # fmt: skip
        whole = chance.choice(
            (
                {"@odata.context": CONTEXT, "value": media},
                {"value": [{"CaseID": 1, "CaseMetadata": [{"a": 1}], "Media": media}]},
                media,
            )
        )
        spaced = chance.choice(((",", ":"), (", ", ": "), (" , ", " : ")))
        found = bytearray(
            json.dumps(whole, indent=chance.choice((None, 1)), separators=spaced).encode()
        )
        for _ in range(chance.randrange(3)):
            at = chance.randrange(len(found))
            found[at : at + chance.randrange(3)] = chance.choice((b"", *self.TOKENS))
        return bytes(found)

    @pytest.mark.parametrize("seed", range(40))
    def test_both_ways_give_the_same_records(self, seed, monkeypatch) -> None:
        chance = random.Random(seed)
        texts = [self.text(chance) for _ in range(20)]
        size = chance.choice((7, 50, 1 << 20))

        def records() -> list:
            found = []
            for text in texts:
                splitter = Splitter(text[n : n + size] for n in range(0, len(text), size))
                found.append(([*splitter], splitter.complete))
            return found

        at_once = records()
        monkeypatch.setattr(Splitter, "_whole", lambda splitter, end: None)
        assert records() == at_once
