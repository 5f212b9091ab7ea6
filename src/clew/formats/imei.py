"""Numbers of phones (3GPP TS 23.003, 6.2): 14 digits, and a check digit or a version behind them.

References:
    - ISO/IEC 7812-1, annex B: the check digit, after Luhn

"""

DIGITS = 14
"""Digits that name a phone."""
_WITH_CHECK, _WITH_VERSION = 15, 16


def check_digit(digits: str) -> int:
    """The check digit of a number.

    >>> check_digit("35209900176148")
    1
    """
    doubled = (int(d) * (1 + (n % 2 == 0)) for n, d in enumerate(reversed(digits)))
    return -sum(d // 10 + d % 10 for d in doubled) % 10


def is_imei(text: str) -> bool:
    """Whether a text has as many digits as the number of a phone, whatever its check digit is."""
    return text.isascii() and text.isdecimal() and DIGITS <= len(text) <= _WITH_VERSION


def is_right(imei: str) -> bool:
    """Whether a number can be right; one of 14 digits, or with a version, has no check digit.

    >>> is_right("352099001761481"), is_right("352099001761482"), is_right("12345")
    (True, False, False)
    """
    has_check = len(imei) == _WITH_CHECK
    return is_imei(imei) and (not has_check or check_digit(imei[:DIGITS]) == int(imei[DIGITS]))
