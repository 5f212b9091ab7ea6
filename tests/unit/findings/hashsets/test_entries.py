"""Sets as tools and accidents leave them: nothing of them is lost, and nothing is made up."""

from __future__ import annotations

import gzip
import json
import os
import stat

import duckdb
import pytest
from builders.odd_sets import MD5, SHA1, SHA256, entries, taken_in, vics

from clew.casefile.verify import verify
from clew.errors import UsageError
from clew.findings.hashsets import Source, add, remove
from clew.findings.hashsets.lookup import check
from clew.records import SetKind
from clew.validation.rederive import concluded_anew


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
