"""A statement is one row of bytes, and a signature is of that row, in that place, and no other."""

from __future__ import annotations

import base64
import json

import msgspec
import pytest
from builders.packages import Agencies, signer

from clew.errors import UsageError
from clew.exchange.sealing import envelope
from clew.exchange.sealing.envelope import INNER, OUTER, Header, Inner

HEADER = Header(package="0b0e7c1e-0000", case="0011", sender="ES", receivers=("DE", "PT"),
                sealed_at="2026-11-30T12:00:00Z", handling=("H1",))  # fmt: skip


def test_a_statement_is_read_as_it_was_written() -> None:
    assert envelope.read(envelope.written(HEADER), Header) == HEADER
    assert json.loads(envelope.written(HEADER))["from"] == "ES"


@pytest.mark.parametrize("spoil", [
    lambda raw: raw + b"\n", lambda raw: raw.replace(b'","', b'", "', 1),
    lambda raw: raw.replace(b'{"case"', b'{"case":"x","case"'),
    lambda raw: raw.replace(b'"H1"', b'"\\u00481"'), lambda raw: raw[:-1] + b',"z":1}',
    lambda raw: raw.replace(b'["DE","PT"]', b'["PT","DE"]'),
    lambda raw: raw.replace(b'["DE","PT"]', b"[]"),
    lambda raw: raw.replace(b'["DE","PT"]', b'["DE","DE"]'),
    lambda raw: raw.replace(b"clew-package/1", b"clew-package/2"),
    lambda raw: raw.replace(b"12:00:00Z", b"12:00:00"), lambda raw: raw.replace(b'"ES"', b'"../E"'),
    lambda raw: raw.replace(b"0b0e7c1e", b"../7c1e"), lambda raw: raw.replace(b"}", b',"tlp":""}'),
    lambda _: b"[]", lambda _: b"", lambda _: b"\xff",
])  # fmt: skip
def test_any_other_row_of_bytes_is_no_statement(spoil) -> None:
    raw = envelope.written(HEADER)
    assert spoil(raw) != raw
    with pytest.raises(ValueError, match=r".+"):
        envelope.read(spoil(raw), Header)


@pytest.mark.parametrize("about", [
    {"handling": ("h1",)}, {"handling": ("H1 ",)}, {"handling": ("H9",)}, {"tlp": "TLP:PINK"},
    {"tlp": "tlp:red"}, {"supersedes": HEADER.package}, {"recalls": HEADER.package},
    {"supersedes": "0b0e7c1e-0001", "recalls": "0b0e7c1e-0002"},
])  # fmt: skip
def test_a_code_that_would_bar_nothing_and_a_package_that_undoes_itself_are_refused(about) -> None:
    header = msgspec.structs.replace(HEADER, **about)
    with pytest.raises(ValueError, match="it says"):
        envelope.read(envelope.written(header), Header)
    with pytest.raises(UsageError, match="can't say"):
        envelope.check(header)


def test_a_header_without_receivers_is_an_error() -> None:
    with pytest.raises(UsageError):
        envelope.check(Agencies().sealing(to=()).header)


def test_a_signature_stands_for_one_statement_in_one_place() -> None:
    key, raw = signer(), envelope.written(HEADER)
    signed = envelope.signature(OUTER, raw, key)
    assert envelope.is_signed(OUTER, raw, signed, key.public)
    assert not envelope.is_signed(INNER, raw, signed, key.public)
    assert not envelope.is_signed(OUTER, raw + b" ", signed, key.public)
    assert not envelope.is_signed(OUTER, raw, signed, signer().public)


def test_a_signature_is_written_in_one_way() -> None:
    key, raw = signer(), envelope.written(HEADER)
    signed = envelope.signature(OUTER, raw, key)
    last = signed[-4:-3]
    same_bits = next(
        sign for sign in b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        if bytes([sign]) != last
        and base64.b64decode(signed[:-4] + bytes([sign]) + b"==") == base64.b64decode(signed)
    )  # fmt: skip
    for other in (signed[:-4] + bytes([same_bits]) + b"==\n", signed[:-1], signed + b"\n",
                  b" " + signed, signed.replace(b"\n", b"\r\n"), b"", b"\n"):  # fmt: skip
        assert not envelope.is_signed(OUTER, raw, other, key.public)


def test_the_inner_statement_shares_its_header() -> None:
    inner = Inner(**envelope.shared(HEADER), tagmanifest_sha256="ab" * 32)
    assert envelope.shared(inner) == envelope.shared(HEADER)
