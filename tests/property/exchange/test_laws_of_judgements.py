"""What others decided is theirs: it joins nothing, and never outranks a decision of one's own."""

from __future__ import annotations

import random
from itertools import combinations

import pytest
from builders.countries import SEALED, number, package, rows_of, sha, tables_of
from builders.merging import COUNTRIES, conclude, new_case, receive
from conftest import WHOLE as AT_FULL_VOLUME
from pyarrow.types import is_list

from clew.casefile.received import parted
from clew.casefile.verify import verify
from clew.errors import UsageError
from clew.exchange.receiving import Arrival, take_in
from clew.exchange.receiving.judged import adopt
from clew.judgements import decisions
from clew.judgements.decisions import Ruling
from clew.judgements.rulings import Judged
from clew.reading import disclose, disclosure_of
from clew.reading.explain import Explanation, Paging
from clew.records import Decision, FileCategory, Package, PersonJudgement, ReceivedJudgement
from clew.schema import RECEIVED, Kind, columns, replace, tables
from clew.views import view

SEEDS = range(60) if AT_FULL_VOLUME else range(1)
FILES = (sha("one"), sha("other"))
RULED = ("accept", "reject")
CONCLUDED = ("persons", "person_accounts", "person_links", "categories_that_count")


def theirs(country: str, chance: random.Random) -> list[ReceivedJudgement]:
    """Rulings on pairs of accounts, and categories of files, that people of a country gave."""
    told = {"origin": f"{country}-0a0b0c0d", "package_id": package(country).package_id,
            "judged_by": "B", "judged_at": SEALED}  # fmt: skip
    found = []
    for n in range(3):
        pair = tuple(map(number, chance.sample(range(3), 2)))
        found.append(ReceivedJudgement(**told, number=n, decided_in="person_judgements",
                                       accounts=pair, says=chance.choice(RULED)))  # fmt: skip
    for n, file in enumerate(FILES, 9):
        says = f"S {chance.choice(('ES', 'PT'))}: {chance.randint(1, 2)}"
        found.append(ReceivedJudgement(**told, number=n, decided_in="file_categories",
                                       sha256=file, says=says))  # fmt: skip
    return found


def judging(folder, seed: int, *, judged: bool = True):
    """A case whose analysts decided of the same as three to five senders, and what these said."""
    chance = random.Random(f"judged {seed}")
    case = new_case(folder, rows_of("FR", seed))
    said = {c: theirs(c, chance) for c in chance.sample(COUNTRIES, chance.randint(3, 5))}
    for pair in combinations(range(3), 2):
        accounts = tuple(map(number, pair))
        how = Decision(chance.choice(RULED))
        decisions.judge(case, Ruling(decision=how, accounts=accounts), "A", "seen")
    for file in FILES:
        case.ledger.append(FileCategory(
            number=0, sha256=file, scheme="S", country="ES", code=chance.choice("12"),
            judged_by="A", reason="seen", judged_at=SEALED,
        ))  # fmt: skip
    with case.writing():
        for country, one in said.items():
            about, given = package(country), tables_of(rows_of(country, seed))
            arrived = Arrival(about=about, given=given, judged=one if judged else ())
            take_in(case, about, given, arrived)
        country, one = next(iter(said.items()))  # what a later package of theirs says once more
        about, given = package(country, 2), tables_of(rows_of(country, seed + 1))
        again = Arrival(about=about, given=given, judged=_again(one, about) if judged else ())
        take_in(case, about, given, again)
    case.refresh()
    return case, said


def _again(rows: list[ReceivedJudgement], about: Package) -> list[ReceivedJudgement]:
    return [replace(row, package_id=about.package_id) for row in rows]


def ruled(case, said) -> list[tuple[str, object, str]]:
    """Every judgement that counts: its name, what it is about, and what it says."""
    persons = case.ledger.judgements(PersonJudgement)
    found: list[tuple[str, object, str]] = [
        (str(one.number), tuple(sorted(one.accounts)), str(one.decision)) for one in persons
    ]
    files = case.ledger.judgements(FileCategory)
    found += [(str(one.number), (one.sha256, one.country), one.code) for one in files]
    for one in (one for rows in said.values() for one in rows):
        scheme, _, code = one.says.partition(": ")
        about = (one.sha256, scheme[2:]) if one.sha256 else tuple(sorted(one.accounts))
        found.append((f"{one.origin}~{one.number}", about, code or one.says))
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_judgements_that_contradict_are_each_a_row_and_move_nothing(tmp_path, seed) -> None:
    case, said = judging(tmp_path / "case", seed)
    every = ruled(case, said)
    expected = {
        tuple(sorted((a, b))) for (a, about, says), (b, other, otherwise) in combinations(every, 2)
        if about == other and says != otherwise
    }  # fmt: skip
    shown = case.rows(view("judgement-conflicts").sql)
    assert [(r["judgement"], r["other_judgement"]) for r in shown] == sorted(expected)
    assert len(expected) > 3
    assert [p.text for p in verify(case) if p.is_problem] == []
    plain, _ = judging(tmp_path / "plain", seed, judged=False)
    found = []
    for one in (case, plain):
        conclude(one, ("resolve",))
        one.refresh()
        found.append([one.rows(f'SELECT * FROM "{name}" ORDER BY ALL') for name in CONCLUDED])
        one.close()
    assert found[0] == found[1]


@pytest.mark.parametrize("seed", SEEDS)
def test_what_others_decided_counts_once_it_is_adopted_and_never_over_an_own_rejection(
    tmp_path, seed
) -> None:
    case, said = judging(tmp_path / "case", seed)
    own = Judged(case.ledger.judgements(PersonJudgement))
    for one in (one for rows in said.values() for one in rows if one.accounts):
        named, earlier = f"{one.origin}~{one.number}", own.on(*one.accounts)
        if earlier.together is (one.says == "accept"):
            made = adopt(case, named, "A", "seen")
            assert made.reason == f"adopts {named}: seen"
        else:
            with pytest.raises(UsageError, match="outranks"):
                adopt(case, named, "A", "seen")
    after = Judged(case.ledger.judgements(PersonJudgement))
    for pair in combinations(map(number, range(3)), 2):
        assert after.on(*pair).together is own.on(*pair).together


@pytest.mark.parametrize("seed", SEEDS)
def test_every_received_row_leads_to_its_package_partner_signer_and_handling(
    tmp_path, seed
) -> None:
    chance = random.Random(f"led back {seed}")
    case = new_case(tmp_path / "case", rows_of("FR", seed))
    codes = {c: (f"H{chance.randint(0, 3)}",)
             for c in chance.sample(COUNTRIES, chance.randint(3, 5))}  # fmt: skip
    for country, handling in codes.items():
        receive(case, country, seed=seed, handling=handling)
    case.refresh()
    ids: list[tuple[str, str]] = []
    for name, row in tables().items():
        marked = [c.name for c in columns(row) if c.kind is Kind.ID and not is_list(c.arrow_type)]
        for found in case.rows(f'SELECT * FROM "{RECEIVED}{name}"'):
            assert found["origin"] in {f"{c}-0a0b0c0d" for c in codes}
            for value in filter(None, map(found.get, marked)):
                assert parted(value)[0] == found["origin"], (name, value)
                ids.append((found["origin"], value))
    with disclose(case, disclosure_of("test", reason="test")) as reading:
        for origin, wanted in chance.sample(sorted(set(ids)), 3):
            sections = list(Explanation(reading, reading.resolve(wanted), Paging()).sections())
            came_in = [r for s in sections if s.table is Package for r in s.every]
            (row,) = [r for r in came_in if r["origin"] == origin]
            country = origin[:2]
            assert (row["partner_id"], tuple(row["handling"])) == (country, codes[country])
            assert (row["package_id"], row["signer"]) == (package(country).package_id, sha(country))
