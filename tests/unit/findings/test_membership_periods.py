"""Membership over time rests on rosters, system messages, invitations and posts, each named."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from builders.publishing import publish

from clew.casefile import create_case
from clew.pipeline import perform
from clew.records import (
    Account,
    AccountAlias,
    Certainty,
    Chat,
    ChatType,
    GroupAction,
    GroupEvent,
    IdType,
    Invite,
    InviteSource,
    Membership,
    MembershipBasis,
    MemberState,
    Message,
    MessageKind,
    RecordState,
    RecoveredFrom,
    RecoveredMessage,
    Relation,
    Role,
    Share,
    ShareState,
    TimeBasis,
)
from clew.views import view
from clew.words import sentence

GROUP = "whatsapp:120363000000000001@g.us"
START = datetime(2024, 3, 1, tzinfo=UTC)
SHA = {name: name * 64 for name in "abc"}
KEY = "3A0000000000000000"


def pn(number: int) -> str:
    return f"whatsapp:pn:4477009000{number:02d}"


def where(exhibit: str, row: int) -> dict[str, str]:
    return {"exhibit_id": exhibit, "source_id": SHA["a"], "locator": f"message/{row}"}


def message(exhibit: str, row: int, key: str, sender: str, **more) -> Message:
    given = {"chat_id": GROUP, "kind": MessageKind.TEXT, "sent_at": START, "text": "hello"}
    return Message(
        **where(exhibit, row), event_id=f"{exhibit}#message/{row}", message_key=key,
        sender_account_id=sender, tz_basis=TimeBasis.UTC, **(given | more),
    )  # fmt: skip


def day(number: float):
    return START + timedelta(days=number)


def group(exhibit: str) -> Chat:
    return Chat(**where(exhibit, 0), chat_id=GROUP, platform="whatsapp", chat_type=ChatType.GROUP)


def event(exhibit: str, row: int, action: str, at: float, **who) -> GroupEvent:
    return GroupEvent(
        **where(exhibit, row), event_id=f"{exhibit}#message/{row}", chat_id=GROUP, at=day(at),
        action=GroupAction(action), action_raw="1", certainty=Certainty.STATED, **who,
    )  # fmt: skip


def member(exhibit: str, row: int, who: str, state: str, **more) -> Membership:
    given = {"role": Role.MEMBER, "basis": MembershipBasis.ROSTER} | more
    return Membership(
        exhibit_id=exhibit, source_id=SHA["a"], locator=f"roster/{row}", chat_id=GROUP,
        account_id=who, state=MemberState(state), **given,
    )  # fmt: skip


_OF_MESSAGES = ("resolve", "clocks", "merge", "conflicts")


STEPS = ("resolve", "clocks", "merge", "network", "invites", "membership-periods", "conflicts")


def conclude(case, *only: str) -> None:
    perform(case, *(only or STEPS))


def of(case, who: str) -> list[dict]:
    return case.rows("FROM membership_periods WHERE person_id = $who ORDER BY number", who=who)


def test_added_and_removed_are_told_with_by_whom_and_where(case) -> None:
    publish(
        case, "ES-01", group("ES-01"),
        event("ES-01", 1, "added", 1, actor=pn(9), targets=(pn(1),)),
        event("ES-01", 2, "removed", 30, actor=pn(8), targets=(pn(1),)),
        message("ES-01", 3, "k3", pn(1), sent_at=day(5)),
        *[message("ES-01", n, f"k{n}", pn(n), sent_at=day(n)) for n in (8, 9)],
    )  # fmt: skip
    conclude(case)
    (row,) = of(case, pn(1))
    assert (row["from_at"], row["from_bound"], row["joined_how"]) == (day(1), "stated", "added")
    assert (row["until_at"], row["until_bound"], row["ended_how"]) == (day(30), "stated", "removed")
    assert (row["joined_by"], row["ended_by"], row["posts"]) == (pn(9), pn(8), 1)
    assert {"ES-01#message/1", "ES-01#message/2", "ES-01#message/3"} == set(row["event_ids"])
    assert f"removed by {pn(8)} 2024-03-31" in sentence("membership_periods", row)


def test_posts_alone_bound_a_period_and_say_no_more(case) -> None:
    publish(
        case, "ES-01", group("ES-01"), message("ES-01", 1, "k1", pn(1), sent_at=day(2)),
        message("ES-01", 2, "k2", pn(1), sent_at=day(40)),
    )  # fmt: skip
    conclude(case)
    (row,) = of(case, pn(1))
    assert (row["from_at"], row["from_bound"]) == (day(2), "seen")
    assert (row["until_at"], row["until_bound"]) == (day(40), "seen")
    assert "no source states a departure" in sentence("membership_periods", row)


def test_devices_that_contradict_each_other_are_both_shown(case) -> None:
    publish(case, "ES-01", group("ES-01"), event("ES-01", 1, "left", 20, actor=pn(1)))
    past = {"basis": MembershipBasis.PAST_ROSTER, "ended_at": day(80)}
    publish(
        case, "PT-01", group("PT-01"), member("PT-01", 1, pn(1), "removed", **past),
        Account(**where("PT-01", 5), account_id=pn(1), platform="whatsapp", identifier="1",
                id_type=IdType.PHONE),
    )  # fmt: skip
    conclude(case)
    (row,) = of(case, pn(1))
    assert (row["until_at"], row["until_bound"], row["conflicts"]) == (day(20), "contradicted", 1)
    (told,) = case.rows("FROM membership_conflicts")
    assert (told["kind"], told["exhibit_id"], told["other_exhibit_id"]) == (
        "ended_differs", "ES-01", "PT-01")  # fmt: skip
    said = {s["statement"]: (s["how"], s["at"]) for s in statements(case, pn(1))}
    assert said[told["statement"]] == ("left", day(20))
    assert said[told["other_statement"]] == ("removed", day(80))


def test_a_hidden_id_and_its_number_are_one_membership(case) -> None:
    lid = "whatsapp:lid:111222333444555"
    publish(
        case, "ES-01", group("ES-01"),
        AccountAlias(**where("ES-01", 1), a=lid, b=pn(1), relation=Relation.LID_OF),
        event("ES-01", 1, "joined_by_link", 1, actor=lid),
        event("ES-01", 2, "left", 9, actor=pn(1)),
        message("ES-01", 3, "k3", lid, sent_at=day(2)),
        message("ES-01", 4, "k4", pn(1), sent_at=day(3)),
    )  # fmt: skip
    conclude(case)
    (row,) = of(case, pn(1))
    assert (row["accounts"], row["posts"]) == ([lid, pn(1)], 2)
    assert (row["from_at"], row["until_at"]) == (day(1), day(9))


@pytest.mark.parametrize(("posted", "told"), [(1, ["CODE"]), (3, [])])
def test_links_that_were_in_front_of_somebody_before_are_named(case, posted, told) -> None:
    other = "whatsapp:120363000000000002@g.us"
    publish(
        case, "ES-01", group("ES-01"),
        Chat(**where("ES-01", 9), chat_id=other, platform="whatsapp",
             chat_type=ChatType.GROUP),
        message("ES-01", 1, "k1", pn(1), chat_id=other, sent_at=day(0.5)),
        message("ES-01", 2, "k2", pn(2), chat_id=other, sent_at=day(posted)),
        Invite(**where("ES-01", 2), code="CODE", platform="whatsapp", invites_to_chat_id=GROUP,
               event_id="ES-01#message/2", seen_chat_id=other, seen_account_id=pn(2),
               seen_at=day(posted), found_in=InviteSource.INVITE_MESSAGE),
        event("ES-01", 3, "joined_by_link", 2, actor=pn(1)),
        message("ES-01", 4, "k4", pn(1), sent_at=day(4)),
    )  # fmt: skip
    conclude(case)
    (row,) = [r for r in of(case, pn(1)) if r["chat_id"] == GROUP]
    assert row["invites"] == told


def test_standing_over_time_names_who_gave_it(case) -> None:
    publish(
        case, "ES-01", group("ES-01"),
        event("ES-01", 1, "added", 1, actor=pn(9), targets=(pn(1),)),
        event("ES-01", 2, "promoted", 7, actor=pn(9), targets=(pn(1),)),
        member("ES-01", 1, pn(1), "current", role=Role.ADMIN),
        message("ES-01", 3, "k3", pn(9), sent_at=day(50)),
        message("ES-01", 4, "k4", pn(1), sent_at=day(2)),
    )  # fmt: skip
    conclude(case)
    (row,) = of(case, pn(1))
    standing = [s for s in statements(case, pn(1)) if s["kind"] in ("role", "listed")]
    assert [(s["how"], s["role"], s["by_person"], s["at"]) for s in standing] == [
        ("promoted", None, pn(9), day(7)), (None, "admin", None, day(50))]  # fmt: skip
    assert sentence("period_statements", standing[0]).startswith(f"Made admin; by {pn(9)}; 2024-")
    assert (row["until_at"], row["until_bound"]) == (day(50), "listed")


def statements(case, person: str) -> list[dict]:
    return case.rows("FROM period_statements WHERE person_id = $p ORDER BY statement", p=person)


def copies(case, *rows: Message) -> list[dict]:
    for row in rows:
        publish(case, row.exhibit_id, group(row.exhibit_id), row)
    conclude(case, *_OF_MESSAGES)
    return case.rows("FROM message_conflicts ORDER BY ALL")


def test_a_message_deleted_for_everyone_and_live_elsewhere_tells_who_and_when(case) -> None:
    gone = {"kind": MessageKind.DELETED, "text": None, "deleted_at": day(1), "deleted_by": pn(1)}
    (row,) = copies(
        case, message("ES-01", 1, KEY, pn(1)), message("PT-01", 1, KEY, pn(1), **gone)
    )  # fmt: skip
    assert row["kind"] == "deleted_for_everyone_live_there"
    assert (row["exhibit_id"], row["other_exhibit_id"]) == ("PT-01", "ES-01")
    assert (row["deleted_by"], row["deleted_at"]) == (pn(1), day(1))
    assert row["live_on"] == ["ES-01"]


def test_two_deleted_copies_are_no_contradiction_and_neither_is_live(case) -> None:
    gone = {"kind": MessageKind.DELETED, "text": None, "deleted_at": day(1), "deleted_by": pn(1)}
    assert copies(case, *[message(e, 1, KEY, pn(1), **gone) for e in ("ES-01", "PT-01")]) == []


def recovered(exhibit: str, row: int) -> RecoveredMessage:
    return RecoveredMessage(
        **where(exhibit, row), event_id=f"{exhibit}#recovered/{row}", message_key=KEY,
        chat_id=GROUP, sender_account_id=pn(1), kind=MessageKind.TEXT, text="hello",
        tz_basis=TimeBasis.UTC, state=RecordState.RECOVERED,
        found_in=RecoveredFrom.FREEBLOCK, complete=True,
    )  # fmt: skip


def test_a_row_deleted_on_one_phone_only_is_worded_so(case) -> None:
    publish(case, "ES-01", group("ES-01"), message("ES-01", 1, KEY, pn(1)))
    publish(case, "PT-01", group("PT-01"), recovered("PT-01", 7))
    conclude(case, *_OF_MESSAGES)
    (row,) = case.rows("FROM message_conflicts")
    assert row["kind"] == "deleted_here_live_there"
    assert (row["exhibit_id"], row["event_id"]) == ("PT-01", "PT-01#recovered/7")
    assert (row["found_in"], row["live_on"]) == ("freeblock", ["ES-01"])
    assert (row["deleted_by"], row["deleted_at"]) == (None, None)
    assert "not deleted for everyone" in sentence("message_conflicts", row)


def test_a_row_that_still_stands_in_its_database_was_not_deleted(case) -> None:
    publish(case, "ES-01", group("ES-01"), message("ES-01", 1, KEY, pn(1)), recovered("ES-01", 7))
    publish(case, "PT-01", group("PT-01"), message("PT-01", 1, KEY, pn(1)))
    conclude(case, *_OF_MESSAGES)
    assert case.rows("FROM message_conflicts") == []


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"text": "other"}, "text_differs"),
        ({"text": "other", "edited_at": day(2)}, "edited"),
        ({"sender_account_id": pn(2)}, "sender_differs"),
        ({"sent_at": day(1)}, "time_differs"),
    ],
)
def test_what_copies_disagree_on_is_named_with_both_values(case, changes, kind) -> None:
    one = message("ES-01", 1, KEY, pn(1))
    other = message("PT-01", 1, KEY, pn(1))
    (row,) = copies(case, one, Message(**{**_fields(other), **changes}))
    assert row["kind"] == kind
    (shown,) = case.rows(view("conflicts").sql)
    sides = ("text", "account_id", "at")
    assert any(shown[of] != shown[f"other_{of}"] for of in sides)
    assert (row["exhibit_id"], row["other_exhibit_id"]) == ("ES-01", "PT-01")


def _fields(row: Message) -> dict:
    return {name: getattr(row, name) for name in row.__struct_fields__}


def test_copies_that_agree_are_no_contradiction(case) -> None:
    assert copies(case, *[message(e, 1, KEY, pn(1)) for e in ("ES-01", "PT-01")]) == []


def test_different_files_in_one_message_are_told(case) -> None:
    for exhibit, digest in (("ES-01", SHA["b"]), ("PT-01", SHA["c"])):
        publish(
            case, exhibit, group(exhibit), message(exhibit, 1, KEY, pn(1)),
            Share(**where(exhibit, 1), event_id=f"{exhibit}#message/1", message_key=KEY,
                  chat_id=GROUP, sha256=digest, state=ShareState.ABSENT),
        )  # fmt: skip
    conclude(case, *_OF_MESSAGES)
    (row,) = case.rows("FROM message_conflicts")
    assert (row["kind"], row["ordinal"]) == ("file_differs", 0)
    assert (row["sha256"], row["other_sha256"]) == (SHA["b"], SHA["c"])


def test_somebody_listed_by_the_file_that_tells_of_the_departure_came_back(case) -> None:
    past = {"basis": MembershipBasis.PAST_ROSTER, "ended_at": day(9)}
    publish(
        case, "ES-01", group("ES-01"), member("ES-01", 1, pn(1), "left", **past),
        member("ES-01", 2, pn(1), "current"), message("ES-01", 3, "k3", pn(1), sent_at=day(2)),
    )  # fmt: skip
    conclude(case)
    first, second = of(case, pn(1))
    assert (first["until_at"], first["until_bound"]) == (day(9), "stated")
    assert second["until_bound"] == "listed"
    assert [r["kind"] for r in case.rows("FROM membership_conflicts")] == ["seen_after_ending"]


def test_a_roster_is_as_late_as_the_last_that_it_tells(case) -> None:
    publish(
        case, "ES-01", group("ES-01"), message("ES-01", 3, "k3", pn(2), sent_at=day(2)),
        member("ES-01", 1, pn(1), "current", joined_at=day(50)),
    )  # fmt: skip
    conclude(case)
    (row,) = of(case, pn(1))
    assert (row["from_at"], row["until_at"], row["conflicts"]) == (day(50), day(50), 0)


def test_a_request_to_join_is_no_membership(case) -> None:
    publish(
        case, "ES-01", group("ES-01"), message("ES-01", 3, "k3", pn(2), sent_at=day(2)),
        member("ES-01", 1, pn(1), "pending"),
    )  # fmt: skip
    conclude(case)
    assert of(case, pn(1)) == []


def test_local_times_without_a_zone_are_marked_so(case) -> None:
    local = {"sent_at": None, "sent_local": "2024-03-05T10:00:00", "from_owner": False}
    publish(
        case, "ES-01", group("ES-01"), message("ES-01", 3, None, pn(1), **local),
        GroupEvent(
            **where("ES-01", 4), event_id="ES-01#message/4", chat_id=GROUP,
            at_local="2024-03-09T10:00:00", action=GroupAction.LEFT, action_raw="left",
            actor=pn(1), certainty=Certainty.WORDING,
        ),
    )  # fmt: skip
    conclude(case)
    (row,) = of(case, pn(1))
    assert row["is_local"]
    assert (f"{row['from_at']:%d %H:%M}", f"{row['until_at']:%d %H:%M}") == (
        "05 10:00", "09 10:00")  # fmt: skip
    said = [sentence("period_statements", one) for one in statements(case, pn(1))]
    assert "local time" in " ".join(said)


def test_the_order_of_exhibits_changes_nothing(case, tmp_path) -> None:
    def fill(one, order: tuple[str, ...]) -> None:
        for exhibit in order:
            publish(
                one, exhibit, group(exhibit), event(exhibit, 1, "left", 20, actor=pn(1)),
                message(exhibit, 3, KEY, pn(1), text=exhibit),
                member(exhibit, 4, pn(1), "current", joined_at=day(1)),
            )  # fmt: skip
        conclude(one)

    fill(case, ("ES-01", "PT-01", "DE-01"))
    with create_case(tmp_path / "other", "Test", "Court order 1/2026") as other:
        fill(other, ("PT-01", "DE-01", "ES-01"))
        for table in ("membership_periods", "membership_conflicts", "message_conflicts"):
            assert case.rows(f"FROM {table}") == other.rows(f"FROM {table}")
        assert len(other.rows("FROM message_conflicts")) == 2


def test_everyone_whom_a_copy_names_as_sender_is_seen_there(case) -> None:
    for exhibit, who in (("ES-01", pn(1)), ("PT-01", pn(2))):
        publish(case, exhibit, group(exhibit), message(exhibit, int(exhibit == "PT-01"), KEY, who))
    conclude(case)
    assert [row["posts"] for row in (*of(case, pn(1)), *of(case, pn(2)))] == [1, 1]
    assert [r["kind"] for r in case.rows("FROM message_conflicts")] == ["sender_differs"]
