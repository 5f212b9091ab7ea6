"""A score is right only where the findings say what the truth says."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from clew.demo.score import Score, score
from clew.demo.truth import FirstShare, Truth

A, B, G = "whatsapp:pn:1", "whatsapp:pn:2", "whatsapp:1@g.us"
E, LABEL = "whatsapp:export:e", "whatsapp:label:e:Ada"
TRUTH = Truth(
    exhibits=1, countries=1, searches=1, forces=1, entries={"ES-001": 1}, messages=1,
    memberships={G: {A, B}}, invites={"code": G}, hidden_ids={"whatsapp:lid:9": A},
    owners={"ES-001": {A}}, first_shares={"s": FirstShare(A, A)}, known={"s"},
    exports={E: G}, labels={LABEL: {1}}, accounts={1: {A}, 2: {B}}, persons=2,
)  # fmt: skip
TABLES: dict[str, list[dict[str, Any]]] = {
    "exhibits": [{"country": "ES", "search_id": "S-01"}],
    "items": [{"exhibit_id": "ES-001", "reason": None}], "unread": [{"code": "x"}],
    "sources": [{"kind": "x", "item_id": "i", "source_id": "s", "rows_emitted": 1,
                 "rows_only_in_wal": 0}],
    "merged_messages": [{"kind": "text", "chat_id": G, "message_key": "k"}],
    "merge_candidates": [{"event_id": "i#line/1", "rank": 2, "rivals": 0, "merged_id": "m"}],
    "person_accounts": [
        {"account_id": A, "person_id": "p"}, {"account_id": "whatsapp:lid:9", "person_id": "p"},
        {"account_id": f"{B}#2025-01-01", "person_id": "q"},
        {"account_id": LABEL, "person_id": "p"},
    ],
    "export_chats": [{"export_chat": E, "chat_id": G, "tied": True}], "groups": [{"chat_id": G}],
    "group_members": [{"chat_id": G, "person_id": "p"}, {"chat_id": G, "person_id": "q"}],
    "group_links": [{"chat_a": G, "chat_b": "x", "shared_members": 1}],
    "invite_targets": [{"code": "code", "chat_id": G}],
    "persons": [{"person_id": "p", "is_owner_of": ["ES-001"], "named_only": False}],
    "first_shares": [{"sha256": "s", "person_id": "p"}],
    "matches": [{"tier": "exact", "kind": "known", "sha256": "s", "file_present": True}],
}  # fmt: skip


def scored(**changes) -> list[Score]:
    return score(TRUTH, lambda name: pa.Table.from_pylist({**TABLES, **changes}[name]))


def test_findings_that_say_the_truth_are_right() -> None:
    assert [s for s in scored() if s.expected != s.found] == []


@pytest.mark.parametrize(
    ("table", "rows", "name"),
    [
        ("items", [{"exhibit_id": "ES-002", "reason": None}], "exhibits with every entry"),
        ("group_members", [{"chat_id": G, "person_id": "p"}], "memberships"),
        ("invite_targets", [{"code": "code", "chat_id": "other"}], "invitations led"),
        ("export_chats", [{"export_chat": E, "chat_id": "other", "tied": True}], "exports of a"),
        ("groups", [{"chat_id": G}, {"chat_id": E}], "groups of databases and exports"),
        ("person_accounts", [{"account_id": LABEL, "person_id": "q"},
                             {"account_id": A, "person_id": "p"}], "labels of exports"),
        ("first_shares", [{"sha256": "s", "person_id": "q"}], "first known sharers"),
        ("matches", [{"tier": "near", "kind": "known", "sha256": "s", "file_present": True}],
         "known files found"),
    ],
)  # fmt: skip
def test_findings_that_say_something_else_are_not(table, rows, name) -> None:
    wrong = [s.name for s in scored(**{table: rows}) if s.expected != s.found]
    assert any(found.startswith(name) for found in wrong), wrong


def test_what_nobody_can_be_certain_of_decides_nothing() -> None:
    assert Score("x", 2, 1, certain=False).passed
    assert not Score("x", 2, 1).passed


@pytest.mark.parametrize(
    ("person", "detail"), [("p", "0 tied"), ("alone", "0 tied"), ("q", "1 tied")]
)
def test_a_label_is_tied_wrongly_only_where_its_person_is_another(person, detail) -> None:
    """A number that no database shows leaves its label alone, which is no wrong tie."""
    rows = [*TABLES["person_accounts"][:3], {"account_id": LABEL, "person_id": person},
            {"account_id": B, "person_id": "q"}]  # fmt: skip
    (labels,) = (s for s in scored(person_accounts=rows) if s.name.startswith("labels"))
    assert labels.detail.startswith(detail)
