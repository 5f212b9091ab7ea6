"""The same rows give the same bytes, however they come."""

from __future__ import annotations

from clew.casefile import parquet
from clew.records import AccountName, NameKind
from clew.schema import to_arrow


def table(count: int):
    return to_arrow(AccountName, [
        AccountName(exhibit_id="ES-01", source_id="s", locator=f"n/{n}", account_id=f"a:{n % 7}",
                    name=f"name {n}", name_kind=NameKind.PUSH)
        for n in range(count)
    ])  # fmt: skip


def test_batches_of_any_size_give_the_same_file(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(parquet, "ROWS_IN_GROUP", 100)
    rows = table(450)
    contents = set()
    for size in (1, 33, 100, 1000):
        file = tmp_path / f"{size}.parquet"
        assert parquet.write_part(AccountName, file, rows.to_batches(size)) == 450
        contents.add(file.read_bytes())
    assert len(contents) == 1


def test_what_was_written_is_read(tmp_path) -> None:
    rows, file = table(50), tmp_path / "x.parquet"
    parquet.write_part(AccountName, file, rows.to_batches(7))
    read = [row for batch in parquet.read_part(file, 20) for row in batch.to_pylist()]
    assert read == rows.to_pylist()
    assert parquet.count_rows(file) == 50


def test_a_table_of_no_rows_is_a_file(tmp_path) -> None:
    assert parquet.write_part(AccountName, tmp_path / "x.parquet", []) == 0
    assert parquet.count_rows(tmp_path / "x.parquet") == 0
