"""Whether the text of a literal is one of its datatype: what case_validate takes, to the letter."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal, DecimalException

from clew.exchange.caseuco.jsonld import XSD, Literal

_N = r"([0-9]+([,.][0-9]+)?"
_DURATION = re.compile(
    rf"[+-]?P(?!\b)({_N}Y))?({_N}M))?({_N}W))?({_N}D))?(T({_N}H))?({_N}M))?({_N}S))?)?"
).fullmatch


def _range(least: int | None, most: int | None) -> Callable[[str], bool]:
    def fits(text: str) -> bool:
        number = int(text)
        return (least is None or number >= least) and (most is None or number <= most)

    return fits


def _parsed(parse: Callable[[str], object]) -> Callable[[str], bool]:
    return lambda text: parse(text) is not None


_CHECKS: dict[str, Callable[[str], bool]] = {
    f"{XSD}{name}": check
    for name, check in {
        "dateTime": _parsed(datetime.fromisoformat),
        "duration": lambda text: _DURATION(text) is not None,
        "hexBinary": _parsed(binascii.unhexlify),
        "base64Binary": _parsed(b64decode),
        "boolean": lambda text: text in ("true", "false", "1", "0"),
        "decimal": _parsed(Decimal),
        "integer": _range(None, None),
        "nonNegativeInteger": _range(0, None),
        "positiveInteger": _range(1, None),
        "byte": _range(-128, 127),
        "unsignedInt": _range(0, 2**32 - 1),
        "unsignedShort": _range(0, 2**16 - 1),
    }.items()
}


def is_of(value: object, datatype: str) -> bool:
    """Whether a value is a literal of a datatype, and well written."""
    if type(value) is not tuple or value[1] != datatype:
        return False
    check = _CHECKS.get(datatype)
    try:
        return check is None or check(value[0])
    except (ValueError, DecimalException):
        return False


def same(literal: Literal) -> Literal:
    """The literal as it compares: numbers and truth by value."""
    text, datatype, language = literal
    if datatype == f"{XSD}boolean" and text in ("1", "0"):
        return ("true" if text == "1" else "false", datatype, language)
    if is_of(literal, f"{XSD}integer"):
        return (str(int(text)), datatype, language)
    return literal
