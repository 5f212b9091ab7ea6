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
        ("marked", "Jos\u00e9 In\u00e9s", True),
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
        ("messenger:inbox/marisolquintero_100023", {"named"}),
        ("WhatsApp Chat with +34 600 11 12 22.txt/12", {"pn"}),
        ("Chat with 600.111.222.txt#1", {"pn"}),
        ("Chat with \u0666\u0660\u0660 \u0661\u0661\u0661 \u0662\u0662\u0662.txt", {"pn"}),
        ("Chat with Jose\u0301 Ine\u0301s.txt/3", {"marked"}),
        ("2024-01-02 10.11.12/3", set()),
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
        ("\uff4d\uff41\uff52\uff49\uff53\uff4f\uff4c", {"named"}),
        ("jose ines said", {"marked"}),
        ("+\u0663\u0664 \u0666\u0660\u0660 \u0661\u0661\u0661 \u0662\u0662\u0662", {"pn"}),
        ("ask nube_verde", {"user"}),
        ("it costs 600 111", set()),
        ("good morning", set()),
    ],
)
def test_a_text_mentions_whom_it_names_as_people_write(text, found) -> None:
    assert KNOWN.in_text(text) == found
