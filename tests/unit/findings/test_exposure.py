"""Laws of ``clew.findings.exposure``."""

from __future__ import annotations

import math
from datetime import UTC, datetime

import pytest

from clew.findings.exposure import FEATURES, Exposure
from clew.findings.introduction_model import FIGURES

DAY = 86_400_000_000


T0 = int(datetime(2024, 6, 1, tzinfo=UTC).timestamp() * 1e6)


def share(person: str, day: float, chat: str = "g1", **more):
    return {
        "cluster_id": "c", "person_id": person, "at_us": int(T0 + day * DAY), "chat_id": chat,
        "forwarded": 0, "hops": 0, "witnesses": ["X-1"], "private": False, "known": False,
        "event_id": f"{person}{day}", **more,
    }  # fmt: skip


def member(person: str, chat: str, exhibit: str = "X-1", joined: float | None = None):
    at = None if joined is None else int(T0 + joined * DAY)
    return {"person_id": person, "chat_id": chat, "exhibit_id": exhibit, "joined_us": at,
            "ended_us": None}  # fmt: skip


def figures(first):
    return dict(zip(FEATURES, first.features, strict=True))


def test_who_was_in_a_group_where_it_was_seen_is_exposed() -> None:
    found = Exposure([member("b", "g1"), member("c", "g2")], [], [])
    a, b, c = found.firsts([share("a", 0), share("b", 1, "g2"), share("c", 2, "g2")])
    assert figures(a)["earliest"] == 1
    assert figures(a)["exposed"] == 0
    assert figures(b)["exposed"] == 1
    assert figures(c)["exposed"] == 1


def test_who_joined_later_is_not_exposed() -> None:
    found = Exposure([member("b", "g1", joined=5)], [], [])
    _, b = found.firsts([share("a", 0), share("b", 9, "g2")])
    assert figures(b)["exposed"] == 0


def test_ones_own_phone_gives_the_label_and_not_the_figure() -> None:
    holders = [{"person_id": "b", "is_owner_of": ["X-1"]}]
    records = [{"exhibit_id": "X-1", "chat_id": "g1", "begins_us": int(T0 - 300 * DAY)}]
    found = Exposure([member("b", "g1", joined=-200)], records, holders)
    _, b = found.firsts([share("a", 0), share("b", 1)])
    assert b.holder
    assert b.complete
    assert b.seen_here
    assert figures(b)["exposed"] == 0


def test_a_short_history_gives_no_label() -> None:
    holders = [{"person_id": "b", "is_owner_of": ["X-1"]}]
    records = [{"exhibit_id": "X-1", "chat_id": "g1", "begins_us": T0}]
    found = Exposure([member("b", "g1", joined=-200)], records, holders)
    (b,) = found.firsts([share("b", 1)])
    assert not b.complete


def test_a_holders_figures_rest_on_the_devices_of_others() -> None:
    holders = [{"person_id": p, "is_owner_of": [f"X-{p}"]} for p in "ab"]
    found = Exposure([member("b", "g1", "X-b", joined=-200)], [], holders)
    shares = [share("c", 0, witnesses=["X-b"]), share("b", 1, witnesses=["X-a", "X-b"])]
    _, b = found.firsts(shares)
    assert (figures(b)["earliest"], figures(b)["gap"], b.earlier) == (1, 0, 0)
    assert b.seen_here
    assert b.visible
    assert figures(b)["sharers"] == pytest.approx(math.log1p(1))


def test_a_share_that_only_the_own_device_shows_is_not_visible() -> None:
    found = Exposure([], [], [{"person_id": "b", "is_owner_of": ["X-1"]}])
    (b,) = found.firsts([share("b", 1)])
    assert not b.visible


def test_devices_of_one_person_are_one_witness() -> None:
    holders = [{"person_id": "h", "is_owner_of": ["X-1", "X-2"]}]
    found = Exposure([], [], holders)
    both = share("a", 0, witnesses=["X-1", "X-2"])
    assert found.witnesses(both) == 1
    assert found.witnesses(share("a", 0, witnesses=["X-1", "X-9"])) == 2
    _, b = found.firsts([both, share("b", 1)])
    assert b.earlier == 1


def test_coefficients_are_readable_and_point_the_right_way(concluded) -> None:
    rows = concluded.rows("FROM introduction_model WHERE part = 'introduction'")
    model = {r["figure"]: r["coefficient"] for r in rows}
    assert set(model) == {*FIGURES, "(start)"}
    assert model["forwarded"] < 0
    assert model["exposed"] < 0
