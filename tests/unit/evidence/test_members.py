"""A member of an archive is an item, with the content that it has or names."""

from __future__ import annotations

import hashlib
import io
import tarfile

import pytest
from steps import take_in

from clew.evidence.describe import described

ABOUT = dict.fromkeys(
    ("search_id", "label", "holder_ref", "time_zone", "acquired_with", "acquired_at", "authority")
)


@pytest.mark.parametrize("lost", [False, True])
def test_a_hard_link_has_the_content_of_the_member_it_names(case, tmp_path, lost) -> None:
    folder = tmp_path / "x"
    folder.mkdir()
    with tarfile.open(folder / "a.tar", "w") as archive:
        about = tarfile.TarInfo("one")
        about.size = 3
        archive.addfile(about, io.BytesIO(b"abc"))
        link = tarfile.TarInfo("two")
        link.type, link.linkname = tarfile.LNKTYPE, "gone" if lost else "one"
        archive.addfile(link)
    about = {**ABOUT, "exhibit_id": "V-1", "kind": "disk", "country": "ES", "hash_only": False}
    with case.writing():
        take_in(case, described(case.config, (folder,), about), workers=1)
    (row,) = case.rows("SELECT * FROM items WHERE path = 'a.tar/two'")
    if lost:
        assert (row["sha256"], row["reason"]) == (None, "hard_link:not_there")
    else:
        assert (row["sha256"], row["size"]) == (hashlib.sha256(b"abc").hexdigest(), 3)
