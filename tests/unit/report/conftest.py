"""A small network with all its findings, made of facts."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta

import pytest
from builders.publishing import publish_step

from clew.casefile import create_case, open_case
from clew.casefile.step_manifest import WHOLE_CASE
from clew.pipeline import perform
from clew.records import (
    Account,
    AccountAlias,
    AccountName,
    Chat,
    ChatType,
    IdType,
    Introduction,
    IntroductionModel,
    Invite,
    InviteSource,
    Membership,
    MembershipBasis,
    MemberState,
    Message,
    MessageKind,
    NameKind,
    Origin,
    OwnDevice,
    Relation,
    Role,
    Share,
    ShareState,
    TimeBasis,
)

START = datetime(2024, 3, 1, tzinfo=UTC)
SOURCE = "a" * 64
FIRST, SECOND = "whatsapp:120363000000000001@g.us", "whatsapp:120363000000000002@g.us"
LABEL = "whatsapp:label:0123456789abcdef:Ana del Puerto"
NEW_NUMBER, OLD_NUMBER = "whatsapp:pn:447700900099", "whatsapp:pn:447700900001"
HOSTILE = '=cmd|"<&>\u202e\x01\ufffe'
CODE = "Abc123Abc123Abc123Abc1"


def pn(number: int) -> str:
    return f"whatsapp:pn:4477009000{number:02d}"


def _where(row: int) -> dict[str, str]:
    return {"exhibit_id": "ES-01", "source_id": SOURCE, "locator": f"row/{row}"}


def _member(row: int, chat: str, account: str, **more) -> Membership:
    given = {"role": Role.MEMBER, "state": MemberState.CURRENT,
             "basis": MembershipBasis.ROSTER} | more  # fmt: skip
    return Membership(**_where(row), chat_id=chat, account_id=account, **given)


def _message(row: int, chat: str, account: str, **more) -> Message:
    return Message(
        **_where(row), event_id=f"ES-01#message/{row}", message_key=f"{chat}/{row}", chat_id=chat,
        sender_account_id=account, kind=MessageKind.TEXT, tz_basis=TimeBasis.UTC, **more,
    )  # fmt: skip


def _share(row: int, chat: str, account: str, digest: str, at: datetime) -> Share:
    return Share(
        **_where(row), event_id=f"ES-01#message/{row}", message_key=f"{chat}/{row}", chat_id=chat,
        sender_account_id=account, sha256=digest, sent_at=at, state=ShareState.ABSENT,
        media_type="image/jpeg",
    )  # fmt: skip


def _facts() -> list:
    """Two groups of the same twelve, the second as the first ends; one of them known by a label."""
    rows: list = [
        Chat(**_where(1), chat_id=FIRST, platform="whatsapp", chat_type=ChatType.GROUP,
             subject="Taller Norte", created_at=START, creator=pn(1)),
        Chat(**_where(2), chat_id=SECOND, platform="whatsapp", chat_type=ChatType.GROUP,
             subject=HOSTILE, created_at=START + timedelta(days=30),
             creator=pn(1)),
        AccountAlias(**_where(3), a=OLD_NUMBER, b=NEW_NUMBER,
                     relation=Relation.NUMBER_CHANGED, at=START),
        AccountName(**_where(4), account_id=pn(2), name="Berta del Monte",
                    name_kind=NameKind.ADDRESS_BOOK),
        Account(**_where(5), account_id=LABEL, platform="whatsapp", id_type=IdType.LABEL,
                identifier="Ana del Puerto"),
    ]  # fmt: skip
    number = 10
    for who in range(1, 13):
        for chat, day in ((FIRST, 0), (SECOND, 30)):
            role = Role.CREATOR if who == 1 else Role.MEMBER
            rows.append(_member(number, chat, pn(who), role=role))
            at = START + timedelta(days=day, hours=who)
            rows.append(_message(number + 1, chat, pn(who), sent_at=at, text="hello"))
            rows.append(_share(number + 1, chat, pn(who), "b" * 64, at))
            number += 2
    rows.append(_message(number, FIRST, LABEL, sent_at=START, text="hello"))
    rows.append(_member(number + 1, SECOND, pn(50), basis=MembershipBasis.MENTION))
    rows += [
        _member(
            number + 2 + n, f"whatsapp:12036300000000009{n % 3}@g.us", f"whatsapp:pn:35190000{n}"
        )
        for n in range(1000, 1090)
    ]
    rows += [
        Chat(**_where(number + 2 + n), chat_id=f"whatsapp:12036300000000009{n}@g.us",
             platform="whatsapp", chat_type=ChatType.GROUP)
        for n in range(3)
    ]  # fmt: skip
    rows.append(
        Invite(
            **_where(11),
            code=CODE,
            platform="whatsapp",
            event_id="ES-01#message/11",
            seen_chat_id=FIRST,
            invites_to_chat_id=SECOND,
            seen_account_id=pn(1),
            seen_at=START,
            found_in=InviteSource.INVITE_MESSAGE,
        )
    )
    return rows


@pytest.fixture(scope="session")
def _made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("drawn") / "case"
    with create_case(folder, "Test", "Court order 1/2026") as case:
        publish_step(case, "read", "ES-01", *_facts())
        perform(
            case,
            "resolve",
            "merge",
            "match",
            "provenance",
            "network",
            "lineage",
            "invites",
            "roles",
            "layout",
        )
    return folder


@pytest.fixture
def drawn(_made, tmp_path):
    """A case with the findings that drawings rest on; too little in it to learn chances from."""
    shutil.copytree(_made, tmp_path / "case")
    with open_case(tmp_path / "case") as case:
        yield case


@pytest.fixture
def answered(drawn):
    """The same, as if chances had been learned: one content, brought in by the first person."""
    firsts = [
        Introduction(
            cluster_id="b" * 64, person_id=pn(who), event_id=f"ES-01#message/{7 + 4 * who}",
            chat_id=FIRST, at=START + timedelta(hours=who), rank=who, forwarded=False,
            chance=0.999 if who == 1 else 0.1, exposed=who > 1,
        )
        for who in range(1, 13)
    ]  # fmt: skip
    origin = Origin(
        cluster_id="b" * 64, person_id=pn(1), event_id="ES-01#message/11", chat_id=FIRST,
        at=START + timedelta(hours=1), chance=0.999, least_chance=0.99, answered=True,
        introduced=0.999, unseen_before=0.01, likely_person_id=pn(1), likely_chance=0.999,
        sharers=12, forwarded=False, own_device=OwnDevice.NOT_SEIZED,
    )  # fmt: skip
    figure = IntroductionModel(part="introduction", figure="(start)", coefficient=0.5, labels=77)
    publish_step(drawn, "introductions", WHOLE_CASE, *firsts, origin, figure)
    return drawn
