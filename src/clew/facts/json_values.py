"""Values of JSON as they come: of any type, whatever the format says."""

from typing import Any

Json = dict[str, Any]
"""An object of JSON: whatever stands under its names."""


def a_text(value: Any) -> str | None:
    """A value if it is text that says something."""
    return value if isinstance(value, str) and value else None


def a_number(value: Any) -> int | None:
    """A whole number, also where it is written as text or with a fraction."""
    if isinstance(value, str) and value.lstrip("-").isdecimal() and len(value) < _DIGITS:
        value = int(value)
    if isinstance(value, float) and abs(value) < 1 << 53:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if abs(value) < 1 << 63 else None


_DIGITS = 20


def a_list(value: Any) -> list[Any]:
    """A value if it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def a_dict(value: Any) -> dict[str, Any]:
    """A value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def dicts(value: Any) -> list[dict[str, Any]]:
    """The objects of a list; none where it is no list."""
    return [entry for entry in a_list(value) if isinstance(entry, dict)]
