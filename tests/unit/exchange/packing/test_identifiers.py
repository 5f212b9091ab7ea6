"""An id mentions whom it holds, whole; a text whom it names, as people write."""

from __future__ import annotations

import pytest

from clew.exchange.packing.identifiers import Identifiers

KNOWN = Identifiers(
    [
        ("pn", "34600111222", False),
        ("pn", "+34600111222", False),
        ("lid", "286857955996871", False),
        ("named", "Marisol Quintero", True),
        ("user", "nube_verde", True),
        ("label", "whatsapp:label:8e8f37f5:+39 000 000 023", False),
    ]
)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("whatsapp:120363000000000001@g.us", set()),
        ("whatsapp:34600111222-1400000000@g.us", {"pn"}),
        ("whatsapp:49151000111-1400000000@g.us", {"49151000111"}),
        ("whatsapp:34600111222@s.whatsapp.net", {"pn"}),
        ("whatsapp:286857955996871@lid", {"lid"}),
        ("whatsapp:34600111222-1400000000@g.us/3EB0C767D26A1D5C4C1B", {"pn"}),
        ("485088a9126e1f153d9d#message/34600111222", {"pn"}),
        ("485088a9126e1f153d9d#message/1000013", set()),
        ("3EB034600111222C767D", set()),
        ("csv:chat:Marisol", {"named"}),
        ("discord:nube_verde/9", {"user"}),
        ("message/4711", set()),
        ("/chats/list/0/messages/0", set()),
        ("vcard:39000000023", {"label"}),
    ],
)
def test_an_id_mentions_whom_it_holds(value, found) -> None:
    assert KNOWN.in_id(value) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("call +34 600 111 222 tomorrow", {"pn"}),
        ("call 600-111-222", {"pn"}),
        ("tell marisol", {"named"}),
        ("ask nube_verde", {"user"}),
        ("it costs 600 111", set()),
        ("good morning", set()),
    ],
)
def test_a_text_mentions_whom_it_names_as_people_write(text, found) -> None:
    assert KNOWN.in_text(text) == found
