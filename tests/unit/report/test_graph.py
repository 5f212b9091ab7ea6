"""What goes to other programs is valid, masked, complete, and always the same."""

from __future__ import annotations

import json

from click.testing import CliRunner

from clew.cli.export import export
from clew.errors import UsageError


def test_who_exports_and_why_is_logged_before_and_what_went_out_after(drawn, tmp_path) -> None:
    out = tmp_path / "net.gexf"
    call = ["graph", str(drawn.folder), str(out), "--format", "gexf", "--json"]
    refused = CliRunner().invoke(export, [*call, "--unmask"], standalone_mode=False)
    assert isinstance(refused.exception, UsageError)
    assert not out.exists()
    told = CliRunner().invoke(
        export, [*call, "--unmask", "--reason", "request 7/26"], standalone_mode=False
    )
    assert told.exception is None
    (line,) = map(json.loads, told.stdout.splitlines())
    logged = [e.content for e in drawn.custody.entries()][-2:]
    assert [e["action"] for e in logged] == ["read", "graph exported"]
    assert {e.get("reason") or e.get("purpose") for e in logged} == {"request 7/26"}
    assert logged[1]["files"] == line["sha256"]
    assert (logged[1]["nodes"], logged[1]["links"]) == (line["nodes"], line["links"])
