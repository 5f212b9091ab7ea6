"""Masked text names nobody, and the same person is masked the same everywhere."""

from __future__ import annotations

import re
import secrets
import unicodedata

import pytest

from clew.casefile.masking import Known, Masking
from clew.records import (
    Account,
    AccountAlias,
    AccountName,
    CountryTie,
    FirstShare,
    GroupEvent,
    Item,
    MediaPlace,
    Message,
    NetworkLink,
)
from clew.schema import columns

ANA, LID = "whatsapp:pn:34612345678", "whatsapp:lid:99887766554433"
OLD_GROUP = "whatsapp:34612345678-1500000000@g.us"
NAMES = (("Ana María López", ANA), ("ana_lopez", "telegram:username:ana_lopez"), ("Bo", "b"),
         ("Li", "l"), ("Photo", "p"), ("\u5f20\u4f1f", "z"), ("Olga", "o"),
    ("Olga", "o2"))  # fmt: skip


@pytest.fixture
def masking(tmp_path):
    for name in ("mask.key", "other.key"):
        (tmp_path / name).write_bytes(secrets.token_bytes(32))
    return Masking(tmp_path / "mask.key", Known({LID: ANA, ANA: ANA}, [OLD_GROUP], NAMES))


def test_the_same_account_is_masked_the_same_and_differently_in_another_case(
    masking, tmp_path
) -> None:
    other = Masking(tmp_path / "other.key")
    assert masking.of(ANA) == masking.of(ANA) != other.of(ANA)
    assert masking.text(ANA) == masking.of(ANA) == masking.of(LID)


def test_each_account_of_a_person_has_a_pseudonym_of_its_own(masking) -> None:
    assert masking.account(ANA) != masking.account(LID)


NUMBERS = [
    "whatsapp:pn:34612345678", "sent by whatsapp:pn:34612345678, twice", OLD_GROUP,
    "34612345678@s.whatsapp.net", "whatsapp:34612345678@s.whatsapp.net",
    "34612345678-1500000000@g.us", "34612345678:12@s.whatsapp.net", "+34 612 345 678",
    "call (34612345678) now", "+34-612-345-678.", "https://wa.me/34612345678",
    "hxxps://wa[.]me/34612345678", "https://api.whatsapp.com/send?phone=34612345678&x=1",
    "tel:+34612345678", "Tel.612345678", "2024-01-15 612345678", "15/01/2024 612345678",
    "2024-01-15 18:30 612345678", "+34\u00a0612\u00a034\u00a056\u00a078",
    "+34\u202f612\u202f345\u202f678", "0171/1234567", "+34\u2011612\u2011345\u2011678",
    "call 612345", "mi n\u00famero es 6123456", "Tel: 612 345", "\u260e 612345",
    "/sdcard/34612345678/x.jpg", "34612345678.jpg", "whatsapp_34612345678_backup.zip",
    "\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668",
    "\uff16\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18",
    "612\u200b345\u200b678", "Ana612345678", "612345678Ana", "@34612345678",
    "whatsapp:label:0011223344556677:+34 612 345 678", "Chat with +34 612 345 678.txt",
]  # fmt: skip


@pytest.mark.parametrize("text", NUMBERS)
def test_no_number_is_left(masking, text) -> None:
    shown = re.sub(r"(number|person|group|handle)-[0-9a-f]{8}", "", masking.text(text))
    digits = "".join(str(int(c)) for c in unicodedata.normalize("NFKC", shown) if c.isdecimal())
    assert not re.search(r"345678|612345|1234567|12345678", digits)


@pytest.mark.parametrize(
    "text",
    [
        "ana maria lopez", "ANA MAR\u00cdA L\u00d3PEZ", "Ana Maria Lopez",
    "Ana Mari\u0301a Lo\u0301pez",
        "L\u00f3pez, Ana Mar\u00eda", "Ana_Maria_Lopez.jpg", "anamarialopez",
    "Ana Mar\u200b\u00eda L\u00f3pez",
        "Ana vino", "con L\u00f3pez", "ANA", "/sdcard/Ana Mar\u00eda L\u00f3pez/x.jpg", "ana_lopez",
    ],
)  # fmt: skip
def test_no_name_is_left(masking, text) -> None:
    shown = unicodedata.normalize("NFKD", masking.text(text)).casefold()
    assert not re.search(
        r"\b(ana|maria|lopez)\b|anamaria", re.sub("[\u0300-\u036f\u200b]", "", shown)
    )


@pytest.mark.parametrize(
    "text", ["ana@example.org", "write to a.b@mail.example.co.uk", "@ana_lopez", "t.me/ana_lopez",
             "https://t.me/ana_lopez", "hxxps://t[.]me/somebody_else", "instagram.com/some.body"],
)  # fmt: skip
def test_no_address_or_handle_is_left(masking, text) -> None:
    assert not re.search("ana|a\\.b@|some", masking.text(text))


@pytest.mark.parametrize(
    "text",
    [
        "2024-03-01T10:11:12Z", "IMG-20240301-WA0001.jpg", "VID_20240102_123456.mp4", "12 messages",
        "PHOTO-2020-11-02-21-49-51.jpg", "0123456789abcdef0123#message/12345678", "ES-01",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "1.234.567",
        "123e4567-e89b-42d3-a456-426614174000", "hxxps://chat[.]whatsapp[.]com/hby8N8hKD5sGdCXTpcPLtq",
        "https://t.me/joinchat/AAAAAEkk2WdoDrB4", "12/03/24, 18:34", "row 612345",
        "person-12345678 and group-00001234",
    "the photo of Bo",
        "Photo", "Li said so", "anagram", "ana vino", "olga",
    ],
)  # fmt: skip
def test_what_names_nobody_stays(masking, text) -> None:
    assert masking.text(text) == text


def test_names_are_replaced_by_whom_they_stand_for(masking) -> None:
    person = masking.of(ANA)
    assert masking.text("WhatsApp Chat with Ana Mar\u00eda L\u00f3pez.txt") == (
        f"WhatsApp Chat with {person}.txt"
    )
    assert masking.text("\u5f20\u4f1f\u6765\u4e86") == f"{masking.of('z')}\u6765\u4e86"
    assert masking.text("Olga and ologs") == "[name] and ologs"


def test_a_jid_and_its_account_are_one(masking) -> None:
    assert masking.text("34612345678@s.whatsapp.net") == masking.of(ANA)
    assert masking.text("34612345678-1500000000@g.us") == masking.group(OLD_GROUP)


SHOWN = [
    (Message, "sender_account_id", ANA, "account"), (Message, "chat_id", OLD_GROUP, "group"),
    (Message, "message_key", f"{OLD_GROUP}/3EB0", "message"),
    (FirstShare, "person_id", ANA, "person"),
    (NetworkLink, "from_id", ANA, "person"), (NetworkLink, "from_id", LID, "account"),
    (NetworkLink, "to_id", OLD_GROUP, "group"), (Account, "e164", "+34612345678", "number"),
    (Account, "identifier", "34612345678", "number"),
    (Account, "identifier", "ana_lopez", "handle"),
    (AccountAlias, "a", LID, "account"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "name", "value", "kind"), SHOWN)
def test_a_column_is_masked_by_its_type(masking, table, name, value, kind) -> None:
    (column,) = (c for c in columns(table) if c.name == name)
    assert re.fullmatch(rf"{kind}-[0-9a-f]{{8,16}}", masking.value(column, value))


def test_names_and_places_are_withheld_and_what_names_nobody_stays(masking) -> None:
    def shown(table, name, value, **how):
        return masking.value(next(c for c in columns(table) if c.name == name), value, **how)

    assert shown(AccountName, "name", "Bo") == "withheld"
    assert shown(MediaPlace, "latitude", 40.4) is None
    assert shown(MediaPlace, "latitude", 40.4, places=True) == 40.4
    assert shown(MediaPlace, "value_raw", "40,4") == "withheld"
    assert shown(Message, "event_id", "0123456789abcdef0123#message/7").endswith("#message/7")
    assert shown(Item, "sha256", "0" * 64) == "0" * 64
    assert shown(CountryTie, "a", "ES") == "ES"
    assert shown(GroupEvent, "targets", [ANA, LID]) == [
        masking.account(ANA),
        masking.account(LID),
    ]
