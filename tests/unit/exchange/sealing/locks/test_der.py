"""DER is written so that others read it, and read to the last byte."""

from __future__ import annotations

import pytest
from cryptography import x509

from clew.exchange.sealing.locks import der
from clew.exchange.sealing.locks.der import Node


@pytest.mark.parametrize("size", [0, 1, 127, 128, 255, 256, 65_536])
def test_what_is_written_is_read(size) -> None:
    node = Node.of(der.sequence(der.value(der.OCTETS, b"x" * size), der.integer(size)))
    assert [part.content for part in node.parts] == [
        b"x" * size, int.to_bytes(size, size.bit_length() // 8 + 1, "big")
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["1.2.840.113549.1.7.1", "2.5.29.15", "1.3.132.1.11.1",
                                  "2.16.840.1.101.3.4.1.46"])  # fmt: skip
def test_an_identifier_is_written_as_in_certificates(text) -> None:
    name = x509.Name([x509.NameAttribute(x509.ObjectIdentifier(text), "x")]).public_bytes()
    assert der.oid(text) in name


@pytest.mark.parametrize("spoilt", [b"", b"\x30", b"\x30\x02\x01", b"\x30\x80\x00\x00",
                                    b"\x30\x00\x00", b"\x04\x85\x01\x01\x01\x01\x01"])  # fmt: skip
def test_what_is_cut_short_or_longer_is_refused(spoilt) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Node.of(spoilt)
