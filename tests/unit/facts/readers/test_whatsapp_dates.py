"""The order of day and month is decided by what a file says, and left open where that conflicts."""

from __future__ import annotations

import pytest

from clew.facts.reader_api import Found
from clew.facts.readers.whatsapp_text import READER
from clew.records import DateReading, DateVote, Message, Source
from clew.schema import Batch


def rows_of(tmp_path, lines: list[str], name: str = "_chat.txt", **given):
    file = tmp_path / "export"
    file.write_text("\n".join(lines), "utf-8")
    found = Found(exhibit_id="E", item_id="i", source_id="a" * 64, path=name, media_type=None,
                  file=file, **given)  # fmt: skip
    return list(READER.read(found))


def read(tmp_path, *lines: str, **given):
    """Order of the file, local times of its messages, and its votes by kind."""
    rows = rows_of(tmp_path, list(lines), **given)
    (source,) = (row for row in rows if isinstance(row, Source))
    times = [
        time
        for row in rows
        if isinstance(row, Batch) and row.table is Message
        for time in row.data.column("sent_local").to_pylist()
    ]
    votes = {
        row.kind.value: (row.day_first, row.month_first)
        for row in rows
        if isinstance(row, DateVote)
    }
    return source.date_order.value, times, votes


def sent(day: str, name: str, time: str = "10:00") -> str:
    """A line with a file."""
    return f"{day}, {time} - A: {name} (file attached)"


HI = "03/04/2024, 10:00 - Contact 01: hello"
DAY_FIRST = {
    "a name later than the other reading": [HI, sent("04/05/2024", "IMG-20240504-WA0001.jpg")],
    "two names that may have been forwarded": [
        sent("03/04/2024", "PTT-20240403-WA0001.opus"),
        sent("03/06/2024", "VID-20240603-WA0001.mp4"),
    ],
    "a name with the minute of its line": [
        "[03/02/2024, 21:49:51] A: \u200e<attached: 00000046-PHOTO-2024-02-03-21-49-51.jpg>"
    ],
    "a name beside a mark that is not known": [
        "02/12/2024, 10:00 - A: IMG-20241202-WA0001.jpg (qwert)"
    ],
    "a forwarded picture among others": [
        sent("03/04/2024", "IMG-20240304-WA0001.jpg"),
        sent("03/12/2024", "IMG-20241203-WA0001.jpg"),
    ],
    "dates that run back otherwise": [HI, "02/05/2024, 10:00 - A: hello"],
    "small am beside a picture": [sent("3/4/2024", "IMG-20240403-WA0001.jpg", "5:10 am")],
    "two digits and 24 hours beside a picture": [sent("04/03/2024", "IMG-20240304-WA0001.jpg")],
    "dots": ["3.4.2024, 10:00 - A: hello", "5.4.2024, 10:00 - A: hello"],
    "dots and spaces": ["[3. 4. 2024 10:00:00] A: hello"],
    "dashes": ["03-04-2024 10:00 - A: hello"],
    "a notice in Italian": ["03/04/24, 10:00 - Contact 01 ha abbandonato", HI],
    "an attachment in Spanish": ["8/1/24, 10:32 - A: IMG-20240108-WA0001.jpg (archivo adjunto)"],
    "halves of the day in Spanish": ["8/1/24, 1:05 p.\u00a0m. - A: hola"],
    "what stands for a file in Portuguese": ["03/04/2024 10:00 - A: <Mídia oculta>"],
    "French on an iPhone, with four digits": ["[03/04/2024, 10:00:00] A: \u200eimage absente"],
}  # fmt: skip


@pytest.mark.parametrize("case", DAY_FIRST)
def test_day_first(tmp_path, case) -> None:
    order, times, votes = read(tmp_path, *DAY_FIRST[case])
    assert order == "DMY"
    assert all(times)
    assert votes
    assert all(day > month for day, month in votes.values())


MONTH_FIRST = {
    "a name later than the other reading": [sent("04/03/24", "IMG-20240403-WA0001.jpg")],
    "dates that run back otherwise": [HI.replace("03/04", "1/12"), HI.replace("03/04", "2/1")],
    "the minute of a photo": [
        "[2/3/24, 9:49:51 PM] A: \u200e<attached: 1-PHOTO-2024-02-03-21-49-51.jpg>"
    ],
}  # fmt: skip


@pytest.mark.parametrize("case", MONTH_FIRST)
def test_month_first(tmp_path, case) -> None:
    assert read(tmp_path, *MONTH_FIRST[case])[0] == "MDY"


OPEN = {
    "nothing says": [HI],
    "a picture that was sent on": [HI, sent("03/04/2024", "IMG-20240304-WA0001.jpg", "11:00")],
    "a renamed file against dots": [sent("3.4.2024", "IMG-20240304-WA0001.jpg")],
    "two files that exclude each other's order": [
        sent("04/05/2024", "IMG-20240504-WA0001.jpg"),
        sent("08/06/2024", "IMG-20240806-WA0001.jpg"),
    ],
    "a file of another day": [HI, sent("03/04/2024", "IMG-20210101-WA0001.jpg")],
    "words that are no name of a file": [HI, "03/04/2024, 10:00 - A: see 20240403 and 2024-04-03"],
    "a form of the United States": [sent("3/4/24", "IMG-20240304-WA0001.jpg", "10:00 PM")],
    "German on an iPhone of the United States": ["[3/4/22, 10:00:00] A: \u200eBild weggelassen"],
    "Spanish with two digits, as in Panama": ["03/04/22 10:00 - A: <Multimedia omitido>"],
    "English, which has both": ["03/04/24, 10:00 - Contact 01 left"],
    "notices of two languages": [
        "03/04/24, 10:00 - Contact 01 ha abbandonato", "03/04/24, 10:00 - Contact 01 left",
    ],
}  # fmt: skip


@pytest.mark.parametrize("case", OPEN)
def test_what_is_not_decided_stays_open(tmp_path, case) -> None:
    order, times, _ = read(tmp_path, *OPEN[case])
    assert order == "ambiguous"
    assert not any(times)


def test_a_proof_outranks_every_name(tmp_path) -> None:
    proved = sent("04/13/2024", "IMG-20240504-WA0001.jpg")
    assert read(tmp_path, HI, proved)[0] == "MDY"


def test_both_readings_are_kept_until_a_date_proves_one(tmp_path) -> None:
    def kept(*lines: str):
        batches = (r for r in rows_of(tmp_path, list(lines)) if isinstance(r, Batch))
        return [row for b in batches if b.table is DateReading for row in b.data.to_pylist()]

    (row,) = kept(HI)
    assert (row["day_first"], row["month_first"]) == ("2024-04-03T10:00", "2024-03-04T10:00")
    assert not kept(HI, "13/04/2024, 10:00 - A: hello")


@pytest.mark.parametrize(("order", "time"), [("DMY", "2024-04-03T10:00"), ("YMD", None)])
def test_an_order_that_the_case_knows_is_taken(tmp_path, order, time) -> None:
    assert read(tmp_path, HI, date_order=order)[:2] == (order, [time])


def test_an_order_that_the_case_knows_does_not_outrank_a_proof(tmp_path) -> None:
    proved = "13/04/2024, 10:00 - A: hello"
    assert read(tmp_path, HI, proved, date_order="MDY")[:1] == ("DMY",)


def test_lines_of_both_platforms_are_read_each_in_its_order(tmp_path) -> None:
    order, times, _ = read(
        tmp_path,
        "12/15/25, 10:30 AM - Contact 01: hello\n\nmore",
        "[15/12/2025, 10:32:03] Contact 02: hello",
        "and more",
        "[1/12/2025, 10:33:03] Contact 02: hello",
        "12/1/25, 10:35 AM - Contact 01: hello",
    )
    assert order == "MDY"
    assert times == ["2025-12-15T10:30", "2025-12-15T10:32:03", "2025-12-01T10:33:03",
                     "2025-12-01T10:35"]  # fmt: skip
