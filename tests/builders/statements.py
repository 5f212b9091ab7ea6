"""Statements of a site, as its file has them."""

from __future__ import annotations

import json

from clew.operation.statements import of_line
from clew.records import Statement


def site(name: str, *lines: dict[str, object], after: Statement | None = None) -> list[Statement]:
    """A site's list; what a line does not say is as usual."""
    made: list[Statement] = []
    for seq, line in enumerate(lines, after.seq + 1 if after else 1):
        usual = {"site": name, "seq": seq, "by": f"{name}-1", "at": "2017-03-28T06:00:00Z"}
        made.append(of_line(json.dumps({**usual, **line}), f"line {seq}"))
    return made
