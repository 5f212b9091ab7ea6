"""Values of cells: moments, amounts, countries; each can be refused with its reason."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from clew.errors import UsageError
from clew.operation.importing.vocabulary import vocabulary
from clew.words.register import countries

_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ]+(\d\d?):(\d\d)(?::(\d\d)(?:\.\d+)?)?)? ?(Z)?")
_WRITTEN = re.compile(
    r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})(?:[ ,T]+(\d\d?)[:.h](\d\d)(?:[:.](\d\d))?)?"
)
_MANY = 12
_YEAR_DIGITS = 4
_SPOILT = re.compile(r"[+-]?\d+([.,]\d+)?[eE][+-]?\d+")


class RowError(Exception):
    """A row is not taken; ``code`` is one of the register ``board_row``."""

    def __init__(self, code: str, **figures: object) -> None:
        super().__init__(code)
        self.code = code
        self.figures = figures


class DayOrder(StrEnum):
    """In which order the parts of a date are written."""

    DMY = "dmy"
    MDY = "mdy"
    YMD = "ymd"


class Moments:
    """How the dates of one file are read: its own rows have to decide, or whoever imports it."""

    def __init__(self, texts: Iterable[str], order: str | None, zone: str | None) -> None:
        self.order = DayOrder(order) if order else None
        self._zone = _zone(zone) if zone else None
        self._latest = datetime.now(UTC) + timedelta(days=1)
        if self.order is None:
            self.order = _decided([m for t in texts if (m := _WRITTEN.fullmatch(t))])

    def read(self, text: str) -> str | None:
        """A moment as statements have it; None of an empty cell."""
        if not text:
            return None
        found = _ISO.fullmatch(text)
        parts = found.groups() if found else self._written(text)
        year, month, day, hour, minute, second, utc = parts
        try:
            on = date(int(year or 0), int(month or 0), int(day or 0))
            at = None if hour is None else time(int(hour), int(minute or 0), int(second or 0))
        except ValueError:
            raise RowError("no_date", text=text) from None
        if on > self._latest.date():
            raise RowError("future", text=text)
        try:
            return self._said(on, at, is_utc=utc is not None)
        except OverflowError:
            raise RowError("no_date", text=text) from None

    def _written(self, text: str) -> tuple[str | None, ...]:
        found = _WRITTEN.fullmatch(text)
        if not found:
            raise RowError("no_date", text=text)
        a, sign, b, c, hour, minute, second = found.groups()
        if len(a) == _YEAR_DIGITS:
            return a, b, c, hour, minute, second, None
        if len(c) != _YEAR_DIGITS:
            raise RowError("no_date", text=text)
        month_first = self.order is DayOrder.MDY and sign != "."
        month, day = (a, b) if month_first else (b, a)
        return c, month, day, hour, minute, second, None

    def _said(self, on: date, at: time | None, *, is_utc: bool) -> str:
        if at is None:
            return on.isoformat()
        moment = datetime.combine(on, at)
        local = moment.isoformat(timespec="seconds" if moment.second else "minutes")
        if is_utc:
            return f"{local}Z"
        if self._zone is None:
            return local
        early, late = (moment.replace(tzinfo=self._zone, fold=fold) for fold in (0, 1))
        if early.utcoffset() != late.utcoffset():
            return local  # an hour that there is twice, or not at all
        return early.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _decided(found: list[re.Match[str]]) -> DayOrder | None:
    """What the dates of a file prove; UsageError where they prove nothing, or both."""
    open_ = [m for m in found if len(m[1]) < _YEAR_DIGITS and m[2] != "." and m[1] != m[3]]
    day_first = [m[0] for m in open_ if int(m[1]) > _MANY]
    month_first = [m[0] for m in open_ if int(m[3]) > _MANY]
    if day_first and month_first:
        raise UsageError(
            f"the file has dates of two orders: {day_first[0]} and {month_first[0]}",
            do="Mend the dates, or say how they are read: --date-order dmy",
        )
    if open_ and not day_first and not month_first:
        raise UsageError(
            f"no row decides whether {open_[0][0]} begins with the day or with the month",
            do="Say it: --date-order dmy, or mdy",
        )
    return DayOrder.MDY if month_first else DayOrder.DMY


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise UsageError(
            f"{name!r} is no time zone", do="Give one of IANA, such as Europe/Madrid."
        ) from error


def quantity(text: str) -> int | None:
    """How many things a row is; None where it was left blank, and is unknown."""
    if not text:
        return None
    if not re.fullmatch(r"\d{1,6}", text) or int(text) < 1:
        raise RowError("quantity", text=text)
    return int(text)


def imei(text: str) -> str | None:
    """An IMEI as it was written, without what parts its digits."""
    if _SPOILT.fullmatch(text) or re.fullmatch(r"\d+[.,]\d+", text):
        raise RowError("imei_spoilt", text=text)
    return re.sub(r"[\s/-]", "", text) or None


def country(text: str) -> str | None:
    """A country of ISO 3166-1 by its code or its English name."""
    if not text:
        return None
    code = text.upper()
    if code in countries():
        return code
    if meant := vocabulary().countries.get(code):
        raise RowError("country_meant", text=text, meant=meant)
    by_name = {name.casefold(): code for code, name in countries().items()}
    if text.casefold() in by_name:
        return by_name[text.casefold()]
    raise RowError("country", text=text)
