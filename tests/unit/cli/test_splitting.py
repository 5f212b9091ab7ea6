"""What a split demo says fits a screen, and a program gets every figure of it."""

from __future__ import annotations

from pathlib import Path

from clew.cli.splitting import _print, _rows
from clew.demo import Score
from clew.demo.split import Merged, Played
from clew.demo.split.numbers import Found
from clew.demo.split.sending import Sent


def played() -> Played:
    sent = Sent(
        package="0b1c", sender="ES", receiver="COORDINATOR", folder=Path("p"), size=1_234_567,
        named=1234, counted=56789, tokens=23456, texts=0, texts_withheld=7,
        total={"messages": 9}, rows={"messages": 2}, withheld={"messages": {"member": 7}},
    )  # fmt: skip
    table = Merged(table="messages", is_finding=False, whole=412166, merged=412166,
                   coordinator=2, cites_others=0, differ=0)  # fmt: skip
    return Played(
        exhibits={"ES": 13, "PT": 7}, sent=(sent,), void=("0b1c",), tables=(table,),
        found=Found(holder="ES", asker="PT", offered=12, asked=1000, hits=3, right=3, both=3),
        scores=(Score("tables that are right", 36, 35, "messages 1 of 2 " * 9),),
    )  # fmt: skip


def test_the_summary_fits_a_screen_and_says_what_is_off(capsys) -> None:
    _print(Path("d"), played())
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) < 96
    assert "OFF tables that are right: 35 of 36" in " ".join(out.split())
    assert "3 hits" in out
    for lies in ("d/countries", "d/coordinator/case", "d/packages", "d/law-20/case"):
        assert lies in out


def test_a_program_gets_packages_tables_and_figures() -> None:
    rows = _rows(played())
    assert [next(iter(row)) for row in rows] == [
        "country", "country", "package", "table", "deconfliction", "name"
    ]  # fmt: skip
    package = rows[2]
    assert (rows[4]["holder"], rows[4]["hits"]) == ("ES", 3)
    assert (package["rows"], package["named"], package["rows_withheld"], package["void"]) == (
        2, 1234, {"member": 7}, True
    )  # fmt: skip
    assert rows[-1]["right"] is False


def test_where_nobody_is_shared_that_is_said(capsys) -> None:
    import msgspec

    _print(Path("d"), msgspec.structs.replace(played(), found=None))
    assert "no two countries" in capsys.readouterr().out
