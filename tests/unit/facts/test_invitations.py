"""An invitation is found however it is written, and only where one reading is possible."""

from __future__ import annotations

from builders.invitations import WA

from clew.facts.invitations import with_invitations
from clew.records import (
    Account,
    Chat,
    ChatType,
    IdType,
    Invite,
    InviteSource,
    Message,
    MessageKind,
    RecordState,
    RecoveredFrom,
    RecoveredInvite,
    RecoveredMessage,
    RecoveredRow,
    RecoveredShare,
    Share,
    ShareState,
    TimeBasis,
)
from clew.schema import Batch, to_arrow


def fact(row: int) -> dict[str, str]:
    return {"exhibit_id": "ES-07", "source_id": "a" * 64, "locator": f"message/{row}"}


def message(row: int, **more) -> Message:
    return Message(
        **fact(row), event_id=f"i#message/{row}", chat_id="x:1", kind=MessageKind.TEXT,
        tz_basis=TimeBasis.UTC, **more,
    )  # fmt: skip


def sent_back(*rows) -> list[dict]:
    """Invitations that come out behind what a reader gives."""
    batches = [
        Batch(type(row), part) for row in rows for part in to_arrow(type(row), [row]).to_batches()
    ]
    return [
        invite
        for part in with_invitations(batches)
        if part.table is Invite
        for invite in part.data.to_pylist()
    ]


def test_a_reader_need_not_look_for_invitations() -> None:
    link = f"https://chat.whatsapp.com/{WA}"
    found = sent_back(
        message(1, text=f"see {link}", sender_account_id="x:pn:1"),
        message(2, text="no", reply_text=link),
        Share(**fact(3), event_id="i#message/3", chat_id="x:1", state=ShareState.ABSENT,
              caption=link),
        Chat(**fact(4), chat_id="x:1", platform="x", chat_type=ChatType.GROUP,
             description=link),
        Account(**fact(5), account_id="x:pn:1", platform="x", id_type=IdType.PHONE,
                identifier="1", about=link),
    )  # fmt: skip
    assert [(i["locator"], i["found_in"]) for i in found] == [
        ("message/1", "url_in_text"),
        ("message/2", "url_in_quote"),
        ("message/3", "url_in_caption"),
        ("message/4", "url_in_description"),
        ("message/5", "url_in_profile"),
    ]
    assert found[0]["seen_account_id"] == "x:pn:1"


def test_a_caption_that_repeats_the_text_adds_nothing() -> None:
    link = f"https://chat.whatsapp.com/{WA}"
    share = Share(
        **fact(1), event_id="i#message/1", chat_id="x:1", state=ShareState.ABSENT, caption=link
    )
    assert len(sent_back(message(1, text=link), share)) == 1


def test_what_a_reader_found_itself_is_not_found_twice() -> None:
    link = f"https://chat.whatsapp.com/{WA}"
    own = {"code": WA, "platform": "whatsapp", "event_id": "i#message/1"}
    found = sent_back(
        message(1, text=link),
        Invite(**fact(1), **own, found_in=InviteSource.URL_IN_TEXT),
        Invite(**fact(9), **own, found_in=InviteSource.INVITE_MESSAGE),
    )
    assert [i["found_in"] for i in found] == ["url_in_text", "invite_message"]


def test_a_link_behind_a_word_that_only_the_reader_saw_is_kept_once() -> None:
    own = {"code": WA, "platform": "whatsapp", "event_id": "i#message/1"}
    behind = Invite(**fact(1), **own, found_in=InviteSource.URL_IN_TEXT)
    found = sent_back(message(1, text="the oven"), behind, behind)
    assert [(i["locator"], i["found_in"]) for i in found] == [("message/1", "url_in_text")]


def test_invitations_in_what_was_deleted_are_rows_of_a_table_of_their_own() -> None:
    link = f"https://chat.whatsapp.com/{WA}"
    where = {"found_in": RecoveredFrom.FREELIST, "complete": True}
    deleted = message(1, text=f"see {link}", sender_account_id="x:pn:1")
    row = RecoveredRow(
        **fact(2), source_table="message", part="main", values=f'{{"text_data": "{link}"}}', **where
    )
    share = RecoveredShare(
        **fact(3), event_id="i#message/3", chat_id="x:1", state=ShareState.ABSENT, caption=link,
        record_state=RecordState.RECOVERED, **where,
    )  # fmt: skip
    batches = [
        Batch(type(r), to_arrow(type(r), [r]).combine_chunks().to_batches()[0])
        for r in (RecoveredMessage(**_columns(deleted), **where), row, share)
    ]
    sent = [b for b in with_invitations(batches) if issubclass(b.table, Invite)]
    assert {b.table for b in sent} == {RecoveredInvite}
    found = [r for b in sent for r in b.data.to_pylist()]
    assert [(r["locator"], r["found_in"]) for r in found] == [
        ("message/1", "url_in_text"),
        ("message/2", "deleted_row"),
        ("message/3", "url_in_caption"),
    ]
    assert {(r["state"], r["recovered_from"], r["code"]) for r in found} == {
        ("recovered", "freelist", WA)
    }
    assert found[0]["seen_account_id"] == "x:pn:1"


def _columns(row: Message) -> dict:
    told = {name: getattr(row, name) for name in row.__struct_fields__}
    return {**told, "state": RecordState.RECOVERED}
