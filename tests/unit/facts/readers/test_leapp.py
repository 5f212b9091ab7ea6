"""Artifacts are known by data: real headers of the tools, and times as they state them."""

from __future__ import annotations

import pytest

from clew.facts.readers.leapp.mapping import plain, plan
from clew.facts.readers.leapp.rows import milliseconds, seconds

MESSAGES = {
    "whatsAppMessages": ["Timestamp", "Direction", "Sender Name", "Chat Name", "Message",
                         "Attachment File", "From ID", "Chat ID"],
    "SMS - Messages": ["Message Timestamp", "Read Timestamp", "Message", "Service",
                       "Message Direction", "Chat Contact ID", "Attachment Name", "From Me"],
    "get_fb_msys_messages": ["Message Timestamp", "Sender", "Sender ID", "Thread Key", "Message",
                             "Snippet", "Attachment Name", "Message ID", "Direction"],
    "get_whatsapp_group_messages": ["Message Timestamp", "Received Timestamp", "Message ID",
                                    "Recipients", "Direction", "Message", "Group Sender"],
    "Viber - Messages": ["Message Timestamp", "Direction", "Message Sender",
                         "Other Participant/Conversation Name", "Message", "Conversation ID"],
}  # fmt: skip


@pytest.mark.parametrize("artifact", MESSAGES)
def test_messages_are_known_by_their_headers_in_either_form(artifact: str) -> None:
    headers = MESSAGES[artifact]
    found = plan(artifact, headers)
    assert found is not None
    assert (found.kind, headers[found.columns["text"]]) == ("messages", "Message")
    assert "imestamp" in headers[found.columns["time"]]
    assert plan(plain(artifact), [plain(h) for h in headers]) == plan(plain(artifact), headers)


def test_what_is_no_messenger_or_has_no_time_is_not_guessed() -> None:
    assert plan("safari_history", ["Timestamp", "Message"]) is None
    assert plan("google_timeline_messages", ["Timestamp", "Message"]) is None
    assert plan("whatsapp_messages", ["Message", "Sender"]) is None
    assert plan("whatsapp_messages", []) is None


@pytest.mark.parametrize(
    ("stated", "meant"),
    [
        (1709280100, 1709280100000),
        ("1709280100", 1709280100000),
        ("2024-03-01 08:01:40+00:00", 1709280100000),
        ("2024-03-01 08:01:40", 1709280100000),
        ("2024-03-01T09:01:40+01:00", 1709280100000),
        (1709280100000, 1709280100000),
        ("", None),
        ("yesterday", "yesterday"),
        ("²", "²"),
        ("--5", "--5"),
        (None, None),
    ],
)
def test_a_time_is_utc_as_the_tool_states_it(stated, meant) -> None:
    assert milliseconds(stated) == meant


@pytest.mark.parametrize(
    ("stated", "meant"),
    [("00:00:30", 30), ("1:02:03", 3723), (12.4, 12), ("", None), ("x", None), ("²:1", None)],
)
def test_a_length_of_time_is_seconds(stated, meant) -> None:
    assert seconds(stated) == meant
