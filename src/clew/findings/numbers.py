"""What a phone number tells of its country."""

import phonenumbers

_SHARED = (1, 7)
"""Prefixes that large countries share."""


def country_of(e164: str | None) -> str | None:
    """Country of a number in E.164 form; None where the numbering plans do not tell.

    A number that no plan assigns still tells the country of its prefix, where one country has it
    (or, as Italy with the Vatican, nearly all of it).
    """
    if not e164:
        return None
    try:
        number = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return None
    code = phonenumbers.region_code_for_number(number)
    if code is None and number.country_code not in _SHARED:
        code = phonenumbers.region_code_for_country_code(number.country_code or 0)
    return code if code and code.isalpha() and code != "ZZ" else None
