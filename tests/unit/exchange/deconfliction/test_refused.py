from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from clew.errors import Ending
from clew.exchange import deconfliction
from clew.exchange.deconfliction.refused import ACTION, Refused, attempt, reasons

ROOM = Path(deconfliction.__file__).parent


def raised() -> set[str]:
    calls = (
        node
        for file in ROOM.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refused"
    )
    return {call.args[0].value for call in calls}


def test_every_reason_is_raised_somewhere_and_says_what_and_what_to_do() -> None:
    assert raised() == set(reasons())
    for reason in reasons().values():
        assert set(reason) == {"what", "do"}
        assert re.search(r"[a-z]", reason["what"])
        assert reason["do"].endswith((".", "clew deconflict list", "clew partner add", "ID"))


def test_the_log_has_that_a_file_was_refused_by_its_digest_alone(case, tmp_path) -> None:
    file = tmp_path / "+34600111222"
    file.write_bytes(b"x")
    for one in (file, tmp_path / "missing"):
        with pytest.raises(Refused) as refused, attempt(case, "offer", one):
            raise Refused("no-file", file=one.name, why="torn")
        assert refused.value.exit_code is Ending.DAMAGED
    told = [e for e in case.custody.entries() if e.content["action"] == ACTION]
    assert [e.content["code"] for e in told] == ["no-file", "no-file"]
    assert not any("34600" in e.body for e in told)
    assert told[1].content["file_sha256"] is None
