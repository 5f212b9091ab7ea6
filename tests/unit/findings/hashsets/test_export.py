"""Laws of ``clew.findings.hashsets.export``."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime

import msgspec
import pytest
from builders.looks import CATEGORY, Look, conclude, frames, known, picture, publish, sha

from clew.casefile import create_case
from clew.errors import UsageError
from clew.findings.hashsets import Source, add
from clew.findings.hashsets.export import export as write_set
from clew.findings.hashsets.export import videos
from clew.judgements import decisions
from clew.pipeline import perform
from clew.records import SetKind
from clew.report.figures import settled


def export(case, *wanted) -> int:
    """The set, once the tables have what was judged: before that it is refused."""
    perform(case, "categorise")
    return write_set(case, *wanted)


class TestJudgements:
    def test_a_later_judgement_counts_and_the_earlier_stays(self, case) -> None:
        publish(case, [picture("a", Look.of(1))])
        decisions.categorise(case, sha("a")[:32], CATEGORY, "A", "seen")
        decisions.categorise(case, "i-a-0", None, "B", "wrong picture")
        rows = case.rows("FROM file_categories ORDER BY number")
        assert [(r["judged_by"], r["code"], r["reason"]) for r in rows] == [
            ("A", "2", "seen"), ("B", None, "wrong picture"),
        ]  # fmt: skip
        conclude(case)
        assert [r["settled_by"] for r in case.rows("FROM file_clusters")] == ["open"]
        assert rows[0]["judged_at"] <= datetime.now(UTC)

    def test_categories_of_two_countries_stand_side_by_side(self, case, tmp_path) -> None:
        publish(case, [picture("a", Look.of(1))])
        spain, portugal = (
            decisions.Category(scheme="VICS", country=c, version="2.0", code="2")
            for c in ("ES", "PT")
        )
        for given in (spain, portugal, msgspec.structs.replace(spain, country="es", code="3")):
            decisions.categorise(case, sha("a"), given, "A", "seen")
        for country, code in (("ES", 3), ("PT", 2)):
            export(case, tmp_path / country, "vics", country)
            (medium,) = json.loads((tmp_path / country).read_text())["value"]
            assert medium["Category"] == code
        decisions.categorise(case, sha("a"), msgspec.structs.replace(spain, code=None), "B", "no")
        conclude(case)
        assert [r["settled_by"] for r in case.rows("FROM file_clusters")] == ["judged"]
        with pytest.raises(UsageError, match="of ES"):
            export(case, tmp_path / "out", "vics", "ES")
        with pytest.raises(UsageError, match="no such category"):
            decisions.categorise(
                case, sha("a"), msgspec.structs.replace(spain, code=None), "B", "no"
            )
        decisions.categorise(case, sha("a"), None, "B", "none of it")
        conclude(case)
        assert [r["settled_by"] for r in case.rows("FROM file_clusters")] == ["open"]

    def test_what_is_no_judgement_is_refused(self, case) -> None:
        publish(case, [picture("a", Look.of(1))])
        for named, category, by, reason in (
            ("nothing", CATEGORY, "A", "x"), (sha("a"), CATEGORY, " ", "x"),
            (sha("a"), CATEGORY, "A", ""), (sha("a"), None, "A", "x"),
        ):  # fmt: skip
            with pytest.raises(UsageError):
                decisions.categorise(case, named, category, by, reason)
        assert case.rows("FROM file_categories") == []


class TestExport:
    @pytest.mark.parametrize("form", ["vics", "csv"])
    def test_one_country_settles_what_another_looked_at(self, tmp_path, form) -> None:
        look = Look.of(1)
        with create_case(tmp_path / "A", "t", "a") as first:
            publish(first, [picture("a", look, quality=88), picture("b", Look.of(2))])
            decisions.categorise(first, sha("a"), CATEGORY, "Analyst One", "private reason")
            assert export(first, tmp_path / "out", form) == 1
        text = (tmp_path / "out").read_text()
        assert sha("b") not in text.lower()
        assert "Analyst" not in text
        assert "private" not in text
        with create_case(tmp_path / "B", "t", "a") as second:
            publish(second, [picture("a", look), picture("c", look.away(9))])
            add(second, tmp_path / "out",
                Source(name="A", version="1", kind=SetKind.KNOWN))  # fmt: skip
            found = conclude(second)
            assert [(m["sha256"], m["tier"], m["category"]) for m in found] == [
                (sha("a"), "exact", "VICS ES 2.0: 2"), (sha("c"), "near", "VICS ES 2.0: 2"),
            ]  # fmt: skip
            assert found[1]["known_quality"] == 88
            counts = settled(second)
            assert (counts["settled"], counts["files"]) == (2, 2)

    def test_frames_of_a_video_travel_in_csv(self, tmp_path) -> None:
        looks = [Look.of(n) for n in range(6)]
        with create_case(tmp_path / "A", "t", "a") as first:
            publish(first, frames("a", looks))
            decisions.categorise(first, sha("a"), CATEGORY, "A", "x")
            export(first, tmp_path / "out.csv", "csv")
        with create_case(tmp_path / "B", "t", "a") as second:
            publish(second, frames("c", [k.away(3) for k in looks]))
            add(second, tmp_path / "out.csv",
                Source(name="A", version="1", kind=SetKind.KNOWN))  # fmt: skip
            (m,) = conclude(second)
        assert (m["tier"], m["known_frames_matched"], m["known_frames_total"]) == ("near", 6, 6)

    def test_nothing_of_a_restricted_set_goes_out(self, case, tmp_path) -> None:
        look = Look.of(1)
        publish(case, [picture("a", look.away(5))])
        known(case, tmp_path, f"pdq,md5,category\n{look.hex},{'e' * 32},x\n", restricted=True)
        conclude(case)
        with pytest.raises(UsageError, match="no file of the case has a category"):
            export(case, tmp_path / "out.json", "vics")
        decisions.categorise(case, sha("a"), CATEGORY, "A", "x")
        for form in ("vics", "csv"):
            export(case, tmp_path / "out", form)
            text = (tmp_path / "out").read_text().lower()
            assert look.hex not in text
            assert "e" * 32 not in text

    @pytest.mark.parametrize("form", ["vics", "csv"])
    def test_the_same_judgements_give_the_same_bytes(self, case, tmp_path, form) -> None:
        publish(case, [picture("a", Look.of(1)), *frames("b", [Look.of(n) for n in range(6)])])
        for name in "ab":
            decisions.categorise(case, sha(name), CATEGORY, "A", "x")
        for out in ("one", "two"):
            export(case, tmp_path / out, form)
        assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
        assert videos(case) == 1

    def test_a_table_has_each_category_in_full(self, case, tmp_path) -> None:
        publish(case, [picture("a", Look.of(1))])
        for country in ("ES", "PT"):
            given = decisions.Category(scheme="VICS", country=country, code="2")
            decisions.categorise(case, sha("a"), given, "A", "x")
        assert export(case, tmp_path / "out", "csv") == 1
        with (tmp_path / "out").open() as table:
            rows = list(csv.DictReader(table))
        assert [(r["category"], r["code"]) for r in rows] == [
            ("VICS ES: 2", "2"),
            ("VICS PT: 2", "2"),
        ]

    def test_a_country_of_any_name_comes_back(self, case, tmp_path) -> None:
        publish(case, [picture("a", Look.of(1))])
        given = decisions.Category(scheme="VICS", country="Côte d'Ivoire / 1#", code="007")
        decisions.categorise(case, sha("a"), given, "A", "x")
        export(case, tmp_path / "out", "vics")
        add(case, tmp_path / "out", Source(name="A", version="1", kind=SetKind.KNOWN))
        assert [m["category"] for m in conclude(case)] == ["VICS Côte d'Ivoire / 1# 2.0: 007"]

    def test_a_version_that_the_file_can_not_name_is_not_claimed(self, case, tmp_path) -> None:
        publish(case, [picture("a", Look.of(1))])
        given = decisions.Category(scheme="VICS", country="ES", version="1.3", code="2")
        decisions.categorise(case, sha("a"), given, "A", "x")
        with pytest.raises(UsageError, match=r"VICS 1\.3"):
            export(case, tmp_path / "out", "vics")
        assert export(case, tmp_path / "out", "csv") == 1

    def test_two_countries_need_two_vics_files(self, case, tmp_path) -> None:
        publish(case, [picture("a", Look.of(1)), picture("b", Look.of(2))])
        decisions.categorise(case, sha("a"), CATEGORY, "A", "x")
        other = decisions.Category(scheme="VICS", country="PT", version="2.0", code="2")
        decisions.categorise(case, sha("b"), other, "A", "x")
        with pytest.raises(UsageError, match="2 schemes"):
            export(case, tmp_path / "out", "vics")
        assert export(case, tmp_path / "out", "vics", "PT") == 1
        assert "/PT/" in json.loads((tmp_path / "out").read_text())["@odata.context"]
        actions = [e.content["action"] for e in case.custody.entries()]
        assert actions.count("hash set disclosed") == 1
