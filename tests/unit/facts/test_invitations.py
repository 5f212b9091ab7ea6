"""An invitation is found however it is written, and only where one reading is possible."""

from __future__ import annotations

import pytest

from clew.facts.invitations import with_invitations
from clew.facts.text import invite_links
from clew.records import facts as f
from clew.records.recovered import (
    RecoveredFrom,
    RecoveredInvite,
    RecoveredMessage,
    RecoveredRow,
    RecoveredShare,
)
from clew.schema import Batch, to_arrow

WA = "AbCdEfGhIjKlMnOpQrStUv"
TG = "AbCdEfGhIjKlMnOp"
SG = "CjQKIAbCdEfGhIjKlMnOpQrStUv"


@pytest.mark.parametrize(
    ("text", "platform", "code"),
    [
        (f"https://chat.whatsapp.com/{WA}", "whatsapp", WA),
        (f"join chat.whatsapp.com/invite/{WA}?mode=ac_t now", "whatsapp", WA),
        (f"CHAT.WHATSAPP.COM/{WA}", "whatsapp", WA),
        (f"whatsapp://chat?code={WA}", "whatsapp", WA),
        (f"https://t.me/+{TG}", "telegram", TG),
        (f"t.me/joinchat/{TG}.", "telegram", TG),
        (f"telegram.me/joinchat/{TG}", "telegram", TG),
        (f"tg://join?invite={TG}", "telegram", TG),
        (f"https://signal.group/#{SG}", "signal", SG),
        (f"sgnl://signal.group/#{SG}", "signal", SG),
        ("discord.gg/bread-1", "discord", "bread-1"),
        ("https://discord.com/invite/bread", "discord", "bread"),
        ("https://discordapp.com/invite/bread", "discord", "bread"),
    ],
)
def test_every_form_of_a_plain_link_is_found(text, platform, code) -> None:
    (link,) = invite_links(text)
    assert (link.platform, link.code, link.written) == (platform, code, None)
    assert link.url.startswith("hxxps://")
    assert "[.]" in link.url


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"chat . whatsapp . com / {WA}", WA),
        (f"hxxps://chat[.]whatsapp[.]com/{WA}", WA),
        (f"chat(dot)whatsapp(dot)com/{WA}", WA),
        (f"chat.whatsapp.com/\n{WA}", WA),
        (f"> chat.whatsapp.com/{WA[:9]}\n> {WA[9:]} and so on", WA),
        (f"t . me / joinchat / {TG}", TG),
        (f"hxxps://t[.]me/+{TG}", TG),
    ],
)
def test_a_link_written_as_none_is_found_and_kept_as_written(text, code) -> None:
    (link,) = invite_links(text)
    assert link.code == code
    assert link.written
    assert "http" not in link.written


@pytest.mark.parametrize(
    "text",
    [
        "",
        "either/or",
        "start.me/+AbCdEfGhIjKlMnOp",
        "chat.whatsapp.com/short",
        "chat.whatsapp.com/ then came the bread and the trains",
        "Discord.gg / Telegram and others",
        "t.me/+ \nextraordinary",
        "https://t.me/someone",
    ],
)
def test_what_is_no_invitation_or_not_surely_one_is_left(text) -> None:
    assert invite_links(text) == ()


def test_a_link_on_the_next_line_is_a_link_of_its_own() -> None:
    text = f"chat.whatsapp.com/{WA}\nchat.whatsapp.com/{WA[::-1]}\nhttps://t.me/+{TG}"
    assert [link.code for link in invite_links(text)] == [WA, WA[::-1], TG]


@pytest.mark.parametrize(
    "text",
    [
        "wa.me/447700900001",
        "https://api.whatsapp.com/send?phone=447700900001",
        "t.me/+447700900001",
    ],
)
def test_a_link_with_a_number_leads_to_a_person(text) -> None:
    (link,) = invite_links(text)
    assert (link.kind, link.code) == (f.InviteKind.CONTACT, "+447700900001")


def fact(row: int) -> dict[str, str]:
    return {"exhibit_id": "ES-07", "source_id": "a" * 64, "locator": f"message/{row}"}


def message(row: int, **more) -> f.Message:
    return f.Message(
        **fact(row), event_id=f"i#message/{row}", chat_id="x:1", kind=f.MessageKind.TEXT,
        tz_basis=f.TimeBasis.UTC, **more,
    )  # fmt: skip


def sent_back(*rows) -> list[dict]:
    """Invitations that come out behind what a reader gives."""
    batches = [
        Batch(type(row), part) for row in rows for part in to_arrow(type(row), [row]).to_batches()
    ]
    return [
        invite
        for part in with_invitations(batches)
        if part.table is f.Invite
        for invite in part.data.to_pylist()
    ]


def test_a_reader_need_not_look_for_invitations() -> None:
    link = f"https://chat.whatsapp.com/{WA}"
    found = sent_back(
        message(1, text=f"see {link}", sender_account_id="x:pn:1"),
        message(2, text="no", reply_text=link),
        f.Share(**fact(3), event_id="i#message/3", chat_id="x:1", state=f.ShareState.ABSENT,
                caption=link),
        f.Chat(**fact(4), chat_id="x:1", platform="x", chat_type=f.ChatType.GROUP,
               description=link),
        f.Account(**fact(5), account_id="x:pn:1", platform="x", id_type=f.IdType.PHONE,
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
    share = f.Share(
        **fact(1), event_id="i#message/1", chat_id="x:1", state=f.ShareState.ABSENT, caption=link
    )
    assert len(sent_back(message(1, text=link), share)) == 1


def test_what_a_reader_found_itself_is_not_found_twice() -> None:
    link = f"https://chat.whatsapp.com/{WA}"
    own = {"code": WA, "platform": "whatsapp", "event_id": "i#message/1"}
    found = sent_back(
        message(1, text=link),
        f.Invite(**fact(1), **own, found_in=f.InviteSource.URL_IN_TEXT),
        f.Invite(**fact(9), **own, found_in=f.InviteSource.INVITE_MESSAGE),
    )
    assert [i["found_in"] for i in found] == ["url_in_text", "invite_message"]


def test_invitations_in_what_was_deleted_are_rows_of_a_table_of_their_own() -> None:
    link = f"https://chat.whatsapp.com/{WA}"
    where = {"found_in": RecoveredFrom.FREELIST, "complete": True}
    deleted = message(1, text=f"see {link}", sender_account_id="x:pn:1")
    row = RecoveredRow(
        **fact(2), source_table="message", part="main", values=f'{{"text_data": "{link}"}}', **where
    )
    share = RecoveredShare(
        **fact(3), event_id="i#message/3", chat_id="x:1", state=f.ShareState.ABSENT, caption=link,
        record_state=f.RecordState.RECOVERED, **where,
    )  # fmt: skip
    batches = [
        Batch(type(r), to_arrow(type(r), [r]).combine_chunks().to_batches()[0])
        for r in (RecoveredMessage(**_columns(deleted), **where), row, share)
    ]
    sent = [b for b in with_invitations(batches) if issubclass(b.table, f.Invite)]
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


def _columns(row: f.Message) -> dict:
    told = {name: getattr(row, name) for name in row.__struct_fields__}
    return {**told, "state": f.RecordState.RECOVERED}
