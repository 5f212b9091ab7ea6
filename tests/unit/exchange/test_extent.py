from __future__ import annotations

import io
import os

from clew.exchange.extent import Slice


def test_a_part_of_a_file_is_read_like_a_file_and_not_beyond_its_end(tmp_path) -> None:
    (tmp_path / "whole").write_bytes(b"before|inside|after")
    with (tmp_path / "whole").open("rb") as whole:
        part = io.BufferedReader(Slice(whole.fileno(), (7, 6)))
        assert part.read() == b"inside"
        assert part.seek(-4, os.SEEK_END) == 2
        assert part.read(2) == b"si"
        assert part.seek(-1, os.SEEK_CUR) == 3
        assert part.read() == b"ide"
        assert part.read() == b""
