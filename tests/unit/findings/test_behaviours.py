"""What people do is told by counts of what they did, and every row has its figures."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pytest

from clew import pipeline
from clew.casefile.engine import Engine
from clew.records import Behaviour
from clew.relations import step_queries
from clew.words import sentence

DAY = 86_400_000_000


START = datetime(2024, 1, 1, tzinfo=UTC)


TEXT, COUNT, FIGURE = pa.string(), pa.int64(), pa.float64()
ASKED = {
    "organising": {"person_id": TEXT, "country": TEXT, "groups": COUNT, "admin_of": COUNT,
                   "created": COUNT, "added": COUNT, "added_in": COUNT, "removed": COUNT,
                   "postings": COUNT, "codes": COUNT},
    "distributing": {"person_id": TEXT, "country": TEXT, "shares": COUNT, "contents": COUNT,
                     "groups": COUNT, "forwarded": COUNT, "introduced": FIGURE},
    "bridging": {"person_id": TEXT, "country": TEXT, "from_chat": TEXT, "to_chat": TEXT,
                 "from_country": TEXT, "to_country": TEXT, "abroad": pa.bool_(),
                 "contents": COUNT},
    "silent_memberships": {"person_id": TEXT, "country": TEXT, "chat_id": TEXT, "joined_us": COUNT,
               "ended_us": COUNT, "messages": COUNT},
    "watched": {"chat_id": TEXT, "exhibit_id": TEXT, "begins_us": COUNT, "ends_us": COUNT,
                "life_begins_us": COUNT, "life_ends_us": COUNT},
    "group_members": {"person_id": TEXT},
}  # fmt: skip
"""What the query asks for, with the columns of each."""


def behaviours(**given: list[dict]) -> list[dict]:
    """Rows of the table, in its order."""
    tables = {
        name: pa.Table.from_pylist(given.get(name, []), pa.schema(list(columns.items())))
        for name, columns in ASKED.items()
    }
    with TemporaryDirectory() as scratch:
        engine = Engine(Path(scratch))
        with engine.with_tables(**tables):
            return engine.query(step_queries()["behaviours"]).to_pylist()


def organiser(person: str, **figures):
    return {
        "person_id": person, "country": "ES", "groups": 9, "admin_of": 0, "created": 0, "added": 0,
        "added_in": 0, "removed": 0, "postings": 0, "codes": 0, **figures,
    }  # fmt: skip


def test_who_leads_more_groups_comes_first_and_acts_only_break_ties() -> None:
    rows = [
        organiser("a", admin_of=2, added=900),
        organiser("b", admin_of=3),
        organiser("c", admin_of=2, added=901, postings=5),
        organiser("d", added=1),
    ]
    found = behaviours(organising=rows)
    assert [r["person_id"] for r in found] == ["b", "c", "a", "d"]
    assert [r["rank"] for r in found] == [1, 2, 3, 4]
    assert "admin_of=2" in found[1]["figures"]
    assert "added=901" in found[1]["figures"]


def test_what_brought_something_in_is_no_distribution() -> None:
    row = {"person_id": "a", "country": None, "shares": 100, "contents": 90, "groups": 4,
           "forwarded": 3, "introduced": 100.0}  # fmt: skip
    (all_new,) = behaviours(distributing=[row])
    (all_old,) = behaviours(distributing=[row | {"introduced": 0.0}])
    assert all_new["score"] == 0
    assert all_old["score"] > 100


def carried(person: str, one: str, other: str, contents: int, **more):
    return {"person_id": person, "country": "ES", "from_chat": one, "to_chat": other,
            "from_country": "ES", "to_country": "PT", "abroad": True, "contents": contents,
            **more}  # fmt: skip


def test_a_bridge_names_the_countries_and_the_ways() -> None:
    rows = [carried("a", "g", "h", 5), carried("a", "h", "g", 2, from_country="PT",
            to_country="ES"), carried("a", "i", "g", 4, from_country=None),
            carried("b", "g", "h", 1)]  # fmt: skip
    found = behaviours(bridging=[*rows, carried("c", "g", "h", 9, abroad=False)])
    a, b = (r for r in found if r["behaviour"] == Behaviour.COUNTRY_BRIDGE)
    assert (a["person_id"], a["contents"], a["groups"]) == ("a", 11, 2)
    assert a["countries"] == ["ES>PT 5", "PT>ES 2"]
    assert "ways=3" in a["figures"]
    assert (b["rank"], b["contents"]) == (2, 1)
    of_groups = [r["person_id"] for r in found if r["behaviour"] == Behaviour.GROUP_BRIDGE]
    assert of_groups == ["a", "c", "b"]


HOMES = {"es": "ES", "es2": "ES", "pt": "PT", "mixed": None}
"""Groups of a country, and one in which no country has half."""


def carries(*shares: tuple[str, str, int], joined: int | None = None):
    """What the query says was carried, of shares of one content; ``b`` is in every group."""
    members = []
    for chat, country in HOMES.items():
        crowd = [country] * 3 if country else ["ES", "PT", "BR"]
        members += [(chat, f"{chat}{number}", code, None) for number, code in enumerate(crowd)]
        members.append(
            (chat, "b", None, None if joined is None else START + timedelta(days=joined))
        )
    moment = pa.timestamp("us", "UTC")
    sent = [("k", chat, person, START + timedelta(days=day), f"e{day}", f"m{day}")
            for person, chat, day in shares]  # fmt: skip
    text = pa.string()
    given = {
        "group_members": _table(members, chat_id=text, person_id=text, country=text,
                                joined_at=moment),
        "shared_in_groups": _table(sent, cluster_id=text, chat_id=text, person_id=text,
                                   sent_at=moment, event_id=text, merged_id=text),
    }  # fmt: skip
    ended = pa.nulls(len(members), moment)
    given["group_members"] = given["group_members"].append_column("ended_at", ended)
    with TemporaryDirectory() as scratch:
        engine = Engine(Path(scratch))
        with engine.with_tables(**given):
            return engine.query(step_queries()["carried"]).to_pylist()


def _table(rows: list[tuple], **types: pa.DataType) -> pa.Table:
    columns = [pa.array(c, t) for c, t in zip(zip(*rows, strict=True), types.values(), strict=True)]
    return pa.table(columns, names=list(types))


def test_from_one_country_into_another_is_abroad() -> None:
    (found,) = carries(("a", "es", 1), ("b", "pt", 2))
    assert (found["person_id"], found["from_chat"], found["to_chat"]) == ("b", "es", "pt")
    assert (found["from_country"], found["to_country"], found["abroad"]) == ("ES", "PT", True)
    assert (found["seen_event_id"], found["event_id"], found["seen_in"]) == ("e1", "e2", 1)


@pytest.mark.parametrize("earlier", [
    [("a", "es", 1)],  # the same country
    [("a", "mixed", 1)],  # a group of no country
    [("a", "pt", 1), ("a", "es", 2)],  # also in that country
])  # fmt: skip
def test_not_abroad(earlier) -> None:
    found = carries(*earlier, ("b", "es2", 9))
    assert [r["abroad"] for r in found if r["to_chat"] == "es2"] == [False]


@pytest.mark.parametrize("shares", [
    [("b", "es", 1), ("b", "pt", 2)],  # only their own
    [("a", "es", 3), ("b", "pt", 2)],  # shown later
    [("a", "es", 1), ("z", "pt", 2), ("b", "pt", 3)],  # the group had it, from somebody else
])  # fmt: skip
def test_not_carried(shares) -> None:
    assert [r for r in carries(*shares) if r["person_id"] == "b"] == []


def test_who_joined_after_it_stood_there_has_not_seen_it() -> None:
    assert carries(("a", "es", 1), ("b", "pt", 9), joined=5) == []
    assert len(carries(("a", "es", 6), ("b", "pt", 9), joined=5)) == 1


def held(chat: str, begins: float, ends: float, life: tuple[float, float] = (0, 100)):
    return {"chat_id": chat, "exhibit_id": "X", "begins_us": begins * DAY, "ends_us": ends * DAY,
            "life_begins_us": life[0] * DAY, "life_ends_us": life[1] * DAY}  # fmt: skip


def stay(chat: str, joined: float | None = None, ended: float | None = None, messages: int = 0):
    return {"person_id": "p", "country": None, "chat_id": chat, "messages": messages,
            "joined_us": None if joined is None else joined * DAY,
            "ended_us": None if ended is None else ended * DAY}  # fmt: skip


@pytest.mark.parametrize(
    ("records", "stays", "part"),
    [
        ([held("g", 0, 100)], [stay("g")], 1.0),
        ([held("g", 0, 25), held("g", 20, 50)], [stay("g")], 0.5),
        ([held("g", 50, 100)], [stay("g", 40, 60)], 0.5),
        ([held("g", 0, 100)], [stay("g"), stay("h")], 1.0),
        ([held("g", 0, 100), held("h", 90, 100)], [stay("g"), stay("h")], 0.55),
        ([], [stay("g"), stay("h")], 0.0),
    ],
)
def test_silence_says_how_much_of_it_devices_could_see(records, stays, part) -> None:
    (found,) = behaviours(silent_memberships=stays, watched=records)
    assert found["watched"] == pytest.approx(part)
    assert f"{part:.0%}".replace("%", " %") in sentence("behaviours", found)


def test_who_writes_comes_after_who_does_not() -> None:
    (quiet,) = behaviours(silent_memberships=[stay("g")], watched=[held("g", 0, 100)])
    (talks,) = behaviours(silent_memberships=[stay("g", messages=9)], watched=[held("g", 0, 100)])
    assert quiet["score"] == 10 * talks["score"]
    assert "messages=9" in talks["figures"]


def test_what_was_carried_is_what_a_plain_walk_through_the_shares_finds(concluded) -> None:
    shares = concluded.rows("""
        WITH e AS (SELECT merged_id, chat_id, sent_at, unnest(event_ids) AS event_id
                   FROM merged_messages)
        SELECT DISTINCT e.merged_id, e.chat_id, e.sent_at, c.cluster_id, p.person_id
        FROM shares AS s JOIN e ON e.event_id = s.event_id
        JOIN file_clusters AS c ON c.sha256 = s.sha256
        JOIN person_accounts AS p ON p.account_id = s.sender_account_id
        WHERE e.sent_at IS NOT NULL AND s.sender_account_id NOT LIKE '%:owner:%'
        ORDER BY e.sent_at, e.merged_id""")
    groups = {r["chat_id"] for r in concluded.rows("FROM groups")}
    members = {(r["person_id"], r["chat_id"]): r for r in concluded.rows("FROM group_members")}
    by_content = defaultdict(list)
    for share in shares:
        if share["chat_id"] in groups:
            by_content[share["cluster_id"]].append(share)
    wanted = {}
    for cluster, told in by_content.items():
        for at, share in enumerate(told):
            if any(s["chat_id"] == share["chat_id"] for s in told[:at]):
                continue
            seen = {
                s["chat_id"]
                for s in told[:at]
                if s["person_id"] != share["person_id"] and s["sent_at"] < share["sent_at"]
                and (m := members.get((share["person_id"], s["chat_id"])))
                and (m["joined_at"] is None or m["joined_at"] <= s["sent_at"])
                and (m["ended_at"] is None or s["sent_at"] <= m["ended_at"])
            }  # fmt: skip
            if seen:
                wanted[cluster, share["chat_id"]] = (share["person_id"], len(seen))
    found = {
        (r["cluster_id"], r["to_chat"]): (r["person_id"], r["seen_in"])
        for r in concluded.rows("FROM carried")
    }
    assert len(found) > 100
    assert found == wanted


def test_every_row_has_its_figures_and_places_without_gaps(concluded) -> None:
    rows = concluded.rows("FROM behaviours ORDER BY behaviour, rank")
    assert {r["behaviour"] for r in rows} >= set(Behaviour) - {Behaviour.COUNTRY_BRIDGE}
    assert all(r["figures"] and sentence("behaviours", r) and r["score"] >= 0 for r in rows)
    places = defaultdict(list)
    for row in rows:
        places[row["behaviour"]].append(row["rank"])
    assert all(p == list(range(1, len(p) + 1)) for p in places.values())
    (asked,) = concluded.rows("SELECT count(DISTINCT person_id) AS n FROM group_members")
    assert {r["persons"] for r in rows} == {asked["n"]}


def test_silent_members_share_nothing_and_organisers_lead(concluded) -> None:
    told = concluded.rows("""
        SELECT b.behaviour, sum(m.shares) AS shares,
               count(*) FILTER (WHERE m.role <> 'member') AS led, count(*) AS groups
        FROM behaviours AS b JOIN group_members AS m USING (person_id)
        WHERE b.behaviour = 'silent_member' OR (b.behaviour = 'organiser' AND b.rank <= 3)
        GROUP BY b.behaviour, b.person_id""")
    silent = [r for r in told if r["behaviour"] == "silent_member"]
    assert silent
    assert all(r["shares"] == 0 and r["groups"] >= 2 for r in silent)
    assert all(r["led"] >= 1 for r in told if r["behaviour"] == "organiser")


@pytest.mark.parametrize(
    ("table", "step"),
    [
        ("person_measures", "measures"), ("key_players", "key-players"), ("carried", "carried"),
        ("behaviours", "behaviours"), ("communities", "communities"),
        ("community_events", "communities"),
    ],
)  # fmt: skip
def test_the_same_facts_give_the_same_rows(concluded, table, step) -> None:
    before = concluded.rows(f"FROM {table}")
    assert before
    pipeline.perform(concluded, step)
    assert concluded.rows(f"FROM {table}") == before
