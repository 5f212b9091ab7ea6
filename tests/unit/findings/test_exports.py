"""An export of a known group counts with the group, and a label with the account it stands for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from builders.publishing import publish, publish_step

from clew.casefile.step_manifest import WHOLE_CASE
from clew.findings.exports import label_ties
from clew.judgements import decisions
from clew.pipeline import perform
from clew.records import (
    Account,
    Chat,
    ChatType,
    Decision,
    IdType,
    Membership,
    MembershipBasis,
    MemberState,
    Message,
    MessageKind,
    PersonJudgement,
    Role,
    TimeBasis,
    TimePrecision,
)

AT = datetime(2024, 7, 10, 9, 0, 30, tzinfo=UTC)
GROUP, EXPORT = "whatsapp:120363000000000001@g.us", "whatsapp:export:" + "e" * 64
ADA, BEN, CY = (f"whatsapp:pn:44770090000{n}" for n in (1, 2, 3))
SCOPE = "whatsapp:label:" + "e" * 16
L_ADA, L_BEN, L_CY, L_DEE = (f"{SCOPE}:{name}" for name in ("Ada", "Ben", "+44 7700 900003", "Dee"))


def place(exhibit: str, row: int) -> dict[str, str]:
    return {"exhibit_id": exhibit, "source_id": exhibit[0].lower() * 64, "locator": f"line/{row}"}


def kept(row: int, sender: str, text: str) -> Message:
    return Message(
        **place("A-1", row), event_id=f"db#{row}", message_key=f"{GROUP}/{'k' * 16}{row}",
        chat_id=GROUP, sender_account_id=sender, kind=MessageKind.TEXT, text=text,
        sent_at=AT + timedelta(minutes=7 * row), tz_basis=TimeBasis.UTC,
    )  # fmt: skip


def exported(row: int, label: str, text: str) -> Message:
    local = AT + timedelta(minutes=7 * row, hours=2)
    return Message(
        **place("E-1", row), event_id=f"txt#{row}", chat_id=EXPORT, sender_account_id=label,
        kind=MessageKind.TEXT, text=text, sent_local=local.strftime("%Y-%m-%dT%H:%M"),
        ts_precision=TimePrecision.MINUTE, tz_basis=TimeBasis.EXPORT_LOCAL,
    )  # fmt: skip


def account(exhibit: str, row: int, of: str, kind: IdType, e164: str | None = None) -> Account:
    return Account(**place(exhibit, row), account_id=of, platform="whatsapp", id_type=kind,
                   identifier=of, e164=e164)  # fmt: skip


def member(label: str) -> Membership:
    return Membership(
        **place("E-1", 1), chat_id=EXPORT, account_id=label, role=Role.MEMBER,
        state=MemberState.UNKNOWN_PAST, basis=MembershipBasis.SENDER_ONLY,
    )  # fmt: skip


def chat(exhibit: str, chat_id: str) -> Chat:
    return Chat(**place(exhibit, 1), chat_id=chat_id, platform="whatsapp",
                chat_type=ChatType.GROUP, subject="Bread")  # fmt: skip


@pytest.fixture
def concluded(case):
    """Ada and Ben write in a group that a database and an export hold; Cy and Dee in the export."""
    said = [(n, (ADA, BEN)[n % 2], f"bread number {n}") for n in range(6)]
    labels = {ADA: L_ADA, BEN: L_BEN}
    publish(
        case, "A-1", chat("A-1", GROUP), *(kept(*m) for m in said),
        *(account("A-1", n, a, IdType.PHONE, f"+{a[12:]}") for n, a in enumerate((ADA, BEN, CY))),
    )  # fmt: skip
    publish(
        case, "E-1", chat("E-1", EXPORT), *(exported(n, labels[a], t) for n, a, t in said),
        exported(7, L_CY, "only here one"), exported(8, L_DEE, "only here two"),
        account("E-1", 1, L_CY, IdType.LABEL, f"+{CY[12:]}"),
        *(account("E-1", n, of, IdType.LABEL) for n, of in enumerate((L_ADA, L_BEN, L_DEE), 2)),
        *(member(of) for of in (L_ADA, L_BEN, L_CY, L_DEE)),
    )  # fmt: skip
    return case


def conclude(case) -> None:
    perform(case, "exports", "resolve", "merge", "candidates", "match", "provenance", "network")


def test_group_and_persons_are_counted_once_and_a_mere_name_apart(concluded) -> None:
    conclude(concluded)
    (group,) = concluded.rows("FROM groups")
    assert (group["chat_id"], group["members"], group["messages"]) == (GROUP, 3, 8)
    assert group["exhibits"] == ["A-1", "E-1"]
    members = concluded.rows("FROM group_members ORDER BY person_id")
    assert [(m["person_id"], m["messages"]) for m in members] == [(ADA, 3), (BEN, 3), (CY, 1)]
    persons = {p["person_id"]: p["named_only"] for p in concluded.rows("FROM persons")}
    assert persons == {ADA: False, BEN: False, CY: False, L_DEE: True}
    rules = {r["account_id"]: (r["rule"], r["messages"])
             for r in concluded.rows("FROM person_accounts WHERE tied_to IS NOT NULL")}  # fmt: skip
    assert rules == {L_ADA: ("export_label", 3), L_BEN: ("export_label", 3),
                     L_CY: ("shown_number", None)}  # fmt: skip


def test_a_judgement_undoes_a_tie_and_the_name_is_a_name_again(concluded) -> None:
    apart = PersonJudgement(
        number=1, decision=Decision.REJECT, accounts=(L_BEN, BEN), others=(), judged_by="A",
        reason="another Ben", judged_at=AT,
    )  # fmt: skip
    publish_step(concluded, "judge", WHOLE_CASE, apart)
    conclude(concluded)
    assert {r["person_id"] for r in concluded.rows("FROM persons WHERE named_only")} == {
        L_BEN, L_DEE
    }  # fmt: skip


def test_a_judgement_on_an_export_outranks_its_votes_until_it_is_undone(concluded) -> None:
    conclude(concluded)
    alone = decisions.export(concluded, EXPORT, None, "A", "another group")
    perform(concluded, "join")
    conclude(concluded)
    assert {g["chat_id"] for g in concluded.rows("FROM groups")} == {GROUP, EXPORT}
    assert {p["person_id"] for p in concluded.rows("FROM persons WHERE named_only")} == {
        L_ADA, L_BEN, L_DEE
    }  # fmt: skip
    (row,) = concluded.rows("FROM export_chats")
    assert (row["chat_id"], row["votes"], row["tied"], row["judgement"]) == (GROUP, 6, False, 1)
    decisions.undo(concluded, alone.number, "A", "it is the group after all")
    perform(concluded, "join")
    conclude(concluded)
    assert [g["chat_id"] for g in concluded.rows("FROM groups")] == [GROUP]


def test_an_export_without_votes_is_of_the_group_that_an_analyst_names(case) -> None:
    publish(case, "A-1", chat("A-1", GROUP), kept(1, ADA, "bread number 1"))
    label = account("E-1", 2, L_ADA, IdType.LABEL)
    publish(case, "E-1", chat("E-1", EXPORT), exported(2, L_ADA, "only here"), label)
    decisions.export(case, EXPORT, GROUP, "A", "the title, and the interview of 3 June")
    perform(case, "join")
    conclude(case)
    assert [(g["chat_id"], g["messages"]) for g in case.rows("FROM groups")] == [(GROUP, 2)]
    assert {p["person_id"] for p in case.rows("FROM persons WHERE named_only")} == {L_ADA}


def test_a_chat_that_is_hardly_like_any_stays_a_group_of_its_own(case) -> None:
    said = [(n, ADA, f"bread number {n}") for n in range(2)]
    publish(case, "A-1", chat("A-1", GROUP), *(kept(*m) for m in said))
    publish(case, "E-1", chat("E-1", EXPORT), *(exported(n, L_ADA, t) for n, _, t in said))
    conclude(case)
    (vote,) = case.rows("FROM export_chats")
    assert (vote["votes"], vote["tied"]) == (2, False)
    assert len(case.rows("FROM groups")) == 2


def vote(label: str, account_id: str, votes: int) -> dict:
    return {"label": label, "account_id": account_id, "votes": votes, "exhibit_id": "E-1",
            "locator": "line/1"}  # fmt: skip


PERSONS = {a: a for a in (ADA, BEN, CY, L_ADA, L_BEN, L_CY)}
NUMBERS = {a: f"+{a[12:]}" for a in (ADA, BEN, CY)} | {L_CY: f"+{CY[12:]}"}


@pytest.mark.parametrize(
    ("votes", "tied"),
    [
        ([vote(L_ADA, ADA, 1)], {(L_ADA, ADA)}),
        ([vote(L_ADA, ADA, 4), vote(L_ADA, BEN, 1)], {(L_ADA, ADA)}),
        ([vote(L_ADA, ADA, 3), vote(L_ADA, BEN, 1)], set()),
        ([vote(L_ADA, ADA, 1), vote(L_BEN, ADA, 5)], {(L_BEN, ADA)}),
        ([vote(L_CY, ADA, 9)], set()),
        ([vote(L_CY, CY, 9)], {(L_CY, CY)}),
        ([vote(L_ADA, "whatsapp:status", 9)], set()),
    ],
)
def test_a_label_is_tied_to_whom_nearly_all_its_messages_name(votes, tied) -> None:
    assert {(t.a, t.b) for t in label_ties(votes, PERSONS, NUMBERS)} == tied


def test_accounts_of_one_person_vote_together() -> None:
    (tie,) = label_ties([vote(L_ADA, ADA, 2), vote(L_ADA, BEN, 3)], PERSONS | {BEN: ADA}, NUMBERS)
    assert (tie.b, tie.messages) == (BEN, 5)
