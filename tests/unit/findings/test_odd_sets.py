"""Sets as tools and accidents leave them: nothing of them is lost, and nothing is made up."""

from __future__ import annotations

import base64
import contextlib
import gzip
import io
import json
import os
import random
import stat

import duckdb
import pytest

from clew.casefile import Case
from clew.casefile.engine import Progress
from clew.casefile.verify import verify
from clew.errors import UsageError
from clew.findings.hashsets import FORMATS, Source, add, remove
from clew.findings.hashsets.entries import Reading
from clew.findings.hashsets.lookup import check
from clew.findings.hashsets.sniff import format_of
from clew.findings.hashsets.splitting import Splitter
from clew.records.findings import SetKind
from clew.validation.rederive import concluded_anew

CONTEXT = "http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/US/$metadata#Media"
MD5 = [f"{n:032x}" for n in range(60)]
SHA1 = [f"{n:040x}" for n in range(60)]
SHA256 = [f"{n:064x}" for n in range(60)]


def taken_in(case: Case, tmp_path, text: str | bytes, version: str = "1", **more):
    file = tmp_path / f"given-{version}"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return add(case, file, Source(name="s", version=version, kind=SetKind.KNOWN, **more))


def entries(case: Case, *columns: str) -> list[tuple]:
    return [
        tuple(row[c] for c in columns)
        for row in case.rows("FROM known_hashes ORDER BY length(record), record")
    ]


def vics(*media: dict) -> str:
    return json.dumps({"@odata.context": CONTEXT, "value": list(media)})


class TestLists:
    @pytest.mark.parametrize("line", [
        f"{MD5[1]} *a, b.jpg", f"\\{MD5[1]} *new\\nline", f"MD5 (a (1).jpg) = {MD5[1]}",
        f"MD5(a)= {MD5[1].upper()}", f'"{MD5[1]}"', f"  {MD5[1]}\t", f"0x{MD5[1]}",
    ])  # fmt: skip
    def test_a_line_gives_its_digest(self, case, tmp_path, line) -> None:
        added = taken_in(case, tmp_path, f"# made by hand\r\n; note\r\n\r\n{line}\r\n")
        assert (added.format, added.records, added.rejected) == ("list", 1, 0)
        assert entries(case, "md5") == [(MD5[1],)]

    @pytest.mark.parametrize("separator", [",", ";", "\t", " | "])
    def test_several_digests_of_a_line_are_one_files(self, case, tmp_path, separator) -> None:
        line = separator.join((MD5[1], SHA1[2], SHA256[3], "name.jpg"))
        added = taken_in(case, tmp_path, f"{line}\n")
        assert (added.records, added.entries) == (1, 3)
        assert entries(case, "md5", "sha1", "sha256") == [(MD5[1], SHA1[2], SHA256[3])]

    def test_a_file_named_after_a_hash_is_not_taken_for_one(self, case, tmp_path) -> None:
        added = taken_in(case, tmp_path, f"{MD5[1]}  {SHA1[2]}\n")
        assert added.entries == 1

    @pytest.mark.parametrize(
        "line", [f"{SHA256[1]},88,a.jpg", f"{SHA256[1]} 88", f"{SHA256[1]}\t88"]
    )
    def test_the_quality_of_a_fingerprint_is_read(self, case, tmp_path, line) -> None:
        taken_in(case, tmp_path, f"{line}\n{SHA256[2]}\n", format="pdq-list")
        assert entries(case, "pdq", "pdq_quality") == [(SHA256[1], 88), (SHA256[2], None)]

    def test_frames_of_a_video_are_one_medium(self, case, tmp_path) -> None:
        added = taken_in(case, tmp_path, f"0,100,{SHA256[1]},0.000\n30,99,{SHA256[2]},1.001\n")
        assert added.format == "pdq-list"
        assert entries(case, "pdq", "pdq_quality", "medium", "at_ms") == [
            (SHA256[1], 100, "1", 0), (SHA256[2], 99, "1", 1001),
        ]  # fmt: skip

    @pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
    def test_text_is_read_in_any_encoding(self, case, tmp_path, encoding) -> None:
        added = taken_in(case, tmp_path, f"{MD5[1]}\r\n{MD5[2]}\r\n".encode(encoding))
        assert (added.records, added.rejected) == (2, 0)


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


def page(*media: str, following: str = "") -> str:
    paging = f"<paging><next>{following}</next></paging>" if following else ""
    return (f'<?xml version="1.0" encoding="UTF-8"?>\n<queryResult xmlns="https://hashsharing">'
            f"<images>{''.join(media)}</images>{paging}</queryResult>\n")  # fmt: skip


def image(number: int, fingerprints: str = "", day: int = 1) -> str:
    return (f'<image><member id="42">M</member><timestamp>2024-01-{day:02}T00:00:00Z</timestamp>'
            f"<id>{number}</id><fingerprints>{fingerprints or f'<md5>{MD5[number]}</md5>'}"
            "</fingerprints></image>")  # fmt: skip


def tombstone(number: int, day: int) -> str:
    return (f'<deletedImage><member id="42">M</member><id>{number}</id>'
            f"<timestamp>2024-01-{day:02}T00:00:00Z</timestamp></deletedImage>")  # fmt: skip


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


class TestRefusing:
    @pytest.mark.parametrize(("content", "told"), [
        (gzip.compress(b"x"), "gzip"), (b"PK\x03\x04" + bytes(50), "ZIP"),
        (b"HASH\r\n\xff\x00" + bytes(50), "EnCase"), (b"", "empty"), (b" \r\n", "empty"),
        (f"INSERT INTO FILE(md5) VALUES('{MD5[1]}');".encode(), "SQL"), (bytes(90), "no hash"),
        (b"\x89PNG\r\n" + bytes(range(256)) * 9, "no hash"), (b"md5,category\n", "no hash"),
    ])  # fmt: skip
    def test_what_is_no_set_is_named(self, case, tmp_path, content, told) -> None:
        with pytest.raises(UsageError, match=told):
            taken_in(case, tmp_path, content)
        assert case.rows("FROM hash_sets") == []
        assert not list((case.folder / "hashsets").glob("*"))

    def test_a_wrong_format_says_what_is_wrong(self, case, tmp_path) -> None:
        with pytest.raises(UsageError, match=r"read as ncmec \(line 1: .*syntax error"):
            taken_in(case, tmp_path, f"{MD5[1]}\n", format="ncmec")

    @pytest.mark.parametrize("name", ["../x", "x/y", "", " x", "x" * 65, ".x", "ä", "a@b", "x\n"])
    def test_a_name_that_is_no_folders_is_refused(self, case, tmp_path, name) -> None:
        file = tmp_path / "f"
        file.write_text(MD5[1])
        with pytest.raises(UsageError, match="can't be the name"):
            add(case, file, Source(name=name, version="1", kind=SetKind.KNOWN))

    def test_a_name_that_is_no_text_is_written_out(self, case, tmp_path) -> None:
        file = tmp_path / os.fsdecode(b"\xff.csv")
        file.write_text(f"md5,category\n{MD5[1]},2\n")
        given = Source(name="s", version="1", kind=SetKind.KNOWN, country=os.fsdecode(b"\xfe"),
                       received_from=os.fsdecode(b"\xfd"))  # fmt: skip
        added = add(case, file, given)
        assert (added.source_name, added.received_from) == ("\\xff.csv", "\\xfd")
        assert entries(case, "category") == [("s 1 \\xfe: 2",)]


class TestMutations:
    WHOLE = (
        vics({"MediaID": 1, "MD5": MD5[1], "Category": 1, "AlternativeHashes": [
            {"HashName": "PDQ", "HashValue": SHA256[5]},
            {"HashName": "PDQQuality", "HashValue": "77"}]}, {"MediaID": 2, "MD5": MD5[2]}),
        page(image(1), tombstone(1, 2), following="/a") + page(image(2)),
        f'md5,pdq,pdq_quality,at_ms,category\n{MD5[1]},{SHA256[1]},9,1000,"a ""b"""\n',
        f"0,100,{SHA256[1]},0.000\n30,99,{SHA256[2]},1.001\n",
        f"MD5 (a) = {MD5[1]}\n{MD5[2]} *x\n{MD5[3]},{SHA1[3]}\n",
    )  # fmt: skip
    TOKENS = ('"', "{", "}", "[", "]", ",", "\n", "\0", "\\", "<", ">", "9" * 400, "\\ud800", ";",
              "\ufeff", "-1", "1e999", "\t", "<![CDATA[", '"Category":')  # fmt: skip

    @pytest.mark.parametrize("seed", range(len(WHOLE)))
    def test_no_accident_to_a_file_breaks_more_than_the_file(self, tmp_path, seed) -> None:
        """Whatever is cut out, put in or written over, it is read or refused in words."""
        chance = random.Random(seed)
        for _ in range(150):
            text = self.WHOLE[seed]
            for _ in range(chance.randint(1, 4)):
                at, more = chance.randrange(len(text)), chance.randint(0, 30)
                text = text[:at] + chance.choice(("", *self.TOKENS)) + text[at + more :]
            file = tmp_path / "given"
            file.write_text(text, errors="surrogatepass")
            with contextlib.suppress(UsageError):
                form = format_of(file, None, FORMATS)
                read = list(form.read(Reading(file, io.BytesIO(), Progress())))
                assert len({entry.record for entry in read}) == len(read)
                for entry in read:
                    assert entry.hashes or entry.deleted
                    assert -1 << 63 <= (entry.at_ms or 0) < 1 << 63
                    assert (entry.pdq_quality or 0) < 1 << 63


class TestOnDisk:
    def test_a_restricted_set_is_its_owners_alone(self, case, tmp_path) -> None:
        taken_in(case, tmp_path, f"{MD5[1]}\n", version="1")
        taken_in(case, tmp_path, f"{MD5[2]}\n", version="2", restricted=True)
        for home, version, folder, file in (
            ("hashsets", "1", 0o750, 0o640), ("restricted", "2", 0o700, 0o600),
        ):  # fmt: skip
            at = case.folder / home / f"s@{version}"
            assert stat.S_IMODE(at.stat().st_mode) == folder
            assert {stat.S_IMODE(f.stat().st_mode) for f in at.iterdir()} == {file} | (
                {0o640} if home == "hashsets" else set()
            )
        assert stat.S_IMODE((case.folder / "restricted").stat().st_mode) == 0o700

    def test_a_scratch_copy_lies_where_no_query_reaches(self, case, tmp_path, monkeypatch) -> None:
        taken_in(case, tmp_path, f"{MD5[1]}\n", restricted=True)
        monkeypatch.setattr("clew.pipeline.conclude", lambda *_: None)
        with concluded_anew(case) as again:
            held = again.folder.absolute() / "restricted" / "s@1" / "known_hashes.parquet"
            assert held.is_file()
            with pytest.raises(duckdb.Error):
                case.rows(f"FROM read_parquet('{held}')")
        assert not held.exists()

    def test_an_open_copy_of_a_restricted_set_does_not_stay(
        self, case, tmp_path, monkeypatch
    ) -> None:
        with monkeypatch.context() as killed:
            killed.setattr(case, "publish", lambda *_: 1 / 0)  # before its manifest is written
            with pytest.raises(ZeroDivisionError):
                taken_in(case, tmp_path, f"{MD5[1]}\n")
        assert [one for one in verify(case) if one.is_problem] == []
        taken_in(case, tmp_path, f"{MD5[1]}\n", restricted=True)
        assert not (case.folder / "hashsets" / "s@1" / "known_hashes.parquet").exists()

    def test_what_can_not_be_removed_is_told(self, case, tmp_path, monkeypatch) -> None:
        from clew.errors import MachineError

        def refuse(*_: object, **__: object) -> None:
            raise PermissionError(13, "Permission denied")

        taken_in(case, tmp_path, f"{MD5[1]}\n", restricted=True)
        monkeypatch.setattr("shutil.rmtree", refuse)
        with pytest.raises(MachineError):
            remove(case, "s", "1", "recalled")
        monkeypatch.undo()
        taken_in(case, tmp_path, f"{MD5[2]}\n", version="2")
        assert not (case.folder / "restricted" / "s@1").exists()


class TestOneSetForEachUse:
    """What a set lists as not pertinent need not count as known."""

    MEDIA = (
        {"MediaID": 1, "Category": 1, "MD5": MD5[1]},
        {"MediaID": 2, "Category": 2, "MD5": MD5[2]},
        {"MediaID": 3, "Category": 5, "MD5": MD5[3]},
        {"MediaID": 4, "Category": None, "MD5": MD5[4]},
    )

    @pytest.mark.parametrize("first", ["1", "VICS US 2.0: 1"])
    def test_only_what_is_asked_for_is_taken_in_and_the_rest_counted(
        self, case, tmp_path, first
    ) -> None:
        added = taken_in(case, tmp_path, vics(*self.MEDIA), only=(first, "2"))
        assert (added.records, added.left_out) == (2, 2)
        assert json.loads(added.categories) == {"VICS US 2.0: 1": 1, "VICS US 2.0: 2": 1}
        assert entries(case, "md5") == [(MD5[1],), (MD5[2],)]
        (row,) = case.rows("SELECT only_categories, left_out FROM hash_sets")
        assert (row["only_categories"], row["left_out"]) == ([first, "2"], 2)

    def test_without_a_choice_all_are_taken_in_and_told_by_category(self, case, tmp_path) -> None:
        added = taken_in(case, tmp_path, vics(*self.MEDIA))
        assert (added.records, added.left_out) == (4, 0)
        assert sum(json.loads(added.categories).values()) == 3

    def test_a_choice_that_leaves_nothing_says_what_there_is(self, case, tmp_path) -> None:
        with pytest.raises(UsageError, match=r"no entry of .* has a category of 9") as refused:
            taken_in(case, tmp_path, vics(*self.MEDIA), only=("9",))
        assert "'VICS US 2.0: 5'" in str(refused.value.do)
        assert case.rows("FROM hash_sets") == []

    def test_the_two_parts_of_a_set_stand_side_by_side(self, case, tmp_path) -> None:
        file = tmp_path / "us.json"
        file.write_text(vics(*self.MEDIA))
        uses = (("in", SetKind.KNOWN, ("1", "2")), ("out", SetKind.IGNORABLE, ("5",)))
        for name, kind, only in uses:
            add(case, file, Source(name=name, version="1", kind=kind, only=only))
        known = {digest: [row["kind"] for row in check(case, digest)] for digest in MD5[1:5]}
        assert [known[digest] for digest in MD5[1:5]] == [["known"], ["known"], ["ignorable"], []]

    def test_a_deletion_is_never_left_out(self, case, tmp_path) -> None:
        page = (
            "<queryResult><images><image><member id='1'>a</member><id>7</id>"
            f"<classification>A1</classification><fingerprints><md5>{MD5[7]}</md5></fingerprints>"
            "</image><deletedImage><member id='1'>a</member><id>6</id></deletedImage></images>"
            "</queryResult>"
        )
        added = taken_in(case, tmp_path, page, only=("A1",))
        assert (added.records, added.deletions, added.left_out) == (1, 1, 0)


class TestRecordsSeenAtOnce:
    """A record that is whole is cut out at one look; whatever is odd goes the long way."""

    TOKENS = (b'"', b"{", b"}", b"[", b"]", b",", b":", b"\\", b"x", b"}]", b"},", b'"a":[{')

    def text(self, chance: random.Random) -> bytes:
        media = [
            {"MediaID": n, "MD5": MD5[n], "Tags": 'a "q" \\ [x] {y}', "Exifs": [],
             "MediaFiles": [{"MD5": MD5[n], "X": [1, {"y": []}]}], "O": {"a": {"b": {"c": 1}}}}
            for n in range(chance.randrange(1, 6))
        ]  # fmt: skip
        whole = chance.choice(
            (
                {"@odata.context": CONTEXT, "value": media},
                {"value": [{"CaseID": 1, "CaseMetadata": [{"a": 1}], "Media": media}]},
                media,
            )
        )
        spaced = chance.choice(((",", ":"), (", ", ": "), (" , ", " : ")))
        found = bytearray(
            json.dumps(whole, indent=chance.choice((None, 1)), separators=spaced).encode()
        )
        for _ in range(chance.randrange(3)):
            at = chance.randrange(len(found))
            found[at : at + chance.randrange(3)] = chance.choice((b"", *self.TOKENS))
        return bytes(found)

    @pytest.mark.parametrize("seed", range(40))
    def test_both_ways_give_the_same_records(self, seed, monkeypatch) -> None:
        chance = random.Random(seed)
        texts = [self.text(chance) for _ in range(20)]
        size = chance.choice((7, 50, 1 << 20))

        def records() -> list:
            found = []
            for text in texts:
                splitter = Splitter(text[n : n + size] for n in range(0, len(text), size))
                found.append(([*splitter], splitter.complete))
            return found

        at_once = records()
        monkeypatch.setattr(Splitter, "_whole", lambda splitter, end: None)
        assert records() == at_once
