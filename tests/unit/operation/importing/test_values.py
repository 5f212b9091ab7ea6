"""Values of cells, each taken as it is meant or refused with its reason."""

from __future__ import annotations

import pytest

from clew.errors import UsageError
from clew.operation.importing.values import Moments, RowError, country, imei, quantity


@pytest.mark.parametrize(
    ("text", "zone", "read"),
    [
        ("", None, None),
        ("2017-03-28", "Europe/Madrid", "2017-03-28"),
        ("28/03/2017 08:50", None, "2017-03-28T08:50"),
        ("28.03.2017 8:50", "Europe/Berlin", "2017-03-28T06:50:00Z"),
        ("2017-03-28T08:50Z", "Europe/Madrid", "2017-03-28T08:50Z"),
        ("2017/03/28 08:50:30", None, "2017-03-28T08:50:30"),
        ("26/03/2017 02:30", "Europe/Madrid", "2017-03-26T02:30"),
        ("29/10/2017 02:30", "Europe/Madrid", "2017-10-29T02:30"),
    ],
)
def test_a_moment_is_local_until_its_zone_is_known(text, zone, read) -> None:
    assert Moments([text], None, zone).read(text) == read


def test_the_rows_of_a_file_decide_the_order_of_its_dates() -> None:
    assert Moments(["03/13/2017", "03/04/2017"], None, None).read("03/04/2017") == "2017-03-04"
    assert Moments(["13/03/2017", "03/04/2017"], None, None).read("03/04/2017") == "2017-04-03"
    assert Moments(["03/04/2017"], "mdy", None).read("03/04/2017") == "2017-03-04"
    assert Moments(["03.04.2017"], None, None).read("03.04.2017") == "2017-04-03"
    for texts, says in ((["03/04/2017"], "no row decides"), (["13/04/2017", "04/13/2017"], "two")):
        with pytest.raises(UsageError, match=says):
            Moments(texts, None, None)


@pytest.mark.parametrize(
    ("text", "code"),
    [("31/02/2017", "no_date"), ("28/03/17", "no_date"), ("soon", "no_date"),
     ("2071-01-01", "future"), ("28/03/2017 25:00", "no_date"), ("0000-01-01", "no_date")],
)  # fmt: skip
def test_what_is_no_moment_is_refused(text, code) -> None:
    with pytest.raises(RowError) as refused:
        Moments((), None, None).read(text)
    assert refused.value.code == code


def test_a_moment_before_all_years_in_utc_is_refused() -> None:
    with pytest.raises(RowError):
        Moments((), None, "Asia/Tokyo").read("0001-01-01 00:00")


def test_a_quantity_is_one_or_more_or_unknown() -> None:
    assert [quantity(text) for text in ("", "1", "64")] == [None, 1, 64]
    for text in ("0", "-1", "1.5", "x", "²"):
        with pytest.raises(RowError):
            quantity(text)


def test_an_imei_is_taken_as_written_or_was_destroyed() -> None:
    assert imei("35-209900-176148-1") == "352099001761481"
    assert imei("352099001761482") == "352099001761482"
    for text in ("3.52099E+14", "3,52099e+14", "352099001761481.0"):
        with pytest.raises(RowError):
            imei(text)


def test_a_country_is_never_put_right() -> None:
    assert [country(text) for text in ("", "ES", "es", "Spain")] == [None, "ES", "ES", "ES"]
    for text, meant in (("UK", "GB"), ("EL", "GR"), ("XX", None), ("Atlantis", None)):
        with pytest.raises(RowError) as refused:
            country(text)
        assert refused.value.figures.get("meant") == meant
