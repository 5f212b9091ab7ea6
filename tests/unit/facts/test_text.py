"""Laws of ``clew.facts.text``."""

from __future__ import annotations

import pytest
from builders.invitations import WA

from clew.facts.text import invite_links
from clew.records import InviteKind

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
    assert (link.kind, link.code) == (InviteKind.CONTACT, "+447700900001")
