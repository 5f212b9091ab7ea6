"""Laws of ``clew.findings.exposure``."""

from __future__ import annotations

from datetime import UTC, datetime

from clew.findings.exposure import FEATURES, Exposure

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


def test_coefficients_are_readable_and_point_the_right_way(concluded) -> None:
    model = {r["figure"]: r["coefficient"] for r in concluded.rows("FROM introduction_model")}
    assert set(model) == {*FEATURES, "(start)"}
    assert model["forwarded"] < 0
    assert model["exposed"] < 0
