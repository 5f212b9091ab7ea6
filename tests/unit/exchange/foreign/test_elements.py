"""An identifier becomes the account that Clew's own readers name so, and nonsense none."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from clew.exchange.foreign.elements import MalformedError, account, document, hashes, moment
from clew.records import IdType


@pytest.mark.parametrize(
    ("text", "platform", "account_id", "kind", "e164"),
    [
        ("34600111222", "WhatsApp", "whatsapp:pn:34600111222", IdType.PHONE, "+34600111222"),
        ("+34 600 111 222", "phone", "phone:pn:34600111222", IdType.PHONE, "+34600111222"),
        ("600111222", "phone", "phone:pn:600111222", IdType.PHONE, None),
        ("+34 600 111 222", None, "phone:pn:34600111222", IdType.PHONE, "+34600111222"),
        ("whatsapp:pn:34600111222", "x", "whatsapp:pn:34600111222", IdType.PHONE, "+34600111222"),
        ("whatsapp:lid:77", None, "whatsapp:lid:77", IdType.LID, None),
        ("12345678", "telegram", "telegram:user:12345678", IdType.USER_ID, None),
        ("ana", "Face Book", "face-book:username:ana", IdType.USERNAME, None),
        ("ana@x.example", None, "email:email:ana@x.example", IdType.EMAIL, None),
        (77, "unix", "unix:username:77", IdType.USERNAME, None),
    ],
)
def test_an_account_follows_from_platform_and_form(text, platform, account_id, kind, e164) -> None:
    made = account(text, platform)
    assert (made.account_id, made.id_type, made.e164) == (account_id, kind, e164)


def test_a_mere_name_means_something_in_its_own_file_alone() -> None:
    one = account("Ana", "other", IdType.LABEL, ["Ana"], "objects/1")
    other = account("Ana", "other", IdType.LABEL, ["Ana"], "objects/2")
    assert one.account_id != other.account_id


@pytest.mark.parametrize("text", [None, "", "  ", [], {}, True])
def test_what_is_no_identifier_is_refused(text) -> None:
    with pytest.raises(MalformedError):
        account(text)


@pytest.mark.parametrize(
    "stated",
    [[], [("md5", "zz")], [("md5", None)], [("sha1", 7)], [("md5", "0" * 32), ("md5", "1" * 32)]],
)
def test_what_is_no_hash_is_refused(stated) -> None:
    with pytest.raises(MalformedError):
        hashes(stated)


@pytest.mark.parametrize("text", ['{"a":"\u00f1"}'.encode(c) for c in ("utf-8-sig", "utf-16")])
def test_a_mark_and_another_encoding_are_taken(text) -> None:
    assert document([text[:3], text[3:]]) == {"a": "\u00f1"}


@pytest.mark.parametrize("text", [b"", b"{", b"[" * 100_000])
def test_what_is_no_json_is_refused(text) -> None:
    with pytest.raises(MalformedError):
        document([text])


@pytest.mark.parametrize(
    ("text", "at", "local"),
    [
        ("2024-03-01T02:00:00+02:00", datetime(2024, 3, 1, tzinfo=UTC), None),
        ("2024-03-01T02:00:00", None, "2024-03-01T02:00:00"),
        ("0001-01-01T00:00:00+14:00", None, "0001-01-01T00:00:00+14:00"),
        ("9999-12-31T23:00:00-10:00", None, "9999-12-31T23:00:00-10:00"),
        ("yesterday", None, "yesterday"),
        (None, None, None),
    ],
)
def test_a_moment_is_in_utc_or_stays_as_it_is_written(text, at, local) -> None:
    assert moment(text) == (at, local)
