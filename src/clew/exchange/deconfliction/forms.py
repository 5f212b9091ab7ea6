"""One normal form for every written form of an identifier: only equal forms are ever a hit.

A number is asked for together with the half-year in which it was seen, because numbers are given to
others; a search with its day. ``phonenumbers`` alone is not enough: it keeps the older Mexican and
the two Argentine forms of one number apart.

>>> normal(Kind.PHONE, "0052 1 55 1234 5678 | 2017-03-02").text
'+525512345678|2017-H1'
>>> normal(Kind.IMEI, "35-209900-176148-1").text
'35209900176148'
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from enum import StrEnum
from functools import cache
from importlib import resources

import msgspec

from clew.formats import imei


class Kind(StrEnum):
    """What is asked for; a key is of one kind."""

    PHONE = "phone"
    """A telephone number and the half-year in which it was seen."""
    ACCOUNT = "account"
    """An account of a service by its own number there, which is no telephone number."""
    IMEI = "imei"
    """A telephone by its 14 digits, without check digit and version of its software."""
    SHA256 = "sha256"
    """A file, by its content."""
    SEARCH = "search"
    """Address and day of a search, so that two teams do not meet at one door."""


class Form(msgspec.Struct, frozen=True):
    """An identifier in its one form."""

    kind: Kind
    text: str
    flag: str = ""
    """Code of what may be amiss with it; empty where nothing is."""

    @property
    def value(self) -> str:
        """The identifier alone."""
        return self.text.partition("|")[0]

    @property
    def seen(self) -> str | None:
        """Half-year or day that goes with it; None where none does."""
        return self.text.partition("|")[2] or None

    @property
    def input(self) -> bytes:
        """What the function of the protocol is computed of."""
        return f"clew deconflict 1\n{self.kind}\n{self.text}".encode()


class NoForm(ValueError):
    """An identifier that has no normal form; the code says why, and the value is never shown."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def normal(kind: Kind, written: str, country: str | None = None) -> Form:
    """The one form of an identifier; NoForm where it has none.

    ``country`` is that of numbers that are written as within a country.
    """
    text = unicodedata.normalize("NFKC", written).strip()
    if kind is Kind.PHONE:
        number, when = _parts(text)
        found = phone(number, country)
        return Form(kind, f"{found}|{half_year(when)}", _flag(found))
    return Form(kind, _FORMS[kind](text))


_ABROAD = range(8, 16)
"""How many digits a number has that is called from abroad (ITU-T E.164)."""
_AS_ACCOUNT = re.compile(r"\+?([0-9]{6,15})(?::[0-9]+)?@(?:s\.whatsapp\.net|c\.us)")
"""A number as WhatsApp writes the account that it is of."""


def phone(written: str, country: str | None = None) -> str:
    """A telephone number in E.164 form, one for all forms of it; without its half-year."""
    import phonenumbers

    text = _AS_ACCOUNT.sub(r"+\1", written.strip())
    text = re.sub(r"^[^\d+]*00(?=[\s(./-]*[1-9])", "+", text)
    try:
        parsed = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException as error:
        lacks = error.error_type == phonenumbers.NumberParseException.INVALID_COUNTRY_CODE
        raise NoForm("no_country" if lacks else "no_number") from error
    found = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    for rule in _rules().phones:
        found = re.sub(f"^{rule.pattern}$", rule.becomes, found)
    if not _is_long_enough(found):
        raise NoForm("no_number")
    return found


def _flag(number: str) -> str:
    """What may be amiss with a number: it lacks a digit, or no plan has numbers of its length."""
    import phonenumbers

    flags = (one.code for one in _rules().flags if re.fullmatch(one.pattern, number))
    is_planned = phonenumbers.is_possible_number(phonenumbers.parse(number))
    return next(flags, "" if is_planned else "no_plan")


def _is_long_enough(number: str) -> bool:
    """Whether a number has as many digits as one that is called from abroad (E.164)."""
    return len(number) - 1 in _ABROAD


def half_year(when: str) -> str:
    """``2017-H1`` of a half-year, a month or a day.

    >>> half_year("2017-07-01"), half_year("2017-06"), half_year("2017-h2")
    ('2017-H2', '2017-H1', '2017-H2')
    """
    if found := re.fullmatch(r"([0-9]{4})-[Hh]([12])", when):
        return f"{found[1]}-H{found[2]}"
    found = re.fullmatch(r"([0-9]{4})-([0-9]{2})(?:-([0-9]{2}))?", when)
    if not found:
        raise NoForm("no_half_year")
    day = _day(int(found[1]), int(found[2]), int(found[3] or 1))
    return f"{day.year:04}-H{1 + (day.month - 1) // 6}"


def _account(text: str) -> str:
    """Service, kind of number and number; names that people choose are written in any case."""
    service, kind, own = (part.strip() for part in [*text.split(":", 2), "", ""][:3])
    if not service or not kind or not own:
        raise NoForm("no_account")
    if kind.casefold() in ("pn", "phone", "label", "owner"):
        raise NoForm("account_is_no_account")
    return f"{service}:{kind}:{own.removeprefix('@')}".casefold()


def _imei(text: str) -> str:
    digits = re.sub(r"[\s./-]", "", text)
    if not imei.is_imei(digits):
        raise NoForm("no_imei")
    if not imei.is_right(digits):
        raise NoForm("imei_check_digit")
    return digits[: imei.DIGITS]


def _sha256(text: str) -> str:
    if not re.fullmatch(r"[0-9A-Fa-f]{64}", text):
        raise NoForm("no_sha256")
    return text.lower()


_WORDS = re.compile(r"[^\W\d_]+|\d+")
"""Words and numbers, also where one follows the other without a space."""


def _search(text: str) -> str:
    """Words and numbers of an address in the order of the alphabet, and the day."""
    address, when = _parts(text)
    found = re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", when)
    if not found:
        raise NoForm("no_day")
    apart = unicodedata.normalize("NFKD", address.casefold())
    plain = "".join(c for c in apart if not unicodedata.combining(c))
    words = {word.lstrip("0") or "0" for word in _WORDS.findall(plain)} - _rules().street_words
    if not any(w.isdigit() for w in words) or not any(w.isalpha() for w in words):
        raise NoForm("no_address")
    return f"{' '.join(sorted(words))}|{_day(*map(int, found.groups())).isoformat()}"


def _parts(text: str) -> tuple[str, str]:
    """An identifier and when it was seen."""
    value, _, when = text.replace("\t", "|").partition("|")
    return value.strip(), when.strip()


def _day(*parts: int) -> date:
    try:
        return date(*parts)
    except ValueError as error:
        raise NoForm("no_day") from error


_FORMS: dict[Kind, Callable[[str], str]] = {
    Kind.ACCOUNT: _account,
    Kind.IMEI: _imei,
    Kind.SHA256: _sha256,
    Kind.SEARCH: _search,
}


class _Rewriting(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A written form of a number that becomes another."""

    pattern: str
    becomes: str
    because: str


class _Flag(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Numbers that are left as they are, and marked."""

    pattern: str
    code: str


class _Rules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What ``forms.toml`` says."""

    phones: tuple[_Rewriting, ...]
    flags: tuple[_Flag, ...]
    street_words: frozenset[str]


@cache
def _rules() -> _Rules:
    file = resources.files("clew.exchange.deconfliction").joinpath("forms.toml")
    return msgspec.toml.decode(file.read_bytes(), type=_Rules)
