"""DER, as far as locks need it: values written and read, and nothing interpreted.

References:
    - ITU-T X.690, Distinguished Encoding Rules

"""

from typing import Self

import msgspec

INTEGER, OCTETS, BITS, NULL, OID, SEQUENCE, SET = 0x02, 0x04, 0x03, 0x05, 0x06, 0x30, 0x31
_LONG = 0x80
_DEEPEST_LENGTH = 4
"""Bytes of the longest length that is read."""


def tagged(number: int) -> int:
    """Tag of a constructed value of a context, ``[number]``."""
    return 0xA0 | number


def value(tag: int, *parts: bytes) -> bytes:
    """A value by its tag and its content."""
    content = b"".join(parts)
    size = len(content)
    if size < _LONG:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, _LONG | len(length))) + length + content


def sequence(*parts: bytes) -> bytes:
    """A SEQUENCE of values."""
    return value(SEQUENCE, *parts)


def integer(number: int) -> bytes:
    """An INTEGER that is not negative."""
    return value(INTEGER, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def oid(text: str) -> bytes:
    """An OBJECT IDENTIFIER by its dotted text.

    >>> oid("1.2.840.113549.1.7.1").hex()
    '06092a864886f70d010701'
    """
    first, second, *rest = map(int, text.split("."))
    written = bytearray()
    for arc in (first * 40 + second, *rest):
        septets = [arc & 0x7F]
        while arc := arc >> 7:
            septets.append(0x80 | (arc & 0x7F))
        written += bytes(reversed(septets))
    return value(OID, bytes(written))


class Node(msgspec.Struct, frozen=True):
    """A value that was read."""

    tag: int
    content: bytes
    raw: bytes
    """All of it, tag and length with it."""

    @classmethod
    def of(cls, data: bytes) -> Self:
        """The one value that some bytes are; ValueError where they are more or less."""
        node, rest = cls._first(data)
        if rest:
            raise ValueError("there is something after the end")
        return node

    @property
    def parts(self) -> list[Self]:
        """The values within a constructed one."""
        found, rest = [], self.content
        while rest:
            node, rest = self._first(rest)
            found.append(node)
        return found

    @classmethod
    def _first(cls, data: bytes) -> tuple[Self, bytes]:
        try:
            size, begin = data[1], 2
            if size & _LONG:
                count = size & ~_LONG
                if not 0 < count <= _DEEPEST_LENGTH:
                    raise ValueError("a length is not of DER")
                size, begin = int.from_bytes(data[2 : 2 + count], "big"), 2 + count
            end = begin + size
            if len(data) < end:
                raise ValueError("it is cut short")
            return cls(data[0], data[begin:end], data[:end]), data[end:]
        except IndexError as error:
            raise ValueError("it is cut short") from error
