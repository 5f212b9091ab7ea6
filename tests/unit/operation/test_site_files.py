"""Files of sites: checked before anything of them counts."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from clew.errors import EvidenceError
from clew.operation.board import board
from clew.operation.site_files import parsed

from .test_keeping import a_file

KEY = Ed25519PrivateKey.generate()
SIGNED = a_file(key=KEY)


def test_a_signed_file_may_lack_lines_and_come_in_any_order() -> None:
    head, *lines = SIGNED.splitlines(keepends=True)
    assert len(parsed(b"".join((*reversed(lines), head)), "a").statements) == 3
    cut = parsed(b"".join((head, lines[0], lines[2])), "a")
    assert [(g.kind, g.first) for g in board(cut.statements).gaps] == [("missing", 2)]
    assert parsed(b"".join((head, lines[0], *lines)), "a").statements[0].seq == 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (SIGNED.replace(b"arrested", b"released", 1), "it was changed"),
        (b"", "nothing stands in it"),
        (b"{}\n", "is no statement"),
        (b"\xff\xfe\n", "is no statement"),
        (a_file() + a_file("BOG"), "of 2 sites"),
        (SIGNED + a_file("MAD", key=Ed25519PrivateKey.generate()), "parts of several lists"),
        (SIGNED.splitlines()[0] + b"\n" + a_file(), "not signed by the key"),
        (SIGNED.replace(b'"clew_site":1', b'"clew_site":9'), "a form"),
        (a_file().replace(b'"at":"2', b'"at":"3'), "in the future"),
        (a_file().replace(b'"at":"', b'"happened_at":"2071-01-01","at":"'), "in the future"),
        (a_file().replace(b'"at":"', b'"country":"Spain","at":"'), "no country"),
        (a_file().replace(b'"at":"', b'"happened_at":"tomorrow","at":"'), "no time"),
        (a_file().replace(b"ES-P-0", b"ES\\u202eP-0"), "hide text"),
        (a_file().replace(b'"seq":2', b'"seq":0'), "a number from 1"),
        (a_file().replace(b'"seq":2', b'"seq":99999999999'), "a number from 1"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_was_changed_or_is_none_is_refused(content, says) -> None:
    with pytest.raises(EvidenceError, match=says):
        parsed(content, "a")


def test_a_statement_signed_by_another_key_is_refused() -> None:
    head = SIGNED.splitlines(keepends=True)[0]
    _, *lines = a_file(key=Ed25519PrivateKey.generate()).splitlines(keepends=True)
    with pytest.raises(EvidenceError, match="not signed by the key"):
        parsed(b"".join((head, *lines)), "a")
