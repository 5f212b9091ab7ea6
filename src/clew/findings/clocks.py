"""How far each device's clock was off, and in which zone a text export's times are.

A message that a device sent carries the time of that device; on every other device it carries the
server's. So the clock of a device shows in its own messages that others received. Where there are
too few, it shows in the least delay with which messages came in; and where nobody kept a server's
stamp, in the messages that several devices received. A line over time is fitted robustly: clocks
drift, and some messages come late.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from clew.casefile import Context
from clew.records import ClockMethod, ClockOffset, ExportZone
from clew.schema import Id, table_part

Numbers = npt.NDArray[np.float64]
_MONTH = 30 * 86_400.0
_FEWEST, _FEWEST_A_MONTH, _FEWEST_IN_A_WEEK = 3, 15, 3
_LEAST_DELAY = 0.03
"""Part of a month's messages taken to have come at once."""
_HALF_A_SECOND = 0.5
"""The server's stamp is cut to the second: half of one is added back."""
_QUARTER = 900.0


def clocks(context: Context) -> None:
    """Find how far each device's clock was off, and the zone of each text export."""
    offsets = list(_offsets(context.query("clock_stamps")))
    zones = list(_zones(context.query("export_stamps")))
    context.publish(table_part(ClockOffset, offsets), table_part(ExportZone, zones))


class _Stamps:
    """Stamps of one device, in seconds; those it lacks are NaN."""

    def __init__(self, rows: pa.Table) -> None:
        self.mine = rows["from_owner"].to_numpy()
        self.key = rows["message_key"].to_numpy()
        self.server = _seconds(rows["server_us"])
        self.sent = _seconds(rows["sent_us"])
        self.received = _seconds(rows["received_us"])


def _offsets(table: pa.Table) -> Iterator[ClockOffset]:
    exhibits = table["exhibit_id"].unique().to_pylist()
    left: dict[str, _Stamps] = {}
    for exhibit in exhibits:
        stamps = _Stamps(table.filter(pa.compute.equal(table["exhibit_id"], exhibit)))
        found = _by_own_messages(exhibit, stamps) or _by_received(exhibit, stamps)
        if found:
            yield found
        else:
            left[exhibit] = stamps
    yield from _by_other_devices(left)


def _by_own_messages(exhibit: str, stamps: _Stamps) -> ClockOffset | None:
    use = stamps.mine & ~np.isnan(stamps.server)
    if use.sum() < _FEWEST:
        return None
    error = stamps.sent[use] - stamps.server[use] - _HALF_A_SECOND
    return _fitted(exhibit, ClockMethod.OWN_MESSAGES, stamps.server[use], error, int(use.sum()))


def _by_received(exhibit: str, stamps: _Stamps) -> ClockOffset | None:
    """The least delay of each month: what came in at once shows the clock alone."""
    use = ~stamps.mine & ~np.isnan(stamps.received)
    delay = stamps.received[use] - stamps.sent[use] - _HALF_A_SECOND
    at = stamps.sent[use]
    months = np.floor(at / _MONTH)
    times, errors = [], []
    for month in np.unique(months):
        here = months == month
        if here.sum() >= _FEWEST_A_MONTH:
            times.append(float(at[here].mean()))
            errors.append(float(np.quantile(delay[here], _LEAST_DELAY)))
    if not times:
        return None
    method, count = ClockMethod.RECEIVED_MESSAGES, int(use.sum())
    return _fitted(exhibit, method, np.array(times), np.array(errors), count)


def _by_other_devices(left: dict[str, _Stamps]) -> Iterator[ClockOffset]:
    """Clocks against each other, by messages that two devices received; the middle one is right."""
    pairs = list(_pairs(left))
    names = sorted({n for a, b, *_ in pairs for n in (a, b)})
    if len(names) < 2:  # noqa: PLR2004 - a pair
        return
    column_of = {name: n for n, name in enumerate(names)}
    design = np.zeros((len(pairs), len(names)))
    for row, (a, b, *_) in enumerate(pairs):
        design[row, column_of[a]], design[row, column_of[b]] = 1, -1
    gaps = np.array([p[2] for p in pairs])
    certain = np.sqrt([p[4] for p in pairs]) / (np.array([p[3] for p in pairs]) + 1)
    weight = certain
    for _ in range(10):  # least squares, again with less weight for what does not fit
        solved, *_ = np.linalg.lstsq(design * weight[:, None], gaps * weight, rcond=None)
        weight = certain / np.maximum(1, np.abs(design @ solved - gaps) / 3)
    solved -= np.median(solved)
    for name in names:
        stamps = left[name]
        at = stamps.received[~stamps.mine & ~np.isnan(stamps.received)]
        error = np.full(len(at), float(solved[column_of[name]]))
        yield _fitted(name, ClockMethod.OTHER_DEVICES, at, error, len(at))


def _pairs(left: dict[str, _Stamps]) -> Iterator[tuple[str, str, float, float, int]]:
    """Pairs of devices with the median gap of what both received, its spread, and how many."""
    received = {
        name: dict(zip(s.key[use], s.received[use], strict=True))
        for name, s in left.items()
        if (use := ~s.mine & ~np.isnan(s.received)).any()
    }
    names = sorted(received)
    for n, a in enumerate(names):
        for b in names[n + 1 :]:
            both = sorted(received[a].keys() & received[b].keys())
            if len(both) >= 2 * _FEWEST_A_MONTH:
                gaps = np.array([received[a][k] - received[b][k] for k in both])
                middle = float(np.median(gaps))
                yield a, b, middle, float(np.median(np.abs(gaps - middle))), len(both)


def _fitted(
    exhibit: str, method: ClockMethod, at: Numbers, error: Numbers, messages: int
) -> ClockOffset:
    start = float(at.min())
    ahead, drift = _line((at - start) / _MONTH, error)
    rest = error - ahead - drift * (at - start) / _MONTH
    low, high = np.quantile(rest, [0.25, 0.75])
    return ClockOffset(
        exhibit_id=Id(exhibit),
        method=method,
        messages=messages,
        from_at=_time(start),
        until_at=_time(float(at.max())),
        ahead_s=round(ahead, 3),
        drift_s=round(drift, 4),
        low_s=round(float(low), 3),
        high_s=round(float(high), 3),
    )


def _line(months: Numbers, error: Numbers) -> tuple[float, float]:
    """Robust line through errors over months: fitted thrice, each time without the outliers."""
    ahead, drift = float(np.median(error)), 0.0
    for _ in range(3):
        if len(months) < 8 or np.ptp(months) < 1:  # noqa: PLR2004 - too few for a slope
            return float(np.median(error)), 0.0
        design = np.column_stack([np.ones_like(months), months])
        (ahead, drift), *_ = np.linalg.lstsq(design, error, rcond=None)
        rest = error - ahead - drift * months
        spread = 1.48 * float(np.median(np.abs(rest - np.median(rest))))
        near = np.abs(rest - np.median(rest)) <= max(2.0, 3 * spread)
        months, error = months[near], error[near]
    return float(ahead), float(drift)


def _zones(table: pa.Table) -> Iterator[ExportZone]:
    """Offsets of each export: weeks in a row that show the same quarter of an hour are one row."""
    for source in table["source_id"].unique().to_pylist():
        rows = table.filter(pa.compute.equal(table["source_id"], source))
        at, local = _seconds(rows["sent_us"]), _seconds(rows["local_us"])
        exhibit = rows["exhibit_id"][0].as_py()
        weeks = np.floor(at / (7 * 86_400))
        span: list[tuple[float, Numbers]] = []
        for week in np.unique(weeks):
            here = weeks == week
            if here.sum() < _FEWEST_IN_A_WEEK:
                continue
            gap = float(np.median(local[here] - at[here])) + 30  # cut to the minute: half is lost
            offset = round(gap / _QUARTER) * _QUARTER
            if span and span[-1][0] == offset:
                span[-1] = (offset, span[-1][1] | here)
            else:
                span.append((offset, here))
        for offset, here in span:
            found = _zone(exhibit, source, offset, at[here], local[here])
            if 2 * found.agreeing > found.messages:
                yield found


def _zone(exhibit: str, source: str, offset: float, at: Numbers, local: Numbers) -> ExportZone:
    agreeing = np.abs(local - at - offset) <= 120  # noqa: PLR2004 - a minute each way, and clocks
    return ExportZone(
        exhibit_id=Id(exhibit),
        source_id=source,
        since=_time(float(at.min())),
        until=_time(float(at.max())),
        offset_minutes=round(offset / 60),
        messages=len(at),
        agreeing=int(agreeing.sum()),
    )


def _seconds(column: pa.ChunkedArray) -> Numbers:
    values: Numbers = column.cast(
        pa.float64(), safe=False
    ).to_numpy()  # year 9999 is no exact float
    return values / 1e6


def _time(second: float) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=round(second, 6))
