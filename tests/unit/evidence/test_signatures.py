"""A content is told by its bytes, never by its name."""

from __future__ import annotations

import pytest

from clew.evidence.signatures import has_zip_tail, is_container, media_type


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"SQLite format 3\0" + bytes(80), "application/vnd.sqlite3"),
        (b"PK\x03\x04rest", "application/zip"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"RIFF\0\0\0\0WEBP", "image/webp"),
        (b"\0\0\0\x18ftypheic", "image/heic"),
        (b"\0\0\0\x18ftypmp42", "video/mp4"),
        (bytes(257) + b"ustar", "application/x-tar"),
        (b"BEGIN:VCARD\r\n", "text/vcard"),
        ("Grüße".encode(), "text/plain"),
        ("Grüße".encode()[:3], "text/plain"),
        ("\ufeffhallo".encode("utf-16-le"), "text/plain"),
        (b"\xff\xfe\0\0binary", "text/plain"),
        (b"\x01\x02\x03\x04", None),
        (b"caf\xe9 au lait", None),
        (b"", None),
    ],
)
def test_type_by_first_bytes(head, kind) -> None:
    assert media_type(head) == kind


def test_only_what_is_opened_counts_as_a_container() -> None:
    assert is_container("application/zip")
    assert is_container("application/x-tar")
    assert is_container("application/x-ewf")
    assert not is_container("application/x-lzop")
    assert not is_container(None)


def test_an_archive_behind_something_else_is_told_by_its_end() -> None:
    import io
    import zipfile

    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("x", b"x")
    assert has_zip_tail(b"\xff\xd8\xff" + held.getvalue())
    assert not has_zip_tail(b"PK\5\6" + bytes(18))
    assert not has_zip_tail(b"nothing at all")
    assert not has_zip_tail(held.getvalue() + b"more behind it")
