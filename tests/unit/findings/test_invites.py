"""From one link: which groups, and whose hands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from builders.publishing import publish, publish_step
from click.testing import CliRunner

from clew.cli.show import show
from clew.pipeline import perform
from clew.records import (
    Chat,
    ChatType,
    Invite,
    InviteSource,
    Item,
    ItemKind,
    Message,
    MessageKind,
    Outcome,
    RecoveredFrom,
    RecoveredInvite,
    Source,
    TimeBasis,
)

START = datetime(2024, 3, 1, tzinfo=UTC)
SHA = "a" * 64
GROUPS = [f"whatsapp:12036300000000000{n}@g.us" for n in range(4)]
CODES = [str(n) * 22 for n in range(4)]
ADA, BEN = "whatsapp:pn:447700900001", "whatsapp:pn:447700900002"


def where(exhibit: str, locator: str) -> dict[str, str]:
    return {"exhibit_id": exhibit, "source_id": SHA, "locator": locator}


def posted(exhibit: str, row: int, group: int, code: int, sender: str) -> list:
    """A message with an invitation to group ``code``, posted in ``group``."""
    at = START + timedelta(hours=row)
    fact = where(exhibit, f"message/{row}")
    event = f"{exhibit}#message/{row}"
    message = Message(
        **fact, event_id=event, message_key=f"{GROUPS[group]}/k{row}", chat_id=GROUPS[group],
        sender_account_id=sender, kind=MessageKind.TEXT, sent_at=at, tz_basis=TimeBasis.UTC,
    )  # fmt: skip
    invite = Invite(
        **fact, code=CODES[code], platform="whatsapp", event_id=event, seen_chat_id=GROUPS[group],
        invites_to_chat_id=GROUPS[code], seen_account_id=sender, seen_at=at,
        found_in=InviteSource.INVITE_MESSAGE,
    )  # fmt: skip
    return [message, invite]


def in_a_document(exhibit: str) -> list:
    item = Item(
        item_id=f"{exhibit}-doc", exhibit_id=exhibit, path="notes/log.txt", kind=ItemKind.FILE,
        outcome=Outcome.PROCESSED, ordinal=0, in_archive=False, sha256=SHA, size=1,
    )  # fmt: skip
    source = Source(
        **where(exhibit, "file"), item_id=item.item_id, kind="document.text", reader="documents",
        reader_version="1", tz_basis=TimeBasis.DEVICE_LOCAL, rows_seen=1, rows_emitted=1,
        rows_skipped=0,
    )  # fmt: skip
    invite = Invite(
        **where(exhibit, "line/7"), code=CODES[1], platform="whatsapp",
        found_in=InviteSource.DOCUMENT,
    )  # fmt: skip
    return [item, source, invite]


def publish_taken(case, exhibit: str, *rows) -> None:
    """Items as taken in, and all else as read."""
    items = [row for row in rows if isinstance(row, Item)]
    publish_step(case, "intake", exhibit, *items)
    publish(case, exhibit, *(row for row in rows if row not in items))


def filled(case) -> None:
    """Link 1 stands in group 0, link 2 in group 1, link 3 in group 2, link 1 again in group 3."""
    chats = [
        Chat(**where("ES-01", f"chat/{n}"), chat_id=g, platform="whatsapp",
             chat_type=ChatType.GROUP, subject=f"Bread {n}")
        for n, g in enumerate(GROUPS)
    ]  # fmt: skip
    publish_taken(
        case, "ES-01", *chats, *posted("ES-01", 1, 0, 1, ADA), *posted("ES-01", 2, 1, 2, BEN),
        *posted("ES-01", 3, 2, 3, ADA), *posted("ES-01", 4, 3, 1, BEN),
    )  # fmt: skip
    publish_taken(case, "PT-01", *posted("PT-01", 1, 0, 1, ADA), *in_a_document("PT-01"))
    run(case)


def run(case) -> None:
    perform(case, "resolve", "merge", "invites")


def test_a_link_leads_to_its_group_and_to_all_who_posted_it(case) -> None:
    filled(case)
    (target,) = case.rows("FROM invite_targets WHERE code = $code", code=CODES[1])
    assert target["chat_id"] == GROUPS[1]
    assert target["group_name"] == "Bread 1"
    assert (target["seen"], target["documents"]) == (3, 1)
    assert target["persons"] == [ADA, BEN]
    assert target["exhibits"] == ["ES-01", "PT-01"]
    assert (target["first_at"], target["first_by"]) == (START + timedelta(hours=1), ADA)


def test_each_posting_is_a_row_and_a_message_on_two_devices_is_one(case) -> None:
    filled(case)
    postings = case.rows(
        "SELECT chat_id, person_id, exhibits, path, locator FROM invite_postings "
        "WHERE code = $code ORDER BY posted_at NULLS LAST",
        code=CODES[1],
    )
    assert [(p["chat_id"], p["person_id"], p["exhibits"]) for p in postings] == [
        (GROUPS[0], ADA, ["ES-01", "PT-01"]),
        (GROUPS[3], BEN, ["ES-01"]),
        (None, None, ["PT-01"]),
    ]
    assert (postings[2]["path"], postings[2]["locator"]) == ("notes/log.txt", "line/7")


def test_a_record_of_a_channels_own_link_is_no_posting(case) -> None:
    publish_taken(
        case, "ES-01",
        Invite(**where("ES-01", "newsletter/1"), code=CODES[0], platform="whatsapp",
               invites_to_chat_id=GROUPS[0], found_in=InviteSource.CHANNEL_RECORD),
    )  # fmt: skip
    perform(case, "invites")
    (target,) = case.rows("FROM invite_targets")
    assert (target["seen"], target["chat_id"]) == (0, GROUPS[0])
    assert case.rows("FROM invite_postings") == []


def shown(case, *arguments: str) -> list[dict]:
    import json

    done = CliRunner().invoke(show, [str(case.folder), "invites", "--json", *arguments])
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def test_a_link_is_followed_from_group_to_group(case) -> None:
    filled(case)
    link = f"https://chat.whatsapp.com/{CODES[1]}"
    rows = shown(case, "--link", link, "--onward")
    assert [(r["depth"], r["code"]) for r in rows] == [(0, CODES[1]), (1, CODES[2]), (2, CODES[3])]
    assert rows[1]["posted_in"] == case.masking().group(GROUPS[1])


def test_people_behind_a_link_are_masked(case) -> None:
    filled(case)
    rows = shown(case, "--link", f"hxxps://chat[.]whatsapp[.]com/{CODES[1]}")
    assert len(rows) == 3
    assert {r["person_id"] for r in rows if r["person_id"]}.isdisjoint({ADA, BEN})
    assert all("447700900" not in str(r) for r in rows)


def test_a_walk_that_comes_back_to_where_it_began_ends(case) -> None:
    publish_taken(
        case, "ES-01", *posted("ES-01", 1, 0, 1, ADA), *posted("ES-01", 2, 1, 0, BEN)
    )  # fmt: skip
    perform(case, "merge", "invites")
    assert [r["depth"] for r in shown(case, "--link", CODES[0], "--onward")] == [0, 1]


def deleted(exhibit: str, row: int, code: int, sender: str | None) -> list:
    """An invitation that was found in a deleted message, or in a deleted row of something."""
    locator = f"message/{row}@wal+8"
    told = {"found_in": InviteSource.DELETED_ROW}
    if sender:
        told = {
            "event_id": f"{exhibit}#{locator}", "seen_account_id": sender,
            "seen_chat_id": GROUPS[0], "found_in": InviteSource.URL_IN_TEXT,
        }  # fmt: skip
    return [
        RecoveredInvite(
            **where(exhibit, locator), **told, code=CODES[code], platform="whatsapp",
            recovered_from=RecoveredFrom.WAL_OLDER,
        )
    ]  # fmt: skip


def test_an_invitation_in_a_deleted_message_is_shown_as_recovered_and_never_as_live(case) -> None:
    publish_taken(
        case, "ES-01", *posted("ES-01", 1, 0, 1, ADA), *deleted("ES-01", 2, 1, BEN),
        *deleted("ES-01", 3, 2, BEN), *deleted("ES-01", 4, 2, None),
    )  # fmt: skip
    run(case)
    targets = {r["code"]: r for r in case.rows("FROM invite_targets")}
    both, gone = targets[CODES[1]], targets[CODES[2]]
    assert (both["state"], both["seen"], both["recovered"]) == ("live", 1, 1)
    assert (both["persons"], both["recovered_on"]) == ([ADA], ["ES-01"])
    assert (gone["state"], gone["seen"], gone["recovered"]) == ("recovered", 0, 2)
    assert (gone["persons"], gone["exhibits"], gone["first_at"]) == ([], [], None)
    states = case.rows("SELECT state, count(*) AS n FROM invite_postings GROUP BY 1 ORDER BY 1")
    assert states == [{"state": "live", "n": 1}, {"state": "recovered", "n": 3}]
    (row,) = (r for r in shown(case) if r["code"] == CODES[2])
    assert (row["state"], row["seen"]) == ("recovered", 0)


def test_an_older_copy_of_a_message_that_is_there_is_no_other_posting(case) -> None:
    publish_taken(case, "ES-01", *posted("ES-01", 1, 0, 1, ADA), *deleted("ES-01", 1, 1, ADA))
    run(case)
    (target,) = case.rows("FROM invite_targets")
    assert (target["seen"], target["recovered"]) == (1, 0)
