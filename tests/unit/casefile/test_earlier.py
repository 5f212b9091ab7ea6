from __future__ import annotations

import pyarrow.parquet as pq
import pytest
from builders.countries import rows_of
from builders.merging import conclude, new_case
from run_cli import run_cli

from clew.casefile.earlier import lacking, made_earlier


@pytest.fixture
def older(tmp_path):
    """A case whose groups and messages were written before columns of theirs had their names."""
    case = new_case(tmp_path / "case", rows_of("FR", 1))
    conclude(case, ("resolve", "clocks", "merge"))
    assert lacking(case) == ()
    assert made_earlier(case) is None
    for name, column in (("merged_messages", "witnesses"), ("persons", "accounts")):
        (out,) = case.complete()[name]
        table = pq.read_table(case.folder / out.file)
        names = [f"{n}_before" if n == column else n for n in table.column_names]
        pq.write_table(table.rename_columns(names), case.folder / out.file)
    case.refresh()
    return case


@pytest.mark.parametrize("command", [
    ("show", "persons"), ("query", "SELECT witnesses FROM merged_messages"),
    ("show", "merged-messages"),
])  # fmt: skip
def test_a_case_of_an_earlier_clew_says_so_and_how_it_is_brought_up_to_date(older, command) -> None:
    name, *rest = command
    done = run_cli(name, older.folder, *rest)
    assert done.returncode == 3, done.stdout
    assert "made by an earlier Clew" in done.stderr
    assert "its tables have no merged_messages.witnesses" in done.stderr
    assert f"clew run {older.folder}" in done.stderr
    assert "itself failed" not in done.stderr
