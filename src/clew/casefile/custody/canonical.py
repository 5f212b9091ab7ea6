"""One way of writing an entry as JSON, so that equal entries are equal bytes.

References:
    - RFC 8785 (canonical JSON), 3.2: sorted names, no white space, whole numbers only

"""

import json
from typing import Any

import msgspec

_LARGEST = 2**53 - 1


def canonical(entry: dict[str, Any]) -> str:
    r"""The one text of an entry; TypeError or ValueError where a value has no one text.

    A fraction is refused, since its text depends on how it was rounded. A byte of a file name that
    is no text is written out as ``\udcXX``.
    """
    if all(map(_is_plain, entry.values())) and all(map(str.isascii, entry)):
        return msgspec.json.encode(entry, order="sorted").decode()
    plain = _ordered(msgspec.to_builtins(entry))
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))


def _is_plain(value: Any) -> bool:
    """Whether every way of writing JSON writes this value alike, so that the fastest may."""
    kind = type(value)
    if kind is str:
        return bool(value.isascii() and value.isprintable())
    return value is None or kind is bool or (kind is int and -_LARGEST <= value <= _LARGEST)


def _ordered(value: Any) -> Any:
    """The value with its names in the order of their UTF-16 units."""
    if isinstance(value, dict):
        return {_text(name): _ordered(value[name]) for name in sorted(value, key=_units)}
    if isinstance(value, list | tuple):
        return [_ordered(one) for one in value]
    if isinstance(value, str):
        return _text(value)
    if value is None or isinstance(value, bool):
        return value
    if not isinstance(value, int):
        raise TypeError(f"{type(value).__name__} has no one text: log it as a text")
    if abs(value) > _LARGEST:
        raise ValueError(f"{value} is too large for a number of JSON: log it as a text")
    return value


def _text(text: str) -> str:
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


def _units(name: str) -> bytes:
    return name.encode("utf-16-be", "surrogatepass")
