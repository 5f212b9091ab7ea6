"""A case: what it refuses, and that its tables are whole or not there."""

from __future__ import annotations

import duckdb
import msgspec
import pyarrow as pa
import pytest

import clew
from clew.casefile import create_case
from clew.casefile.files import sha256_of
from clew.casefile.step_manifest import WHOLE_CASE, StepManifest
from clew.casefile.verify import verify
from clew.errors import EvidenceError, MachineError, UsageError
from clew.reading import Disclosure, disclose
from clew.records import Flag, MessagePlace, PersonRole
from clew.schema import to_arrow


def flags(*items: str):
    rows = [Flag(exhibit_id="ES-01", item_id=item, code="x") for item in items]
    return Flag, lambda: iter(to_arrow(Flag, rows).to_batches())


def test_a_case_comes_back_as_it_was_made(tmp_path) -> None:
    made = create_case(tmp_path / "c", 'Op "é" \\ \x7f', "Order 1")
    opened = clew.open(tmp_path / "c")
    assert opened.config == made.config


def test_a_folder_in_use_is_not_made_a_case(tmp_path) -> None:
    (tmp_path / "x").write_text("")
    with pytest.raises(UsageError):
        create_case(tmp_path, "t", "a")


def test_no_case_is_told(tmp_path) -> None:
    with pytest.raises(UsageError, match="no case"):
        clew.open(tmp_path)


def test_a_case_of_a_newer_version_is_refused(case) -> None:
    toml = case.folder / "case.toml"
    toml.write_text(toml.read_text().replace("format_version = 2", "format_version = 9"))
    with pytest.raises(UsageError, match="newer"):
        clew.open(case.folder)


@pytest.mark.parametrize("damage", ["", "x = [", "format_version = 2\ntitel = 'x'", "\xff"])
def test_a_damaged_case_is_told(case, damage) -> None:
    (case.folder / "case.toml").write_text(damage, encoding="latin-1")
    with pytest.raises(EvidenceError, match="damaged"):
        clew.open(case.folder)


def test_a_damaged_record_is_told(case) -> None:
    case.publish(StepManifest("intake", "ES-01", "k", ()), [flags("a")])
    (case.folder / "done/intake/ES-01.json").write_text("{")
    with pytest.raises(EvidenceError, match="damaged"):
        case.table("flags")


def problems(case) -> list[str]:
    return [one.text for one in verify(case) if one.is_problem]


def test_a_table_without_rows_is_empty_and_typed(case) -> None:
    assert pa.table(case.table("messages")).num_rows == 0
    assert case.rows("SELECT count(*) AS n FROM messages WHERE sent_at > now()") == [{"n": 0}]


def test_a_table_is_there_when_its_record_is(case) -> None:
    case.publish(StepManifest("intake", "ES-01", "k", ()), [flags("a", "b")])
    assert [r["item_id"] for r in case.rows("FROM flags ORDER BY item_id")] == ["a", "b"]
    case.withdraw("intake", "ES-01")
    assert case.rows("FROM flags") == []


def test_the_same_rows_give_the_same_bytes(case) -> None:
    first = case.publish(StepManifest("intake", "ES-01", "k", ()), [flags("a", "b")])
    again = case.publish(StepManifest("intake", "ES-01", "k", ()), [flags("a", "b")])
    assert first == again


def test_a_change_to_a_table_is_seen(case) -> None:
    done = case.publish(StepManifest("intake", "ES-01", "k", ()), [flags("a")])
    assert problems(case) == []
    file = case.folder / done.outputs[0].file
    file.write_bytes(file.read_bytes() + b"x")
    assert problems(case) == [f"{done.outputs[0].file} was changed since it was written"]
    file.unlink()
    assert "missing" in problems(case)[0]


def test_a_query_fills_a_table_by_name(case) -> None:
    query = (
        "SELECT 'p' AS person_id, 1 AS groups, 0 AS admin_of, 0 AS connected_to, 0 AS messages, "
        "0 AS shares, 0 AS known_shares, 0 AS first_shares, [$x] AS exhibits"
    )
    case.publish(
        StepManifest("roles", WHOLE_CASE, "k", ()), [case.derived(PersonRole, query, x="ES-01")]
    )
    (row,) = case.rows("FROM roles")
    assert (row["person_id"], row["exhibits"], row["country"]) == ("p", ["ES-01"], None)


def test_two_writers_are_kept_apart(case) -> None:
    with case.writing(), pytest.raises(MachineError, match="another clew"), case.writing():
        pass


def test_what_a_killed_writer_left_is_swept(case) -> None:
    left = case.folder / "facts" / ".tmp-clew-1"
    left.mkdir(parents=True)
    with case.writing():
        assert not left.exists()


@pytest.mark.parametrize(
    "statement",
    [
        "INSTALL httpfs",
        "LOAD fts",
        "SET autoinstall_known_extensions = true",
        "SELECT * FROM read_csv('/etc/hostname')",
        "SELECT * FROM 'https://example.org/x.parquet'",
        "COPY (SELECT 1) TO '/tmp/out.csv'",
        "ATTACH '/tmp/x.db'",
    ],
)
def test_the_engine_loads_nothing_and_reaches_nothing_outside_the_case(case, statement) -> None:
    with pytest.raises(duckdb.Error):
        case.engine.query(statement)


def test_an_unknown_table_is_named(case) -> None:
    with pytest.raises(UsageError, match="no table 'nope'"):
        case.table("nope")


def test_a_table_exchanged_with_its_record_is_told(case) -> None:
    done = case.publish(StepManifest("intake", "ES-01", "k", ()), [flags("a")])
    file = case.folder / done.outputs[0].file
    file.write_bytes(b"exchanged")
    output = msgspec.structs.replace(done.outputs[0], sha256=sha256_of(file))
    changed = msgspec.structs.replace(done, outputs=(output,))
    (case.folder / "done" / "intake" / "ES-01.json").write_text(changed.text)
    assert problems(case) == ["the manifest of intake for ES-01 is not the one that was logged"]


def test_a_record_of_another_step_is_told(case) -> None:
    done = case.publish(StepManifest("intake", "ES-1", "k", ()), [])
    (case.folder / "done" / "intake" / "ES-2.json").write_text(done.text)
    assert problems(case) == ["the manifest of intake for ES-2 is not in the custody log"]
    with pytest.raises(EvidenceError, match="it is of 'intake' for ES-1"):
        case.manifests.get("intake", "ES-2")


def test_the_opening_in_the_log_holds_what_case_toml_says(case) -> None:
    assert problems(case) == []
    file = case.folder / "case.toml"
    file.write_text(file.read_text().replace("Court order 1/2026", "Court order 9/2026"))
    with clew.open(case.folder) as changed:
        assert problems(changed) == [
            "authority in case.toml is not the one with which the case was opened"
        ]


def test_opening_in_python_is_logged_before_anything_is_given(case) -> None:
    with clew.open(case.folder, purpose="request 7/26") as opened:
        *_, last = opened.custody.entries()
    assert last.content["action"] == "read"
    assert last.content["purpose"] == "request 7/26"
    assert last.content["legal_basis"] == case.config.authority
    (case.folder / "custody.sqlite").unlink()
    with pytest.raises(EvidenceError, match="missing"):
        clew.open(case.folder)


def test_a_place_sent_in_a_message_is_withheld_until_it_is_asked_for(case) -> None:
    place = MessagePlace(
        exhibit_id="ES-01", source_id="a" * 64, locator="message/1", event_id="i#message/1",
        latitude=48.5, longitude=2.25, name="A tower", value_raw="48.5, 2.25",
    )  # fmt: skip
    rows = to_arrow(MessagePlace, [place])
    case.publish(
        StepManifest("read", "ES-01", "k", ()), [(MessagePlace, lambda: iter(rows.to_batches()))]
    )
    asked = "SELECT latitude, longitude, name, value_raw FROM message_places"
    hidden = {"latitude": None, "longitude": None, "name": "withheld", "value_raw": "withheld"}
    assert case.rows(asked) == [hidden]
    assert case.rows("SELECT count(*) AS n FROM message_places WHERE latitude > 0") == [{"n": 0}]
    with disclose(case, Disclosure(what="a test", places=True)) as reading:
        assert reading.rows(asked) == [
            {"latitude": 48.5, "longitude": 2.25, "name": "A tower", "value_raw": "48.5, 2.25"}
        ]
    assert case.rows(asked) == [hidden]
