"""Addresses of WhatsApp: whom they name, and what makes copies of a message one message."""

from __future__ import annotations

from functools import partial

import pytest

from clew.facts import whatsapp
from clew.facts.messages import Conversations
from clew.records import ChatType, GroupAction, IdType

PN = "34600000001@s.whatsapp.net"


@pytest.mark.parametrize(
    ("jid", "account"),
    [
        (PN, "whatsapp:pn:34600000001"), ("34600000001@c.us", "whatsapp:pn:34600000001"),
        ("34600000001:12@s.whatsapp.net", "whatsapp:pn:34600000001"),
        ("34600000001.0:12@s.whatsapp.net", "whatsapp:pn:34600000001"),
        ("123456789012345@lid", "whatsapp:lid:123456789012345"),
        ("34600000001@status", "whatsapp:pn:34600000001"),
        ("123@lid.status", "whatsapp:lid:123"),
    ],
)  # fmt: skip
def test_every_device_of_an_account_is_the_account(jid, account) -> None:
    assert whatsapp.address(jid).account_id == account


@pytest.mark.parametrize("jid", [None, "", "1203630@g.us", "status@broadcast", "x@temp", "a@call"])
def test_groups_lists_and_nothing_are_no_account(jid) -> None:
    assert whatsapp.address(jid) is None


def test_what_is_no_person_is_a_service() -> None:
    for jid in ("0@s.whatsapp.net", "Server@s.whatsapp.net", "77@bot"):
        assert whatsapp.address(jid).id_type == IdType.SERVICE


@pytest.mark.parametrize(
    ("jid", "kind"),
    [
        (PN, ChatType.ONE_TO_ONE), ("1203630@g.us", ChatType.GROUP),
        ("77@broadcast", ChatType.BROADCAST), ("status@broadcast", ChatType.STATUS),
        ("77@newsletter", ChatType.CHANNEL), ("odd", ChatType.UNKNOWN),
    ],
)  # fmt: skip
def test_an_address_tells_the_kind_of_conversation(jid, kind) -> None:
    assert whatsapp.chat_type(jid) is kind


def test_a_long_id_stands_alone_between_two_and_a_short_one_does_not() -> None:
    chat = whatsapp.chat_of(PN)
    long, short = whatsapp.message_keys(["A" * 20, "1492506764-1"], [chat, chat])
    assert long == "whatsapp:dm/" + "A" * 20
    assert short == f"whatsapp:dm/{chat.chat_id}/1492506764-1"
    assert whatsapp.message_key("-1", chat.prefixes) is None
    assert whatsapp.message_key(None, chat.prefixes) is None


def test_a_group_s_messages_carry_the_group() -> None:
    prefixes = whatsapp.key_prefixes("whatsapp:1@g.us", ChatType.GROUP)
    assert whatsapp.message_key("k", prefixes) == "whatsapp:1@g.us/k"


def test_a_conversation_that_is_gone_keeps_one_name() -> None:
    chats = Conversations(partial(whatsapp.unknown_chat, "item"))
    assert chats[7] is chats[7]
    assert chats[7].chat_id != chats[8].chat_id


@pytest.mark.parametrize(("digits", "number"), [("34600", "+34600"), ("0346", None), ("1", None)])
def test_only_what_can_be_a_number_becomes_one(digits, number) -> None:
    assert whatsapp.e164(digits) == number


@pytest.mark.parametrize(
    ("action", "actor", "targets", "joined"),
    [
        (GroupAction.ADDED, "a", ("b", "c"), ("b", "c")),
        (GroupAction.ADDED, "a", (), ()),
        (GroupAction.JOINED_BY_LINK, "a", (), ("a",)),
        (GroupAction.JOINED_BY_LINK, None, (), ()),
        (GroupAction.REMOVED, "a", ("b",), ()),
    ],
)
def test_who_joins_is_whom_it_was_done_to_or_who_came_alone(action, actor, targets, joined) -> None:
    chat = whatsapp.chat_of("1@g.us")
    notice = whatsapp.Notice(
        locator="m/1", chat=chat, at=None, action=action, action_raw="4", actor=actor,
        targets=targets,
    )  # fmt: skip
    assert notice.joined == joined
