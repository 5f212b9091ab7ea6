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
        (b"II+\0\x08\0\0\0" + bytes(8), "image/tiff"),
        (b"\0\0\0\x18ftyphevx", "image/heic"),
        (b"\0\0\0\x18ftypcrx ", "image/x-canon-cr3"),
        (b"\0\0\0\x08wide\0\x12\0\0mdat" + bytes(80), "video/quicktime"),
        (b"\0\0\x12\0mdat" + bytes(80), "video/quicktime"),
        (b"\0\0\0\x6cmoov\0\0\0\x6cmvhd" + bytes(80), "video/quicktime"),
        (b"The free encyclopedia", "text/plain"),
        (b"\0\0\0\0free" + bytes(80), None),
        (b"\0\0\0\x6cmoov\0\0\0\x6cxxxx" + bytes(80), None),
        ((b"G" + bytes(187)) * 3, "video/mp2t"),
        ((bytes(4) + b"G" + bytes(187)) * 3, "video/mp2t"),
        (b"\0\0\x01\xb3" + bytes(80), "video/mpv"),
        (b"OggS" + bytes(24) + b"\x80theora", "video/ogg"),
        (b"OggS" + bytes(24) + b"\x01vorbis", "audio/ogg"),
        (b".RMF\0\0\0\x12" + bytes(80), "video/vnd.rn-realvideo"),
        (b"\0\0\x01\0\x01\0\x10\x10\0\0\x01\0\x20\0" + bytes(40), "image/vnd.microsoft.icon"),
        (bytes(2) + b"\x02" + bytes(9) + b"\x40\1\xf0\0\x18\x20" + bytes(40), "image/x-tga"),
        (bytes(60), None),
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


@pytest.mark.parametrize("begins", [
    b"", b"G" + bytes(187), bytes(4) + b"G" + bytes(187), b"\0\0\0\x08wide",
    b"\0\0\0\x08free\0\0\0\0free", b"\0\0\x01\0\x01",
])  # fmt: skip
def test_a_head_of_any_length_is_told_or_not_and_never_raised(begins) -> None:
    for length in range(800):
        media_type((begins * 800)[:length] if begins else bytes(length))
