"""Numbers of phones (3GPP TS 23.003, 6.2): 14 digits and a check digit after Luhn."""

_DIGITS = 15
_WITH_VERSION = 16
_TEN = 10


def is_right(imei: str) -> bool:
    """Whether a number can be right; one of 14 digits, or with a version, has no check digit.

    >>> is_right("352099001761481"), is_right("352099001761482"), is_right("12345")
    (True, False, False)
    """
    if not imei.isdecimal() or not imei.isascii():
        return False
    if len(imei) in (_DIGITS - 1, _WITH_VERSION):
        return True
    return len(imei) == _DIGITS and _luhn(imei) % _TEN == 0


def _luhn(digits: str) -> int:
    total = 0
    for rank, digit in enumerate(map(int, reversed(digits))):
        doubled = digit * (1 + rank % 2)
        total += sum(divmod(doubled, _TEN))
    return total
