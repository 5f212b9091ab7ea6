"""Packages from the carrier to the case, by commands alone."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from builders.countries import number, rows_of, sha, tables_of
from builders.packages import Agencies
from run_cli import run_cli as run

from clew.casefile import open_case
from clew.casefile.custody.checkpoint import verifier
from clew.casefile.verify import verify
from clew.exchange.sealing import Member
from clew.records import Account

ORIGIN = "ES-0a0b0c0d"
CASE_ID = "0a0b0c0d11223344"


def members(rows: list, *others: Member) -> tuple[Member, ...]:
    found = []
    for row, table in tables_of(rows).items():
        sink = pa.BufferOutputStream()
        pq.write_table(table, sink)
        name = f"tables/{row.table_name}.parquet"
        found.append(Member.of(name, sink.getvalue().to_pybytes()))
    return (*found, *others)


def judgement(n: int, says: str = "accept", at: str = "2026-01-01T00:00:00Z") -> bytes:
    told = {"number": n, "table": "person_judgements", "about": [number(0), number(1)],
            "says": says, "by": "B. Other", "at": at, "reason": "seen"}  # fmt: skip
    return json.dumps(told).encode() + b"\n"


class Post:
    """A case of PT that knows ES, and packages from there."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.agencies = folder, Agencies()
        self.case, self.key = folder / "case", folder / "pt.age"
        self.key.write_text(self.agencies.identities["PT"])
        self.sent = 0
        run("new", self.case, "--title", "T", "--authority", "A")
        run("whoami", "--name", "A. Analyst")
        known = verifier(self.agencies.key.name, self.agencies.key.public)
        run("partner", "add", self.case, "ES", "--name", "Police of ES", "--verifier", known,
            "--valid-from", "2020-01-01", "--valid-until", "2099-01-01",
            "--checked-how", "by telephone")  # fmt: skip

    def package(self, rows: list, *others: Member, **about: object) -> Path:
        self.sent += 1
        where = self.folder / f"carrier-{self.sent}"
        where.mkdir()
        about = {"case": CASE_ID, **about}
        return self.agencies.package(where, members(rows, *others), **about)

    def take(self, package: Path, *more: str, command: str = "receive"):
        return run(command, self.case, package, "--as", "PT", "--key", self.key, "--json", *more)


@pytest.fixture
def post(tmp_path) -> Post:
    return Post(tmp_path)


def told(result) -> dict:
    return json.loads(result.stdout.splitlines()[0])


def test_a_package_is_shown_taken_in_receipted_and_taken_out_again(post, tmp_path) -> None:
    package = post.package(rows_of("ES", 1), Member.of("judgements.jsonl", judgement(7)))
    shown = told(post.take(package, "--preview"))
    assert (shown["origin"], shown["taken_in"], shown["new_accounts"]) == (ORIGIN, False, 2)
    assert not (post.case / "received").exists()
    assert told(post.take(package))["taken_in"]
    assert not told(post.take(package))["taken_in"]
    assert run("verify", post.case).returncode == 0
    (listed,) = map(json.loads, run("received", post.case, "--json").stdout.splitlines())
    assert (listed["partner_id"], listed["handling"], listed["origin"]) == ("ES", ["H1"], ORIGIN)
    found = run("query", post.case, "select exhibit_id from messages", "--json").stdout
    assert f"{ORIGIN}~E-01" in found
    made = run("receipt", post.case, shown["package"], tmp_path / "r.json", "--as", "PT")
    assert made.returncode == 0, made.stderr
    gone = run("forget", post.case, shown["package"], "--reason", "order 3", "--json")
    assert told(gone)["rows"] > 0
    assert not (post.case / "received").exists()
    with open_case(post.case) as case:
        assert [p.text for p in verify(case) if p.is_problem] == []
        log = [entry.content for entry in case.custody.entries()]
    outcomes = [one["outcome"] for one in log if one["action"] == "package offered"]
    assert outcomes == ["opened"] * 3
    kept = b"".join(p.read_bytes() for p in post.case.rglob("*") if p.is_file())
    assert number(0)[12:].encode() not in kept


def test_a_receipt_is_checked_with_the_key_that_is_registered(post, tmp_path) -> None:
    shown = told(post.take(post.package(rows_of("ES", 1))))
    run("receipt", post.case, shown["package"], tmp_path / "r.json", "--as", "PT")
    receipt = json.loads((tmp_path / "r.json").read_text())
    sender = tmp_path / "sender"
    run("new", sender, "--title", "T", "--authority", "A")
    refused = run("receipt", sender, "--check", tmp_path / "r.json")
    assert refused.returncode == 3
    run("partner", "add", sender, "PT", "--name", "PJ", "--verifier", receipt["by"],
        "--valid-until", "2099-01-01", "--checked-how", "by telephone")  # fmt: skip
    assert run("receipt", sender, "--check", tmp_path / "r.json").returncode == 0
    receipt["rows"] += 1
    (tmp_path / "r.json").write_text(json.dumps(receipt))
    assert run("receipt", sender, "--check", tmp_path / "r.json").returncode == 3


def test_a_recall_takes_the_package_out_now_or_when_it_comes(post) -> None:
    first = post.package(rows_of("ES", 1))
    package = told(post.take(first, "--preview"))["package"]
    recall = post.package([], recalls=package)
    assert post.take(first, command="recall").returncode == 2
    assert told(post.take(recall, command="recall"))["recalled_rows"] == 0
    late = post.take(first)
    assert (late.returncode, "recalled" in late.stderr) == (3, True)
    assert not (post.case / "received").exists()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("tables/accounts.parquet", "another", "schema"),
        ("tables/known_hashes.parquet", "own", "table"),
        ("tables/accounts.parquet", "bomb", "bomb"),
        ("judgements.jsonl", judgement(1, at="2071-01-01T00:00:00Z"), "future"),
    ],
)
def test_a_table_that_can_not_be_is_refused_and_logged_and_nothing_is_kept(
    post, name, content, code
) -> None:
    if isinstance(content, str):
        content = _parquet(content)
    result = post.take(post.package([], Member.of(name, content)))
    assert result.returncode == 3, result.stderr
    assert not (post.case / "received").exists()
    with open_case(post.case) as case:
        *_, last = (entry.content for entry in case.custody.entries())
    assert (last["action"], last["outcome"]) == ("package offered", code)


def _parquet(kind: str) -> bytes:
    sink = pa.BufferOutputStream()
    if kind == "bomb":  # one text of a megabyte that every row names
        at = {"exhibit_id": "E-01", "source_id": sha("x"), "locator": "1"}
        row = Account(**at, account_id="x:pn:34600", platform="x", id_type="phone",
                      identifier="34600", about="a" * (1 << 20))  # fmt: skip
        one = tables_of([row])[Account]
        rows = pa.array([0] * 5000, pa.int32())
        columns = [column.combine_chunks().dictionary_encode() if pa.types.is_string(column.type)
                   else column.combine_chunks() for column in one.columns]  # fmt: skip
        table = pa.table([column.take(rows) for column in columns], one.column_names)
    else:
        table = pa.table({"nothing": [1]})
    pq.write_table(table, sink, use_dictionary=True)
    return sink.getvalue().to_pybytes()


def test_judgements_of_others_are_theirs_until_adopted_and_an_own_one_outranks_them(post) -> None:
    lines = judgement(7) + judgement(9, "reject")
    post.take(post.package(rows_of("ES", 1), Member.of("judgements.jsonl", lines)))
    listed = run("received", post.case, "judgements", "--json").stdout
    assert f"{ORIGIN}~7" in listed
    conflicts = run("received", post.case, "conflicts", "--json").stdout.splitlines()
    assert [json.loads(c)["judgement"] for c in conflicts] == [f"{ORIGIN}~7"]
    found = run("query", post.case, "select count(*) as n from person_judgements", "--json")
    assert told(found)["n"] == 0
    adopted = run("adopt", post.case, f"{ORIGIN}~9", "--reason", "ours too", "--json")
    assert told(adopted)["adopts"] == f"{ORIGIN}~9"
    refused = run("adopt", post.case, f"{ORIGIN}~7", "--reason", "no")
    assert (refused.returncode, "outranks" in refused.stderr) == (2, True)
