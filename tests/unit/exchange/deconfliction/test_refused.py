from __future__ import annotations

import pytest

from clew.errors import Ending
from clew.exchange.deconfliction.refused import ACTION, Refused, attempt


def test_the_log_has_that_a_file_was_refused_by_its_digest_alone(case, tmp_path) -> None:
    file = tmp_path / "+34600111222"
    file.write_bytes(b"x")
    for one in (file, tmp_path / "missing"):
        with pytest.raises(Refused) as refused, attempt(case, "offer", one):
            raise Refused("no-file", file=one.name, why="torn")
        assert refused.value.exit_code is Ending.DAMAGED
    told = [e for e in case.custody.entries() if e.content["action"] == ACTION]
    assert [e.content["code"] for e in told] == ["no-file", "no-file"]
    assert not any("346001112" in e.body for e in told)
    assert told[1].content["file_sha256"] is None
