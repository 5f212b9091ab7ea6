"""A case of PT that packages of ES reach, by commands."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from builders.countries import number, tables_of
from builders.packages import Agencies
from run_cli import run_cli as run

from clew.casefile.custody.checkpoint import verifier
from clew.exchange.sealing import Member

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


def told(result) -> dict:
    return json.loads(result.stdout.splitlines()[0])
