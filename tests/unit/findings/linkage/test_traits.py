"""What accounts have in common is parted by how many share it, and swaps are marked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count

from builders.publishing import publish

from clew.findings.linkage.traits import (
    COMMON,
    RARE,
    Traits,
    _mark_files_at_once,
    _mark_hours,
    _mark_spans,
    _mark_swaps,
    _part_by_rarity,
    _span,
    _swaps,
    table,
    traits,
)
from clew.pipeline import context_of
from clew.records import HashBasis, Message, MessageKind, Share, ShareState, TimeBasis

DAY = 86_400_000_000
A, B = "whatsapp:pn:34611222333", "whatsapp:pn:34611222444"
START = datetime(2024, 1, 1, 8, tzinfo=UTC)
NUMBERS = count()


def one(name: str, **about) -> Traits:
    return Traits(**{
        "unique_id": name, "names": [], "country": None, "handles": [], "full_names": [],
        "words": [], "books": [], "entries": [], "pictures": [], "groups": [], "stays": [],
        **about,
    })  # fmt: skip


def stay(chat: str, **times):
    return {"chat": chat, **dict.fromkeys(("joined", "ended", "closed", "seen", "last")), **times}


def test_words_are_rare_middling_or_common_by_how_many_have_them() -> None:
    found = [one(str(n), words=["common", *(["middling"] * (n < RARE + 1)), *(["rare"] * (n < 2))])
             for n in range(COMMON + 1)]  # fmt: skip
    _part_by_rarity(found)
    first, last = found[0], found[-1]
    assert (first.rare, first.middling, first.common) == (["rare"], ["middling"], ["common"])
    assert last.rare == last.middling == []


def test_a_swap_is_a_going_near_another_s_coming() -> None:
    pairs = list(_swaps([(10 * DAY, "a")], [(11 * DAY, "b"), (11 * DAY, "a"), (40 * DAY, "c")]))
    assert pairs == [("a", "b")]


def test_two_groups_mark_a_pair_twice_and_the_end_of_a_group_marks_none() -> None:
    a = one("a", stays=[stay("g", ended=5 * DAY), stay("h", ended=9 * DAY)])
    b = one("b", stays=[stay("g", joined=5 * DAY), stay("h", joined=9 * DAY)])
    closing = one("c", stays=[stay("g", ended=5 * DAY, closed=5 * DAY)])
    _mark_swaps([a, b, closing])
    assert a.swapped == b.swapped == ["a>b"]
    assert a.swapped_twice == ["a>b"]
    assert closing.moves == 0
    assert (a.moves, b.moves) == (2, 2)


def test_a_stay_of_which_no_time_is_known_has_no_span() -> None:
    assert _span(stay("g")) is None
    found = _span(stay("g", joined=2 * DAY, ended=4 * DAY, seen=DAY))
    assert found == {"chat": "g", "since": 1.0, "until": 4.0}


def test_an_account_lasts_from_its_first_sign_to_its_last_and_a_closed_group_ends_none() -> None:
    lasting = one("a", stays=[stay("g", joined=2 * DAY, seen=3 * DAY, last=9 * DAY),
                              stay("h", ended=11 * DAY)])  # fmt: skip
    closed = one("b", stays=[stay("g", seen=DAY, last=4 * DAY, ended=8 * DAY, closed=8 * DAY)])
    silent = one("c", stays=[stay("g", joined=DAY)])
    _mark_spans([lasting, closed, silent])
    assert (lasting.since, lasting.until) == (2.0, 11.0)
    assert (closed.since, closed.until) == (1.0, 4.0)
    assert silent.since is silent.until is None


def test_the_hour_around_which_somebody_writes_is_taken_on_the_clock() -> None:
    night, seldom = one("a"), one("b")
    written = [("a", 23, 6, 2), ("a", 1, 6, 1), ("b", 9, 3, 0), ("x", 9, 30, 0)]
    keys = ("account_id", "hour", "messages", "files")
    _mark_hours([night, seldom], [dict(zip(keys, row, strict=True)) for row in written])
    assert (night.hour, night.files) == (0.5, 3)
    assert seldom.hour is None


def test_a_file_sent_at_once_marks_the_pair_and_no_stranger() -> None:
    a, b = one("a"), one("b")
    sent = [{"a": "a", "b": "b", "sha256": "ff"}, {"a": "a", "b": "label", "sha256": "ee"}]
    _mark_files_at_once([a, b], sent)
    assert a.at_once == b.at_once == ["a>b>ff"]


def test_every_trait_is_a_column() -> None:
    rows = table([one("a", words=["x"], stays=[stay("g")])])
    assert rows.num_rows == 1
    assert rows.column("words").to_pylist() == [["x"]]
    assert rows.column("stays").to_pylist() == [[]]


def sending(account: str, chat: str, minute: float, sha256: str | None = None) -> tuple:
    """A message at a minute of a day, and the file that it has."""
    number = next(NUMBERS)
    place = {"exhibit_id": "ES-01", "source_id": "a" * 64, "locator": f"message/{number}"}
    sent = {"event_id": f"aaaa#message/{number}", "chat_id": f"whatsapp:{chat}@g.us",
            "sender_account_id": account, "sent_at": START + timedelta(minutes=minute)}  # fmt: skip
    message = Message(**place, **sent, kind=MessageKind.IMAGE, tz_basis=TimeBasis.UTC)
    if sha256 is None:
        return (message,)
    return message, Share(
        **place, **sent, sha256=sha256 * 64, hash_basis=HashBasis.APP_DATABASE,
        state=ShareState.ABSENT,
    )  # fmt: skip


def test_files_that_two_accounts_sent_to_different_groups_within_minutes_mark_them(case) -> None:
    rows = [
        *sending(A, "1", 0, "b"), *sending(B, "2", 4, "b"),  # within five minutes, elsewhere
        *sending(A, "1", 60, "c"), *sending(B, "1", 61, "c"),  # in the same group
        *sending(A, "1", 90, "d"), *sending(B, "2", 96, "d"),  # too late
        *(row for n in range(10) for row in sending(B, "2", 24 * 60 * n)),
    ]  # fmt: skip
    publish(case, "ES-01", *rows)
    a, b = traits(context_of(case, "resolve"))
    assert a.at_once == b.at_once == [f"{A}>{B}>{'b' * 64}"]
    assert (a.files, b.files) == (3, 3)
    assert a.hour is None
    assert 8 < b.hour < 10


def test_what_many_send_at_once_ties_nobody(case) -> None:
    senders = [f"whatsapp:pn:346112{n:05d}" for n in range(41)]
    publish(
        case,
        "ES-01",
        *(row for n, who in enumerate(senders) for row in sending(who, str(n), 0, "b")),
    )
    assert not any(one.at_once for one in traits(context_of(case, "resolve")))
