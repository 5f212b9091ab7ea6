"""Laws of ``clew.casefile.custody.checkpoint``."""

from __future__ import annotations

import pytest

from clew.casefile.custody import checkpoint, keys
from clew.errors import UsageError


def test_a_signed_checkpoint_is_right_until_a_letter_changes(log, tmp_path) -> None:
    keys.make(tmp_path / "k.pem", "three plain words")
    signer = keys.load(tmp_path / "k.pem", "es.example/custody", "three plain words")
    text = checkpoint.signed(log.checkpoint(), signer)
    verifier = checkpoint.verifier(signer.name, signer.public)
    held = checkpoint.parse(text)
    checkpoint.check(held, verifier)
    assert held.signed_by == [signer.name]
    assert list(log.problems([held])) == []
    forged = checkpoint.parse(text.replace("\n6\n", "\n5\n"))
    checkpoint.check(forged, verifier)
    assert forged.problems
    assert list(log.problems([forged]))


def test_an_example_of_the_signed_note_specification_is_checked() -> None:
    """The key and note of C2SP signed-note.md, by which any other program checks ours."""
    verifier = checkpoint.verifier("example.com/foo", bytes(32))
    assert checkpoint.parse_verifier(verifier) == ("example.com/foo", bytes(32))
    with pytest.raises(UsageError):
        checkpoint.parse_verifier(verifier.replace("foo", "bar"))
