"""Every bad package is refused in words, with exit 3, an entry of the log, and nothing kept of it.

One case meets all of them: whatever one had left behind, the next would show. Files of
deconfliction that are bad stand with their module's tests.
"""

from __future__ import annotations

import json
import shutil
import tarfile
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from builders.countries import rows_of, sha, tables_of
from builders.merging import files
from builders.packages import PLAIN, Agencies, archive_of, crafted, files_of
from builders.post import CASE_ID, Post, judgement
from run_cli import run_cli as run

from clew.casefile import open_case
from clew.casefile.custody.checkpoint import verifier
from clew.casefile.verify import verify
from clew.exchange.receiving import arriving
from clew.exchange.sealing import Member, tar
from clew.records import Account
from clew.schema import replace

ID = "urn:uuid:0b0e7c1e-0000-4000-8000-00000000000a"
LARGEST = 20_000
LATER = "urn:uuid:0b0e7c1e-0000-4000-8000-00000000000b"


@pytest.fixture(scope="module")
def post(tmp_path_factory):
    """A case of PT with two packages of ES, one of them superseded, that also knows FR."""
    made = Post(tmp_path_factory.mktemp("bad"))
    made.others = {name: Agencies() for name in ("FR", "IT")}
    for name, until in (("FR", "2099-01-01"), ("IT", "2021-01-01")):
        key = made.others[name].key
        run("partner", "add", made.case, name, "--name", name, "--checked-how", "met",
            "--verifier", verifier(key.name, key.public), "--valid-from", "2020-01-01",
            "--valid-until", until)  # fmt: skip
    made.earlier = made.package(rows_of("ES", 1), package=ID)
    assert made.take(made.earlier).returncode == 0
    assert made.take(made.package(rows_of("ES", 2), package=LATER, supersedes=ID)).returncode == 0
    made.before = files(made.case)
    return made


def of_another(post: Post, name: str, **about: object):
    """A package of another agency than ES, to the same receiver."""
    post.sent += 1
    other, where = post.others[name], post.folder / f"carrier-{post.sent}"
    where.mkdir()
    other.identities = post.agencies.identities
    return other.package(where, (), sender=name, case="0011223344556677", **about)


def exchanged(post: Post, *names: str):
    """A package with files of another package of the same sender."""
    package, other = post.package(rows_of("ES", 3)), post.package(rows_of("ES", 4))
    for name in names:
        shutil.copyfile(other / name, package / name)
    return package


def archived(post: Post, *more: bytes, **named: bytes):
    """A package whose signer put whatever he wanted into its archive."""
    post.sent += 1
    where = post.folder / f"carrier-{post.sent}"
    where.mkdir()
    inside = files_of(post.agencies, post.agencies.sealing(case=CASE_ID))
    archive = archive_of({**inside, **{f"bag/data/{n}": c for n, c in named.items()}})
    return crafted(post.agencies, where, b"".join(more) + archive, case=CASE_ID)


def empty(post: Post):
    """A folder with nothing in it."""
    (post.folder / "empty").mkdir()
    return post.folder / "empty"


def link() -> bytes:
    about = tarfile.TarInfo("bag/data/link")
    about.type, about.linkname, about.mode = tarfile.SYMTYPE, "/etc/passwd", 0o600
    return about.tobuf(tarfile.GNU_FORMAT)


def table(post: Post, rows: list | None = None, **members: bytes):
    return post.package(rows or [], *(Member.of(n, c) for n, c in members.items()))


def parquet(columns: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(columns, sink, use_dictionary=True)
    return sink.getvalue().to_pybytes()


def bomb() -> bytes:
    """One text of a megabyte that every row names."""
    at = {"exhibit_id": "E-01", "source_id": sha("x"), "locator": "1"}
    row = Account(**at, account_id="x:pn:34600", platform="x", id_type="phone",
                  identifier="34600", about="a" * (1 << 20))  # fmt: skip
    one = tables_of([row])[Account]
    rows = pa.array([0] * 5000, pa.int32())
    columns = [column.combine_chunks().dictionary_encode() if pa.types.is_string(column.type)
               else column.combine_chunks() for column in one.columns]  # fmt: skip
    return parquet(pa.table([column.take(rows) for column in columns], one.column_names))


ACCOUNTS = "tables/accounts.parquet"
COVERAGE = json.dumps({
    "format": "clew-coverage/1", "tables": {"messages": {"total": 9, "sent": 9, "withheld": {}}},
    "values_withheld": {}, "values_as_tokens": {}, "persons": {}, "counted": 0, "tokens": 0,
    "texts": 0, "texts_withheld": 0, "texts_mentioning_others": 0, "not_read": [],
}).encode()  # fmt: skip
BAD = {
    "envelope of another package": (
        lambda p: exchanged(p, "envelope.json", "envelope.sig"), "digest"),
    "envelope that nobody signed": (lambda p: exchanged(p, "envelope.json"), "envelope-signature"),
    "lock swapped": (lambda p: exchanged(p, "locks/PT.age"), "digest"),
    "for somebody else": (lambda p: p.package([], to=("DE",)), "receiver"),
    "superseded": (lambda p: p.earlier, "superseded"),
    "two packages with one id": (lambda p: p.package(rows_of("ES", 5), package=LATER), "replay"),
    "recall by a third": (lambda p: of_another(p, "FR", recalls=LATER), "other-sender"),
    "superseded by a third": (lambda p: of_another(p, "FR", supersedes=LATER), "other-sender"),
    "key of the partner expired": (lambda p: of_another(p, "IT"), "partner-expired"),
    "sender nobody knows": (lambda p: p.package([], sender="XX"), "stranger"),
    "upwards": (lambda p: archived(p, **{"../../x": b"x"}), "name"),
    "case-colliding": (lambda p: archived(p, **{"REFERRAL.JSON": b"x"}), "name"),
    "NFC and NFD": (lambda p: archived(p, **{"caf\u00e9.x": b"", "cafe\u0301.x": b""}), "name"),
    "link in the archive": (lambda p: archived(p, link()), "tar"),
    "too many members": (lambda p: archived(p, **{f"{n}": b"" for n in range(60)}), "members"),
    "foreign schema": (lambda p: table(p, **{ACCOUNTS: parquet(pa.table({"no": [1]}))}), "schema"),
    "no table at all": (lambda p: table(p, **{ACCOUNTS: b"PAR1" + PLAIN}), "schema"),
    "table that is never sent": (
        lambda p: table(p, **{"tables/known_hashes.parquet": b""}), "table"),
    "decompression bomb": (lambda p: table(p, **{ACCOUNTS: bomb()}), "bomb"),
    "rows of a third": (
        lambda p: table(p, [replace(r, exhibit_id="FR-1~E-01") for r in rows_of("ES", 1)]),
        "qualified"),
    "origin with a tilde": (lambda p: p.package(rows_of("ES", 1), case="0a~b0c0d11"), "origin"),
    "judgement of 2071": (
        lambda p: table(p, **{"judgements.jsonl": judgement(1, at="2071-01-01T00:00:00Z")}),
        "future"),
    "coverage that contradicts": (lambda p: table(p, **{"coverage.json": COVERAGE}), "coverage"),
    "text of any size": (
        lambda p: table(p, **{"judgements.jsonl": b" " * (LARGEST + 1)}), "bomb"),
    "sealed in the future": (
        lambda p: p.package([], sealed_at=f"{datetime.now(UTC).year + 1}-01-01T00:00:00Z"),
        "sealed-later"),
    "without a handling code": (lambda p: p.package(rows_of("ES", 1), handling=()), "unmarked"),
    "no package": (empty, "files"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_bad_package_is_refused_in_words_and_logged_and_nothing_is_kept(
    post, name, monkeypatch
) -> None:
    make, code = BAD[name]
    package = make(post)
    monkeypatch.setattr(tar, "MOST", 50)
    monkeypatch.setattr(arriving, "LARGEST_TEXT", LARGEST)
    done = post.take(package)
    assert done.returncode == 3, (done.stdout, done.stderr)
    assert done.stdout == ""
    said, do = done.stderr.strip().split("\n", 1)
    assert len(said) > len("clew: ") + 20
    assert "Nothing of the package was kept." in do
    with open_case(post.case) as case:
        *_, last = (entry.content for entry in case.custody.entries())
        assert (last["action"], last["outcome"]) == ("package offered", code)
        assert [p.text for p in verify(case) if p.is_problem] == []
    assert files(post.case) == post.before
    everything = b"".join(p.read_bytes() for p in post.case.rglob("*") if p.is_file())
    assert PLAIN not in everything
