"""Every row of the case goes, or stays for one reason."""

from __future__ import annotations

import msgspec
import pyarrow.parquet as pq

from clew.exchange.packing.coverage import NAME, Coverage, TableCoverage, encode
from clew.schema import Home, tables


def test_a_receiver_is_not_told_that_there_are_victims() -> None:
    said = Coverage(
        tables={"messages": TableCoverage(9, 1, {"bystander": 2, "victim": 5, "member": 1})},
        persons={"named": 1, "victim": 3}, values_withheld={}, values_as_tokens={}, counted=0,
        tokens=0, texts=0, texts_withheld=0, texts_mentioning_others=0, not_read=(),
    )  # fmt: skip
    text = encode(said)
    assert b"victim" not in text
    shown = msgspec.json.decode(text, type=Coverage)
    assert shown.persons == {"named": 1, "bystander": 3}
    assert shown.tables["messages"].withheld == {"bystander": 7, "member": 1}


def test_every_row_of_the_case_goes_or_stays_for_one_reason(packed) -> None:
    facts = {n for n, r in tables().items() if r.home in (Home.FACTS, Home.EVIDENCE)}
    for country in packed.made:
        said = msgspec.json.decode((packed.home / country / NAME).read_bytes(), type=Coverage)
        assert set(said.tables) == facts
        for name, one in said.tables.items():
            (row,) = packed.case.rows(f'SELECT count(*) AS n FROM "{name}"')
            assert one.total == row["n"] == one.sent + sum(one.withheld.values()), name
            if one.sent:
                file = packed.home / country / "tables" / f"{name}.parquet"
                assert pq.read_metadata(file).num_rows == one.sent


def test_the_packages_of_all_countries_and_what_is_withheld_are_the_case(packed) -> None:
    """Rows with one subject go to one country: sent over all packages, and withheld from all."""
    for name in ("accounts", "account_names", "messages", "shares", "memberships"):
        covered = [made.coverage.tables[name] for made in packed.made.values()]
        own = [
            one.sent + sum(one.withheld.get(why, 0) for why in ("not_investigated", "inferred"))
            for one in covered
        ]
        assert {
            n + one.withheld.get("elsewhere", 0) for n, one in zip(own, covered, strict=True)
        } == {sum(own)}, name
