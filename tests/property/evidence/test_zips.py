"""Whatever is done to an archive, reading it ends, and raises nothing but for one member."""

from __future__ import annotations

import io
import zipfile

from hypothesis import given, settings
from hypothesis import strategies as st

from clew.evidence import zips
from clew.evidence.bounds import Bounds

METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
names = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=30)
bodies = st.binary(max_size=3000)


def archive(members: dict[str, bytes], method: int) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as made:
        for name, body in members.items():
            made.writestr(zipfile.ZipInfo(name), body, method)
    return held.getvalue()


def read(data: bytes, tmp_path_factory) -> list[tuple[bytes, bytes | None]]:
    file = tmp_path_factory.getbasetemp() / "property.zip"
    file.write_bytes(data)
    found = []
    with file.open("rb") as opened:
        walk = zips.walk(opened, Bounds(total_bytes=8 << 20))
        for member in walk.members:
            try:
                found.append((member.name, b"".join(zips.content(walk, member))))
            except zips.MemberError:
                found.append((member.name, None))
    return found


@given(st.dictionaries(names, bodies, max_size=8), st.sampled_from(METHODS))
@settings(max_examples=60, deadline=None)
def test_a_valid_archive_reads_as_the_standard_library_reads_it(
    tmp_path_factory, members, method
) -> None:
    data = archive(members, method)
    with zipfile.ZipFile(io.BytesIO(data)) as made:
        expected = [made.read(info) for info in made.infolist()]
    assert [body for _, body in read(data, tmp_path_factory)] == expected


@given(
    st.dictionaries(names, bodies, min_size=1, max_size=5),
    st.sampled_from(METHODS),
    st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=12),
    st.floats(0.1, 1),
)
@settings(max_examples=250, deadline=None)
def test_no_damage_makes_it_raise(tmp_path_factory, members, method, changes, kept) -> None:
    data = bytearray(archive(members, method))
    for place, value in changes:
        data[place % len(data)] = value
    read(bytes(data[: max(1, int(len(data) * kept))]), tmp_path_factory)


@given(st.binary(max_size=400), st.lists(st.sampled_from([b"PK\3\4", b"PK\1\2", b"PK\5\6"])))
@settings(max_examples=150, deadline=None)
def test_signatures_in_noise_mislead_nobody(tmp_path_factory, noise, signatures) -> None:
    read(noise + b"".join(s + noise for s in signatures), tmp_path_factory)
