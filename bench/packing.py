"""Packages of an operation for every country: time, and who stands in them in clear.

usage: packing.py CASE OUT. CASE is a concluded case, which is copied; every proposal is decided by
a key made for this, and OUT gets a folder of members a country. Searched are all digits of seven
and more, and all account ids, in every table and in the referral, against the accounts of the case
that are not named in the package.
"""

import re
import shutil
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow.parquet as pq

from clew.casefile import Case, open_case
from clew.casefile.custody import keys
from clew.casefile.custody.identity import Analyst
from clew.exchange.packing import draft
from clew.exchange.packing.compose import Known
from clew.exchange.packing.naming import Receiver
from clew.exchange.packing.request import Request
from clew.records import RouteChoice, RouteDecision, RouteRule
from clew.schema import Id

RUN = re.compile(r"\d{7,}")


def decide(case: Case, folder: Path) -> list[str]:
    keys.make(folder / "k.pem", "", open_to_its_owner=True)
    case.custody.analyst = Analyst("Packing", keys.load(folder / "k.pem", "Packing", ""))
    rows = case.rows("SELECT person_id, country, rule FROM routes WHERE state = 'proposed'")
    now = datetime.now(UTC).replace(microsecond=0)
    case.ledger.append_all([
        RouteDecision(
            number=0, person_id=Id(r["person_id"]), goes_to=r["country"],
            decision=RouteChoice.SEND, rule=RouteRule(r["rule"]), handling=("H1",),
            tlp="TLP:AMBER", grading_scheme="europol-4x4", source_grade="B",
            information_grade="2", judged_by="Packing", reason="bench", judged_at=now,
        )
        for r in rows
    ])  # fmt: skip
    return sorted({r["country"] for r in rows})


def in_clear(folder: Path, others: dict[str, str], ids: set[str]) -> set[str]:
    """Accounts of others whose digits or ids stand in a package."""
    found: set[str] = set()
    texts = [(folder / "referral.json").read_text("utf-8")]
    for file in (folder / "tables").glob("*.parquet"):
        for column in pq.read_table(file).columns:
            values = column.combine_chunks()
            flat = values.flatten() if str(column.type).startswith("list") else values
            if str(flat.type) == "string":
                texts += [v for v in flat.unique().to_pylist() if v]
    for text in texts:
        found |= {others[run] for run in RUN.findall(text) if run in others}
        found |= {text} & ids
    return found


def main(source: Path, out: Path) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        shutil.copytree(source, Path(scratch, "case"), symlinks=True)
        with open_case(Path(scratch, "case")) as case:
            countries = decide(case, Path(scratch))
            digits = {
                re.sub(r"\D", "", r["identifier"]): r["account_id"]
                for r in case.rows("SELECT account_id, identifier FROM accounts")
            }
            began, spent = time.time(), time.process_time()
            known, made = Known.of(case), {}
            for country in countries:
                (out / country).mkdir(parents=True)
                request = Request(
                    sender=Receiver("ZZ", "ZZ"), receivers=(Receiver(country, country, country),),
                    legal_basis="order 12/26", keep_until=date(2090, 1, 1),
                )  # fmt: skip
                made[country] = draft.make(case, request, known, out / country)
            took = time.time() - began, time.process_time() - spent
            undecided = {r["person_id"] for r in case.rows(
                "SELECT person_id FROM routes WHERE state = 'undecided'")}  # fmt: skip
    print("country\tnamed\trows\ttokens\ttexts_withheld\tMB\tothers_in_clear\tundecided")
    for country, one in made.items():
        own = {a.account_id for a in one.content.referral.facts.accounts}
        own_digits = {re.sub(r"\D", "", a) for a in own}
        others = {d: a for d, a in digits.items() if a not in own and d not in own_digits}
        clear = in_clear(out / country, others, {*digits.values()} - own)
        rows = sum(table.sent for table in one.coverage.tables.values())
        print(country, len(one.naming.named), rows, one.coverage.tokens,
              one.coverage.texts_withheld, f"{one.size / 1e6:.2f}", len(clear),
              len(undecided & {*one.naming.named}), sep="\t")  # fmt: skip
    print(f"{len(made)} packages: {took[0]:.1f} s, {took[1]:.1f} s of processor time")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
