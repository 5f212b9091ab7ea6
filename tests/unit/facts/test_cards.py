"""A contact card gives names, numbers and the account that WhatsApp names in it."""

from __future__ import annotations

from builders.found import found

from clew.facts.cards import contact
from clew.facts.source_columns import Readout

CARD = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Loaf;Rye;;;\r\nFN:Rye Loaf\r\nORG:Bak\r\n ery\r\n"
    "item1.TEL;waid=34600000001:+34 600 000 001\r\nTEL;TYPE=CELL:+34 600 000 002\r\n"
    "EMAIL:rye@example.org\r\nEND:VCARD\r\n"
)


class Messenger(Readout):
    platform = "whatsapp"


def test_a_card_is_read_whole() -> None:
    read = contact(Messenger(found()), "message_vcard/1", "event", CARD)
    assert (read.display_name, read.given_name, read.family_name) == ("Rye Loaf", "Rye", "Loaf")
    assert read.phones == ("+34 600 000 001", "+34 600 000 002")
    assert read.emails == ("rye@example.org",)
    assert read.account_id == "whatsapp:pn:34600000001"


def test_a_folded_line_is_one_line() -> None:
    assert contact(Messenger(found()), "x", "event", CARD).company == "Bakery"


def test_two_cards_of_a_message_are_two_entries() -> None:
    one, other = (contact(Messenger(found()), "x", "event", CARD, n) for n in (0, 1))
    assert one.entry != other.entry
    assert one.vcard_sha256 == other.vcard_sha256


def test_a_card_without_an_account_names_none() -> None:
    assert contact(Messenger(found()), "x", "event", "FN:Nobody").account_id is None
    assert contact(Messenger(found()), "x", "event", "no card at all").display_name is None
