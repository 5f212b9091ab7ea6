"""Laws of ``clew.findings.hashsets.lookup``."""

from __future__ import annotations

import base64
import json

import pytest
from builders.odd_sets import MD5, SHA1, SHA256, entries, image, page, taken_in, tombstone, vics

from clew.errors import UsageError
from clew.findings.hashsets import remove
from clew.findings.hashsets.lookup import check
from clew.formats.json_records import Splitter


class TestTables:
    @pytest.mark.parametrize("head", [
        "MD5 Hash;SHA-1 hash", "md5sum;sha1_checksum", "MD5;hash", '"Hash";"SHA1"',
    ])  # fmt: skip
    def test_columns_have_the_names_that_tools_give_them(self, case, tmp_path, head) -> None:
        added = taken_in(case, tmp_path, f"{head}\n{MD5[1].upper()};{SHA1[1]}\n")
        assert (added.format, added.entries, added.rejected) == ("csv", 2, 0)

    def test_hashdeeps_header_is_a_remark(self, case, tmp_path) -> None:
        text = (f"%%%% HASHDEEP-1.0\n%%%% size,md5,sha256,filename\n## $ hashdeep -r x\n"
                f'12,{MD5[1]},{SHA256[1]},/x/a, b "c.jpg\n')  # fmt: skip
        added = taken_in(case, tmp_path, text)
        assert (added.format, added.entries, added.rejected) == ("csv", 2, 0)
        ((record, details),) = entries(case, "record", "details")
        assert record == "line 4"
        assert json.loads(details)["filename"] == "/x/a"

    def test_a_quotation_mark_that_nobody_closes_costs_its_line(self, case, tmp_path) -> None:
        lines = [f"{MD5[n]},name {n},1" for n in range(1, 50)]
        lines[3] = f'{MD5[4]},"name 4,1'
        added = taken_in(case, tmp_path, "\n".join(["md5,name,category", *lines]))
        assert (added.records, added.rejected) == (49, 1)
        assert len(check(case, MD5[49])) == 1

    def test_a_cell_may_go_on_over_lines(self, case, tmp_path) -> None:
        text = f'md5,comment,category\n{MD5[1]},"two\nlines, ""here""",B1\n{MD5[2]},x,B2\n'
        assert taken_in(case, tmp_path, text).rejected == 0
        assert entries(case, "record", "md5", "category") == [
            ("line 2", MD5[1], "B1"), ("line 4", MD5[2], "B2"),
        ]  # fmt: skip

    def test_columns_of_one_name_all_count(self, case, tmp_path) -> None:
        added = taken_in(case, tmp_path, f"md5,md5,sha1\n{MD5[1]},{MD5[2]},{SHA1[1]}\n")
        assert (added.records, added.entries) == (1, 3)
        assert entries(case, "record", "md5") == [("line 2", MD5[1]), ("line 2/2", MD5[2])]

    def test_what_stands_beyond_the_header_is_kept(self, case, tmp_path) -> None:
        taken_in(case, tmp_path, f"md5\n{MD5[1]},x,y\n".replace("md5\n", "md5,a\n"))
        ((details,),) = entries(case, "details")
        assert json.loads(details) == {"a": "x", "beyond the header": "y"}

    def test_an_overlong_line_is_told_and_the_next_is_read(self, case, tmp_path) -> None:
        text = f"md5,name\n{MD5[1]},{'x' * (3 << 20)}\n{MD5[2]},y\n"
        added = taken_in(case, tmp_path, text)
        assert (added.records, added.rejected) == (2, 1)

    @pytest.mark.parametrize(("code", "country", "told"), [
        ("2", "", "s 1: 2"), ("1.0", "", "s 1: 1.0"), ("-1", "", "s 1: -1"), ("B1", "", "B1"),
        ("2", "ES", "s 1 ES: 2"), ("B1", "UK", "s 1 UK: B1"),
    ])  # fmt: skip
    def test_a_code_never_stands_alone(self, case, tmp_path, code, country, told) -> None:
        taken_in(case, tmp_path, f"md5,category,country\n{MD5[1]},{code},{country}\n")
        assert entries(case, "category") == [(told,)]


class TestVics:
    def test_members_of_one_name_are_all_told(self, case, tmp_path) -> None:
        text = vics({"MD5": MD5[1]}).replace(
            f'"MD5": "{MD5[1]}"',
            f'"MD5": "{MD5[1]}", "MD5": "{MD5[2]}", "Category": 1, "Category": 2',
        )
        added = taken_in(case, tmp_path, text)
        assert (added.records, added.entries, added.rejected) == (1, 2, 1)
        assert entries(case, "md5", "category") == [(MD5[1], None), (MD5[2], None)]

    def test_every_alternative_hash_counts_and_no_other_is_lost(self, case, tmp_path) -> None:
        values = [bytes([n]) * 144 for n in (1, 2)]
        other = [
            *({"HashName": "PhotoDNA", "HashValue": base64.b64encode(v).decode()} for v in values),
            {"HashName": "PDQ", "HashValue": SHA256[5]},
            {"HashName": "PDQQuality", "HashValue": "77"},
            {"HashName": "PDQ", "HashValue": SHA256[6]}, {"HashName": "SHA512", "HashValue": "ab"},
        ]  # fmt: skip
        added = taken_in(case, tmp_path, vics({"MD5": MD5[1], "AlternativeHashes": other}))
        assert (added.records, added.entries, added.rejected) == (1, 5, 0)
        assert entries(case, "pdq", "pdq_quality", "photodna") == [
            (SHA256[5], 77, values[0].hex()), (SHA256[6], None, values[1].hex()),
        ]  # fmt: skip
        details = json.loads(entries(case, "details")[0][0])
        assert details == {"AlternativeHashes": [{"HashName": "SHA512", "HashValue": "ab"}]}

    @pytest.mark.parametrize("broken", ['"Tags": ["x"]', '"Tags": ["x"}', '"Tags": ["x"]]}'])
    def test_a_bracket_that_is_wrong_costs_its_record(self, case, tmp_path, broken) -> None:
        media = [{"MediaID": n, "MD5": MD5[n], "Tags": ["x"]} for n in range(1, 8)]
        whole = json.dumps(media[2])
        text = vics(*media).replace(whole, whole.replace('"Tags": ["x"]}', broken))
        added = taken_in(case, tmp_path, text)
        assert (added.records, added.rejected) == (6, 1)

    def test_a_text_beyond_all_measure_costs_its_record(self) -> None:
        media = [{"MediaID": n, "MD5": MD5[n]} for n in range(1, 5)]
        media[1]["Miniature"] = "A" * (40 << 20)
        text = vics(*media).encode()
        found = list(Splitter(text[n : n + (1 << 20)] for n in range(0, len(text), 1 << 20)))
        assert [json.loads(r.text)["MediaID"] for r in found if not r.broken] == [1, 3, 4]

    @pytest.mark.parametrize(("given", "code"), [
        ('""', None), ('" 1 "', "1"), ("2.0", "2.0"), ("-1", "-1"), ("null", None),
    ])  # fmt: skip
    def test_a_category_is_as_it_is_written(self, case, tmp_path, given, code) -> None:
        text = vics({"MD5": MD5[1], "Category": "@"}).replace('"@"', given)
        assert taken_in(case, tmp_path, text).rejected == 0
        assert entries(case, "code", "category") == [(code, code and f"VICS US 2.0: {code}")]

    @pytest.mark.parametrize("restricted", [False, True])
    def test_a_photodna_value_can_be_asked_for(self, case, tmp_path, restricted) -> None:
        value = bytes(range(144))
        medium = {"MediaID": 77, "PhotoDNA": base64.b64encode(value).decode(), "Series": "S"}
        taken_in(case, tmp_path, vics(medium), restricted=restricted)
        for asked in (value.hex(), medium["PhotoDNA"]):
            ((row),) = check(case, asked)
            assert (row["algorithm"], row["record"], row["withdrawn"]) == (
                "photodna", "value/0", False,
            )  # fmt: skip
            assert ("77" in row.values()) is not restricted
        assert check(case, bytes(144).hex()) == []
        with pytest.raises(UsageError, match="no file and no hash"):
            check(case, "x" * 5000)

    def test_half_a_character_costs_its_record(self, case, tmp_path) -> None:
        text = vics({"MD5": MD5[1], "X": "@", "M": [{"MD5": MD5[1]}]}, {"MD5": MD5[2]})
        added = taken_in(case, tmp_path, text.replace("@", "\\ud800"))
        assert (added.records, added.rejected) == (1, 1)


class TestNcmec:
    def test_several_fingerprints_of_a_medium_all_count(self, case, tmp_path) -> None:
        three = f"<md5>{MD5[1]}</md5><md5>{MD5[2]}</md5><sha1>{SHA1[1]}</sha1>"
        added = taken_in(case, tmp_path, page(image(1, three)))
        assert (added.records, added.entries) == (1, 3)
        assert {m for (m,) in entries(case, "medium")} == {"42/image/1"}

    def test_pages_may_stand_one_after_another(self, case, tmp_path) -> None:
        pages = page(image(1), following="/a") + page(image(2), following="/b") + page(image(3))
        added = taken_in(case, tmp_path, pages)
        assert (added.records, added.rejected, added.note) == (3, 0, None)
        assert [r for (r,) in entries(case, "record")] == ["line 2", "line 4", "line 6"]

    def test_media_in_one_line_are_told_apart(self, case, tmp_path) -> None:
        taken_in(case, tmp_path, page(*(image(n) for n in range(1, 5))))
        assert [r for (r,) in entries(case, "record")] == [
            "line 2", "line 2:2", "line 2:3", "line 2:4",
        ]  # fmt: skip

    def test_an_encoding_that_nobody_knows_is_told(self, case, tmp_path) -> None:
        with pytest.raises(UsageError, match="unknown encoding"):
            taken_in(case, tmp_path, page(image(1)).replace("UTF-8", "UTX-8"))

    def test_a_page_that_is_missing_is_told(self, case, tmp_path) -> None:
        added = taken_in(case, tmp_path, page(image(1), following="/v2/entries?start=2"))
        assert (added.records, added.rejected) == (1, 0)
        assert "/v2/entries?start=2" in added.note

    @pytest.mark.parametrize(("day", "gone"), [(1, True), (2, True), (3, False)])
    def test_what_is_listed_again_later_counts(self, case, tmp_path, day, gone) -> None:
        taken_in(case, tmp_path, page(image(1, day=day), tombstone(1, 2)))
        assert check(case, MD5[1])[0]["withdrawn"] is gone

    def test_a_deletion_reaches_a_version_that_was_taken_out_and_in(self, case, tmp_path) -> None:
        taken_in(case, tmp_path, page(image(1), image(2)), version="1")
        taken_in(case, tmp_path, page(image(3), tombstone(1, 2)), version="2")
        remove(case, "s", "1", "by mistake")
        taken_in(case, tmp_path, page(image(1), image(2)), version="1")
        assert check(case, MD5[1])[0]["withdrawn"]
        assert [r["number"] for r in case.rows("FROM hash_sets ORDER BY version")] == [1, 2]
