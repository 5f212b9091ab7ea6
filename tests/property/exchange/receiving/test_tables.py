"""What a table of a package must not be."""

from __future__ import annotations

import pytest
from builders.countries import SEALED, number, package, rows_of, sha, tables_of
from builders.merging import new_case, receive
from conftest import WHOLE as AT_FULL_VOLUME

from clew.errors import EvidenceError
from clew.exchange.receiving import take_in
from clew.records import AccountName, Decision, PersonJudgement
from clew.schema import replace

SEEDS = range(60) if AT_FULL_VOLUME else range(1)


class TestBadInput:
    @pytest.mark.parametrize("origin", ["", "ES~1", "a/b", "~", "E" * 65])
    def test_an_origin_that_could_be_taken_for_something_else_is_refused(self, tmp_path, origin):
        case = new_case(tmp_path / "case")
        with pytest.raises(EvidenceError):
            receive(case, "ES", origin=origin)
        assert not (case.folder / "received").exists()

    def test_rows_that_were_received_from_others_are_refused(self, tmp_path):
        case = new_case(tmp_path / "case")
        rows = [replace(r, exhibit_id="PT-1~E-01") for r in rows_of("ES", 1)]
        with pytest.raises(EvidenceError, match="~"), case.writing():
            take_in(case, package("ES"), tables_of(rows))

    def test_a_label_with_a_tilde_is_no_received_one(self, tmp_path):
        case = new_case(tmp_path / "case")
        at = {"exhibit_id": "E-01", "source_id": sha("x"), "locator": "1"}
        name = AccountName(**at, account_id="whatsapp:label:0a:~ Ana", name="~ Ana",
                           name_kind="export_label")  # fmt: skip
        with case.writing():
            take_in(case, package("ES"), tables_of([name]))
        case.refresh()
        (row,) = case.rows("SELECT * FROM received_account_names")
        assert row["account_id"] == "ES-0a0b0c0d~whatsapp:label:0a:~ Ana"

    def test_a_judgement_of_the_future_is_refused(self, tmp_path):
        case = new_case(tmp_path / "case")
        late = PersonJudgement(number=1, decision=Decision.ACCEPT, accounts=(number(0), number(1)),
                               others=(), judged_by="B", reason="c",
                               judged_at=SEALED.replace(year=2071))  # fmt: skip
        with pytest.raises(EvidenceError, match="2071"), case.writing():
            take_in(case, package("ES"), tables_of([late]))

    def test_two_packages_of_one_id_are_refused(self, tmp_path):
        case = new_case(tmp_path / "case")
        receive(case, "ES", seed=1)
        with pytest.raises(EvidenceError, match="other contents"):
            receive(case, "ES", seed=2, tagmanifest_sha256=sha("other"))
