"""A faulty check of signatures, or a tree of another kind, does not pass."""

from __future__ import annotations

from clew.casefile.custody import checkpoint, tree
from clew.validation.assertions import Plan
from clew.validation.signatures import checkpoints_are_signed


def passed(folder) -> list[bool | None]:
    return [found.passed for found in checkpoints_are_signed(Plan(folder=folder))]


def test_signatures_and_tree_are_right(tmp_path) -> None:
    assert passed(tmp_path) == [True, True]


def test_a_signature_that_is_never_checked_is_noticed(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(checkpoint, "is_right", lambda *_: True)
    assert passed(tmp_path) == [False, True]


def test_signatures_that_are_never_right_are_noticed(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(checkpoint, "is_right", lambda *_: False)
    assert passed(tmp_path) == [False, True]


def test_a_tree_without_domain_separation_is_noticed(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(tree, "leaf", lambda body: tree.hashlib.sha256(body).digest())
    assert passed(tmp_path) == [True, False]
