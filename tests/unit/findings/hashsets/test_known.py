"""Sets of every format: what is in them is taken in, and what can't be read is kept and counted."""

from __future__ import annotations

import base64
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time

import duckdb
import pytest

from clew.casefile import Case
from clew.casefile.verify import verify
from clew.errors import UsageError
from clew.findings.hashsets import Source, add, known_sets, remove
from clew.findings.hashsets.lookup import check
from clew.formats.json_records import Splitter
from clew.records import SetKind

CONTEXT = "http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/US/$metadata#Media"
MD5 = [f"{n:032x}" for n in range(40)]


def source(name: str = "s", version: str = "1", **more) -> Source:
    return Source(name=name, version=version, kind=SetKind.KNOWN, **more)


def add_text(case: Case, tmp_path, text: str | bytes, **more):
    file = tmp_path / f"set-{more.get('name', 's')}-{more.get('version', '1')}"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return add(case, file, source(**more))


def entries(case: Case, name: str = "s") -> list[dict]:
    return case.rows("FROM known_hashes WHERE set = $name ORDER BY record", name=name)


def quarantine(case: Case, scope: str = "s@1") -> list[dict]:
    text = (case.folder / "hashsets" / scope / "quarantine.ndjson").read_text()
    return [json.loads(line) for line in text.splitlines()]


def vics(*media: dict, **more) -> str:
    return json.dumps({"@odata.context": CONTEXT, "value": list(media), **more}, indent=1)


class TestVics:
    def test_a_category_is_never_a_bare_number(self, case, tmp_path) -> None:
        media = ({"MediaID": 1, "Category": 0, "MD5": MD5[1]},
                 {"MediaID": 1, "Category": None, "MD5": MD5[2].upper()},
                 {"MediaID": 2, "Category": "1", "MD5": MD5[1]})  # fmt: skip
        added = add_text(case, tmp_path, vics(*media))
        assert (added.format, added.records, added.rejected) == ("vics", 3, 0)
        first, second, third = entries(case)
        assert (first["scheme"], first["country"], first["scheme_version"], first["code"]) == (
            "VICS", "US", "2.0", "0",
        )  # fmt: skip
        assert first["category"] == "VICS US 2.0: 0"
        assert (second["category"], second["code"], second["md5"]) == (None, None, MD5[2])
        assert (third["category"], third["md5"]) == ("VICS US 2.0: 1", MD5[1])

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-8"])
    def test_any_byte_order_mark_is_read(self, case, tmp_path, encoding) -> None:
        text = vics({"MD5": MD5[1], "Series": 'é ] } \\ " ,{'})
        added = add_text(case, tmp_path, text.encode(encoding))
        assert (added.format, added.records, added.rejected) == ("vics", 1, 0)

    @pytest.mark.parametrize("indent", [None, 1])
    def test_a_broken_record_costs_itself(self, case, tmp_path, indent) -> None:
        media = [{"MediaID": n, "MD5": MD5[n], "IsSuspected": "true", "MediaFiles": [
            {"MD5": MD5[n], "FileName": f"a{n}.jpg"}]} for n in range(9)]  # fmt: skip
        text = json.dumps({"@odata.context": CONTEXT, "value": media}, indent=indent)
        parts = text.split('"true"')
        broken = '"true"'.join(parts[:4]) + '"true""' + '"true"'.join(parts[4:])
        added = add_text(case, tmp_path, broken)
        assert (added.records, added.rejected) == (8, 1)
        assert [e["md5"] for e in entries(case)] == [MD5[n] for n in range(9) if n != 3]
        (kept,) = quarantine(case)
        assert kept["record"].startswith("value/3 (byte ")
        assert MD5[3] in kept["text"]

    def test_what_is_no_hash_and_what_has_none_is_told(self, case, tmp_path) -> None:
        media = ({"MediaID": 1, "MD5": "xyz", "SHA1": "a" * 40}, {"MediaID": 2}, {"MD5": ""})
        added = add_text(case, tmp_path, vics(*media))
        assert (added.records, added.rejected) == (1, 3)
        assert [k["record"].partition(" ")[0] for k in quarantine(case)] == [
            "value/0", "value/1", "value/2",
        ]  # fmt: skip

    def test_a_torn_file_gives_what_is_whole(self, case, tmp_path) -> None:
        text = vics(*({"MediaID": n, "MD5": MD5[n]} for n in range(5)))
        added = add_text(case, tmp_path, text[: text.index(MD5[4]) + 5])
        assert (added.records, added.rejected) == (4, 2)

    def test_media_of_a_case_are_read_and_the_case_is_no_record(self, case, tmp_path) -> None:
        media = [{"MediaID": 1, "MD5": MD5[1], "Exifs": [{"PropertyName": "x"}]}, {"MD5": MD5[2]}]
        held = {"CaseID": "{1}", "TotalMediaFiles": 999, "Media": media, "CaseNumber": "x"}
        text = json.dumps(
            {"@odata.context": CONTEXT.replace("Media", "Cases"), "value": [held] * 2}
        )
        added = add_text(case, tmp_path, text)
        assert (added.records, added.rejected) == (4, 0)

    def test_alternative_hashes_and_photodna_are_carried(self, case, tmp_path) -> None:
        value = bytes(range(144))
        other = [{"HashName": "PhotoDNA", "HashValue": base64.b64encode(value).decode()},
                 {"HashName": "SHA256", "HashValue": "B" * 64},
                 {"HashName": "PDQ", "HashValue": "c" * 64}]  # fmt: skip
        add_text(case, tmp_path, vics({"MD5": MD5[1], "AlternativeHashes": other}))
        (entry,) = entries(case)
        assert entry["photodna"] == value.hex()
        assert (entry["sha256"], entry["pdq"]) == ("b" * 64, "c" * 64)

    def test_the_rest_of_a_record_stays_as_it_stands(self, case, tmp_path) -> None:
        add_text(case, tmp_path, vics({"MD5": MD5[1], "VictimIdentified": "true", "New": [1]}))
        (entry,) = entries(case)
        assert json.loads(entry["details"]) == {"VictimIdentified": "true", "New": [1]}

    def test_records_are_cut_out_whatever_the_size_of_a_chunk(self) -> None:
        text = vics(
            *({"MediaID": n, "T": '{"a": [\\', "M": [{"x": {}}]} for n in range(20))
        ).encode()
        whole = [r.text for r in Splitter([text])]
        assert [json.loads(r)["MediaID"] for r in whole] == list(range(20))
        for size in (1, 7, 64):
            chunks = [text[n : n + size] for n in range(0, len(text), size)]
            assert [r.text for r in Splitter(chunks)] == whole


class TestOtherFormats:
    def test_caid_has_its_own_scheme(self, case, tmp_path) -> None:
        text = json.dumps({"odata.metadata": "http://x/DataModels/1.2.xml#Media",
                           "value": [{"MD5": MD5[1], "Category": 1}]})  # fmt: skip
        added = add_text(case, tmp_path, text, country="UK")
        assert added.format == "caid"
        assert entries(case)[0]["category"] == "CAID UK 1.2: 1"

    def test_icse_keeps_flags_and_numbers(self, case, tmp_path) -> None:
        head = "MD5;SHA1;PhotoDNA;Image ID;Is distributed;Series name;Baseline"
        text = f"{head}\n{MD5[1]};;;7;y;A;Yes\nnonsense;;;8;n;;No\n"
        added = add_text(case, tmp_path, text)
        assert (added.format, added.records, added.rejected) == ("icse", 1, 1)
        (entry,) = entries(case)
        assert (entry["medium"], entry["code"]) == ("7", "Baseline=Yes")
        assert json.loads(entry["details"]) == {"is distributed": "y", "series name": "A"}

    def test_nsrl_is_read_from_its_table_or_view(self, case, tmp_path) -> None:
        file = tmp_path / "rds.db"
        with sqlite3.connect(file) as database:
            database.executescript(
                "CREATE TABLE METADATA (sha256, sha1, md5, file_name, package_id);"
                f"INSERT INTO METADATA VALUES ('{'A' * 64}', '{'B' * 40}', '{'C' * 32}', 'x', 1),"
                "(NULL, NULL, 'broken', 'y', 2);"
                "CREATE VIEW FILE AS SELECT * FROM METADATA;"
            )
        added = add(case, file, source())
        assert (added.format, added.records, added.rejected) == ("nsrl", 1, 1)
        assert entries(case)[0]["md5"] == "c" * 32

    def test_another_database_is_refused(self, case, tmp_path) -> None:
        file = tmp_path / "other.db"
        with sqlite3.connect(file) as database:
            database.execute("CREATE TABLE x (y)")
        with pytest.raises(UsageError, match="without NSRL's table FILE"):
            add(case, file, source())
        assert case.rows("FROM hash_sets") == []

    def test_a_list_of_fingerprints_has_to_be_called_one(self, case, tmp_path) -> None:
        add_text(case, tmp_path, "a" * 64 + "\n")
        add_text(case, tmp_path, "a" * 64 + "\n", name="p", format="pdq-list")
        assert entries(case)[0]["sha256"] == "a" * 64
        assert entries(case, "p")[0]["pdq"] == "a" * 64

    def test_a_number_as_category_of_a_list_is_told_with_its_set(self, case, tmp_path) -> None:
        add_text(case, tmp_path, f"md5,category\n{MD5[1]},2\n{MD5[2]},B1\n")
        assert [e["category"] for e in entries(case)] == ["s 1: 2", "B1"]


NCMEC = """<?xml version="1.0" encoding="UTF-8"?>
<queryResult xmlns="https://hashsharing.ncmec.org/hashsharing/v2"><images>{0}</images></queryResult>
"""


def image(number: str, md5: str, more: str = "") -> str:
    return (f'<image><member id="42">M</member><timestamp>2024-01-01T00:00:00Z</timestamp>'
            f"<id>{number}</id><classification>A1</classification>"
            f"<fingerprints><md5>{md5}</md5></fingerprints>{more}</image>")  # fmt: skip


def tombstone(number: str) -> str:
    return f'<deletedImage><member id="42">M</member><id>{number}</id></deletedImage>'


class TestNcmec:
    def test_feedback_is_counted_by_member(self, case, tmp_path) -> None:
        members = '<members><member id="1">A</member><member id="2">B</member></members>'
        feedback = (f'<feedback><negativeFeedback type="Md5"><reasons><reason name="x"/>{members}'
                    '</reasons></negativeFeedback><affirmativeFeedback type="Md5"><members>'
                    '<member id="3">C</member></members></affirmativeFeedback>'
                    "</feedback>")  # fmt: skip
        added = add_text(case, tmp_path, NCMEC.format(image("1", MD5[1], feedback)))
        assert added.format == "ncmec"
        (entry,) = entries(case)
        assert (entry["disputed"], entry["category"]) == (2, "NCMEC US 2: A1")
        assert json.loads(entry["details"])["affirmed"] == 1
        assert entry["medium"] == "42/image/1"

    def test_a_newer_version_withdraws_what_an_older_one_lists(self, case, tmp_path) -> None:
        both = image("1", MD5[1]) + image("2", MD5[2])
        add_text(case, tmp_path, NCMEC.format(both), version="1")
        assert not check(case, MD5[1])[0]["withdrawn"]
        added = add_text(case, tmp_path, NCMEC.format(tombstone("1")), version="2")
        assert (added.entries, added.deletions) == (0, 1)
        assert check(case, MD5[1])[0]["withdrawn"]
        assert not check(case, MD5[2])[0]["withdrawn"]

    def test_an_older_deletion_withdraws_nothing_newer(self, case, tmp_path) -> None:
        add_text(case, tmp_path, NCMEC.format(image("2", MD5[2]) + tombstone("1")), version="1")
        add_text(case, tmp_path, NCMEC.format(image("1", MD5[1])), version="2")
        assert not check(case, MD5[1])[0]["withdrawn"]

    def test_entities_are_refused_before_they_grow(self, case, tmp_path) -> None:
        bomb = '<!DOCTYPE x [<!ENTITY a "aaaa">]>'
        text = NCMEC.format(image("1", MD5[1])).replace("<queryResult", bomb + "<queryResult")
        with pytest.raises(UsageError, match="no hash"):
            add_text(case, tmp_path, text)

    def test_broken_xml_gives_what_came_before(self, case, tmp_path) -> None:
        text = NCMEC.format(image("1", MD5[1]) + "<image></oops>")
        added = add_text(case, tmp_path, text)
        assert (added.records, added.rejected) == (1, 1)
        assert "can't be read" in quarantine(case)[0]["reason"]


class TestKeeping:
    def test_one_hash_in_several_records_gives_all_of_them(self, case, tmp_path) -> None:
        add_text(case, tmp_path, vics(*({"MediaID": n, "MD5": MD5[1]} for n in range(3))))
        assert len(check(case, MD5[1])) == 3

    def test_a_version_is_never_changed_and_versions_stand_apart(self, case, tmp_path) -> None:
        add_text(case, tmp_path, MD5[1])
        with pytest.raises(UsageError, match="with this content"):
            add_text(case, tmp_path, MD5[1])
        with pytest.raises(UsageError, match="other content"):
            add_text(case, tmp_path, MD5[2])
        add_text(case, tmp_path, MD5[2], version="2")
        assert [(s.set, s.version) for s in known_sets(case)] == [("s", "1"), ("s", "2")]

    def test_a_set_without_a_hash_leaves_nothing_behind(self, case, tmp_path) -> None:
        with pytest.raises(UsageError, match="no hash"):
            add_text(case, tmp_path, "hello\n")
        assert not list(case.folder.glob("hashsets/*"))
        assert all(e["action"] != "hash set taken in" for e in log(case))

    def test_where_it_came_from_is_kept(self, case, tmp_path) -> None:
        add_text(case, tmp_path, f"{MD5[1]}\nnonsense\n", received_from="Agency X")
        (row,) = case.rows("FROM hash_sets")
        assert row["received_from"] == "Agency X"
        assert row["added_by"]
        assert (row["records"], row["entries"], row["rejected"]) == (1, 1, 1)
        assert quarantine(case) == [{"record": "line 2", "reason": "no hash", "text": "nonsense"}]
        assert [one for one in verify(case) if one.is_problem] == []

    def test_a_changed_index_is_found(self, case, tmp_path) -> None:
        add_text(case, tmp_path, MD5[1])
        file = case.folder / "hashsets" / "s@1" / "md5.bin"
        file.write_bytes(b"x" * 16)
        assert any("md5.bin" in one.text for one in verify(case) if one.is_problem)

    def test_removing_is_for_a_reason_and_logged(self, case, tmp_path) -> None:
        add_text(case, tmp_path, MD5[1])
        with pytest.raises(UsageError, match="for a reason"):
            remove(case, "s", "1", " ")
        with pytest.raises(UsageError, match="no set"):
            remove(case, "s", "2", "x")
        remove(case, "s", "1", "recalled")
        assert case.rows("FROM hash_sets") == case.rows("FROM known_hashes") == []
        assert check(case, MD5[1]) == []
        assert [e["action"] for e in log(case)[-2:]] == ["hash set removed", "step withdrawn"]
        add_text(case, tmp_path, MD5[2])
        assert case.rows("SELECT md5 FROM known_hashes") == [{"md5": MD5[2]}]

    def test_a_killed_add_leaves_no_half_set(self, case, tmp_path) -> None:
        file = tmp_path / "large"
        file.write_text("".join(f"{n:032x}\n" for n in range(150_000)))
        code = "from clew.cli import main; main()"
        command = [sys.executable, "-c", code, "hashset", "add", str(case.folder), str(file),
                   "--name", "s", "--version", "1", "--kind", "known"]  # fmt: skip
        adding = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        until = time.monotonic() + 60
        while not list(case.folder.glob("hashsets/.tmp-*/*")) and time.monotonic() < until:
            time.sleep(0.01)
        os.kill(adding.pid, signal.SIGKILL)
        adding.wait()
        case.refresh()
        assert case.rows("FROM hash_sets") == []
        with case.writing():
            add(case, file, source())
        assert case.rows("SELECT count(*) AS n FROM known_hashes") == [{"n": 150_000}]
        assert not list(case.folder.glob("hashsets/.tmp-*"))


class TestRestricted:
    SECRET = MD5[33]

    @pytest.fixture
    def secret(self, case, tmp_path) -> Case:
        text = vics({"MediaID": 9, "MD5": self.SECRET, "SHA1": "d" * 40, "Series": "hidden"})
        add_text(case, tmp_path, text, restricted=True)
        return case

    def test_it_is_matched(self, secret) -> None:
        (row,) = check(secret, self.SECRET)
        assert row["restricted"]
        assert not {"sha1", "md5", "details", "medium"} & set(row)
        assert "d" * 40 not in repr(row)

    def test_no_table_and_no_query_reaches_it(self, secret) -> None:
        assert secret.rows("FROM known_hashes") == []
        file = secret.folder.absolute() / "restricted" / "s@1" / "known_hashes.parquet"
        assert file.is_file()
        with pytest.raises(duckdb.Error):
            secret.rows(f"FROM read_parquet('{file}')")
        with pytest.raises(duckdb.Error):
            secret.rows(f"FROM read_blob('{file.parent}/md5.bin')")

    def test_the_log_and_the_record_of_the_step_hold_none_of_it(self, secret) -> None:
        assert self.SECRET not in json.dumps(log(secret), default=str)
        for file in (secret.folder / "done").rglob("*.json"):
            assert self.SECRET not in file.read_text()


def log(case: Case) -> list[dict]:
    return [entry.content for entry in case.custody.entries()]


class TestFixtures:
    @pytest.mark.parametrize(
        ("name", "records"),
        [("vics/vics13_hashset.json", 3), ("vics/vics20_case_min.json", 3),
         ("vics/vics20_case_quirks_bom.json", 5), ("vics/vics20_hashset.json", 8),
         ("icse/icse_export_2022_shape.csv", 4), ("icse/icse_export_iped_shape.csv", 3)],
    )  # fmt: skip
    def test_others_examples_are_read_whole(self, fixtures, case, name, records) -> None:
        added = add(case, fixtures / "exchange" / name, source())
        assert (added.records, added.rejected) == (records, 0)
