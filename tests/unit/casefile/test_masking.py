"""Masked text names nobody, and the same person is masked the same everywhere."""

from __future__ import annotations

import pytest

from clew.casefile.masking import Names


@pytest.fixture
def masking(case):
    return case.masking()


def test_the_same_account_is_masked_the_same_and_differently_in_another_case(
    masking, tmp_path
) -> None:
    from clew.casefile import create_case

    other = create_case(tmp_path / "other", "t", "a").masking()
    account = "whatsapp:pn:447700900123"
    assert masking.of(account) == masking.of(account) != other.of(account)
    assert masking.text(account) == masking.of(account)


@pytest.mark.parametrize(
    "text",
    [
        "whatsapp:pn:447700900123",
        "sent by whatsapp:pn:447700900123, twice",
        "447700900123@s.whatsapp.net",
        "whatsapp:447700900123@s.whatsapp.net",
        "+44 7700 900123",
        "call (447700900123) now",
        "+44-7700-900123.",
        "whatsapp:label:0011223344556677:+44 7700 900123",
        "WhatsApp Chat with +44 7700 900123.txt",
    ],
)
def test_no_number_is_left(masking, text) -> None:
    shown = masking.text(text)
    assert "900123" not in shown.replace(" ", "")


@pytest.mark.parametrize(
    "text",
    [
        "2024-03-01T10:11:12Z",
        "whatsapp:120363000000000001@g.us",
        "IMG-20240301-WA0001.jpg",
        "0123456789abcdef0123#message/12345678",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "ES-01",
        "12 messages",
    ],
)
def test_what_is_no_person_stays(masking, text) -> None:
    assert masking.text(text) == text


def test_a_jid_and_its_account_are_one(masking) -> None:
    assert masking.text("447700900123@s.whatsapp.net") == masking.of("whatsapp:pn:447700900123")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Chat with Ana Sousa.txt", "Chat with A.txt"),
        ("ANA SOUSA", "A"),
        ("Ana and anagrams", "[name] and anagrams"),
        ("ana", "ana"),
        ("\u5f20\u4f1f\u6765\u4e86", "Z\u6765\u4e86"),
        ("messages", "messages"),
        ("Jo", "Jo"),
    ],
)
def test_names_that_devices_gave_are_hidden_in_texts(tmp_path, text, shown) -> None:
    names = Names(
        [("Ana Sousa", "A"), ("Ana", "A"), ("Ana", "B"), ("\u5f20\u4f1f", "Z"),
         ("messages", "C"), ("Jo", "D")]
    )  # fmt: skip
    assert names.hidden(text, lambda account: account) == shown
