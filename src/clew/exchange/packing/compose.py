"""A package's tables and its referral, made of one choice of persons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any

import msgspec
import pyarrow as pa

from clew.casefile import Case
from clew.exchange import referral as r
from clew.exchange.markings import Grading, Handling, Marking, Scheme, Tlp, strictest
from clew.exchange.packing import statements
from clew.exchange.packing.identifiers import Identifiers
from clew.exchange.packing.minimise import Counts, Minimiser, Named
from clew.exchange.packing.naming import Naming, Receiver
from clew.exchange.packing.request import Request
from clew.exchange.packing.rows import Chosen, Selection, specs
from clew.exchange.packing.tokens import Tokens
from clew.records import ChatType, FileCategory, PersonCategory
from clew.relations import step_queries
from clew.schema import Row

OF_COUNTS = Marking(handling=(Handling.H1,), tlp=Tlp.AMBER)
"""How a package is marked that names nobody."""
NOT_GRADED = Grading(scheme=Scheme.EUROPOL, source="X", information="4")
"""Grading where nobody is named: neither source nor information can be assessed."""
WITHHELD = "(withheld: it names somebody else)"


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """What a package has."""

    tables: dict[str, tuple[type[Row], pa.Table]]
    referral: r.Referral
    chosen: tuple[Chosen, ...]
    not_sent: dict[str, int]
    counts: Counts
    tokens: int
    counted: int
    not_read: tuple[dict[str, Any], ...]


class Known(msgspec.Struct, frozen=True):
    """What names whom in a case: made once, for every package of the case."""

    identifiers: Identifiers
    of_account: dict[str, frozenset[str]]

    @classmethod
    def of(cls, case: Case) -> Known:
        """Ask the case."""
        rows = case.rows(step_queries()["identifiers_known"])
        known = [(x["account_id"], x["names"], x["is_text"]) for x in rows]
        found: dict[str, set[str]] = {}
        for account, names, _ in known:
            found.setdefault(account, set()).add(names)
        return cls(Identifiers(known), {a: frozenset(names) for a, names in found.items()})


class Composer:
    """Makes one package's content."""

    def __init__(self, case: Case, request: Request, naming: Naming, known: Known) -> None:
        self._case, self._request, self._naming, self._known = case, request, naming, known
        self._selection = Selection(case, naming)

    def content(self, package_id: str, made_at: datetime) -> Content:
        """Everything that the package has."""
        with self._selection.open():
            chosen = tuple(self._selection.choose())
            self.tables = {c.row.table_name: (c.row, self._minimised(c)) for c in chosen}
            not_sent = dict(self._selection.not_sent())
        given = {
            "named_persons": pa.table({"person_id": pa.array(self._naming.named, pa.string())}),
            "person_standings": self._naming.table(),
            "sent_chats": self._distinct("chats", "chat_id"),
            "sent_files": self._distinct("shares", "sha256"),
            "sent_exhibits": self._distinct("exhibits", "exhibit_id"),
        }
        with self._case.engine.with_tables(**given):
            facts = self._facts()
            said = self._assessments(facts)
            not_read = tuple(self._asked(step_queries()["not_read"]))
        return Content(
            tables=self.tables, chosen=chosen, not_sent=not_sent, counts=self._minimiser.counts,
            tokens=len(facts.tokens), counted=sum(c.persons for c in facts.counts),
            not_read=not_read, referral=self._referral(package_id, made_at, facts, said),
        )  # fmt: skip

    def _minimised(self, chosen: Chosen) -> pa.Table:
        spec = specs()[chosen.row.table_name]
        return self._minimiser.table(chosen.row, chosen.rows, spec.bearer, spec.codes)

    def mentions_others(self, text: str) -> bool:
        """Whether a text of our own names anybody who is not named in the package."""
        return self._minimiser.text_mentions_others(text)

    @cached_property
    def _minimiser(self) -> Minimiser:
        accounts = self._selection.accounts
        values = set(accounts).union(*(self._known.of_account.get(a, ()) for a in accounts))
        values |= set(self._known.identifiers.of(accounts))
        tokens = Tokens(self._case.key, (one.partner_id for one in self._request.receivers))
        return Minimiser(Named(accounts, frozenset(values)), self._known.identifiers, tokens,
                         texts=self._request.texts)  # fmt: skip

    def _distinct(self, table: str, column: str) -> pa.Table:
        """Different values of a column, as the package has them."""
        values = self.tables[table][1][column].drop_null().unique()
        return pa.table({column: values})

    def _asked(self, query: str) -> list[dict[str, Any]]:
        return self._case.rows(query)

    def _rows(self, table: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.tables[table][1].to_pylist()
        return rows

    def _facts(self) -> r.Facts:
        shares = self._rows("shares")
        known = statements.grouped(self._asked(step_queries()["files_known"]), "sha256")
        first = {
            row["sha256"]: {**row, "event_id": self._minimiser.by_path(row["event_id"])}
            for row in self._asked(step_queries()["files_first"])
        }
        memberships = tuple(statements.memberships(self._rows("memberships")))
        named = self._selection.accounts
        return r.Facts(
            exhibits=tuple(statements.exhibits(self._rows("exhibits"))),
            sources=tuple(statements.sources(self._rows("sources"))),
            accounts=tuple(
                statements.accounts(self._rows("accounts"), self._rows("account_names"))
            ),
            tokens=tuple(
                r.Token(token=token)
                for value, token in sorted(self._minimiser.tokens.made.items(), key=lambda p: p[1])
                if value in self._known.of_account and value not in named
            ),
            groups=tuple(self._groups()),
            memberships=memberships,
            files=tuple(statements.files(shares, known, first)),
            shares=tuple(statements.shares(shares)),
            counts=statements.counts(self._asked(step_queries()["counted_by_country"])),
        )

    def _groups(self) -> Iterator[r.Group]:
        stands = statements.grouped(self._rows("chats"), "chat_id")
        by_country = statements.grouped(
            self._asked(step_queries()["members_by_country"]), "chat_id"
        )
        figures = {row["chat_id"]: row for row in self._asked(step_queries()["groups_sent"])}
        for (chat,), rows in stands.items():
            about = figures.get(chat, {})
            yield r.Group(
                chat_id=chat, platform=rows[0]["platform"],
                chat_type=ChatType(rows[0]["chat_type"]),
                subject=next((x["subject"] for x in rows if x["subject"]), None),
                members=about.get("members", 0), shares=about.get("shares", 0),
                known_shares=about.get("known_shares", 0),
                counts=statements.counts(by_country.get((chat,), ())),
                proof=statements.proof(rows),
            )  # fmt: skip

    def _assessments(self, facts: r.Facts) -> r.Assessments:
        there = {a.account_id: a for a in facts.accounts}
        known = self._asked(step_queries()["accounts_named"])
        tied = statements.grouped([x for x in known if x["account_id"] in there], "person_id")
        sources: set[tuple[str, str | None]] = {(s.exhibit_id, s.source_id) for s in facts.sources}
        sources |= {(e.exhibit_id, None) for e in facts.exhibits}
        said = [x for x in self._asked(step_queries()["countries_named"])
                if (x["exhibit_id"], x["source_id"]) in sources
                and not self._minimiser.mentions_others(x["locator"] or "")]  # fmt: skip
        placed = statements.grouped(said, "person_id")
        persons = tuple(
            self._person(row, there, tied.get((row["person_id"],), []),
                         placed.get((row["person_id"],), []))
            for row in self._asked(step_queries()["persons_named"])
        )  # fmt: skip
        return r.Assessments(
            persons=persons,
            decisions=tuple(self._decision(person) for person in self._naming.named),
            judgements=tuple(self._judgements()),
        )

    def _person(
        self, row: Mapping[str, Any], there: Mapping[str, r.Account], ties: statements.Rows,
        placed: statements.Rows,
    ) -> r.Person:  # fmt: skip
        person = row["person_id"]
        standing = self._naming.decisions[person]
        own = [there[x["account_id"]] for x in ties]
        return r.Person(
            person_id=person,
            category=self._naming.categories.get(person, PersonCategory.UNCLASSIFIED),
            decision=standing.decision.number,
            names=tuple(sorted({n.name for a in own for n in a.names})),
            e164=row["e164"] if row["e164"] in {a.e164 for a in own} else None,
            country=row["country"], indications=tuple(map(statements.indication, placed)),
            accounts=tuple(statements.attribution(x, self._sent_exhibits) for x in ties),
            grading=standing.grading,
        )  # fmt: skip

    @cached_property
    def _sent_exhibits(self) -> frozenset[str]:
        return frozenset(self.tables["exhibits"][1]["exhibit_id"].to_pylist())

    def _decision(self, person: str) -> r.Decision:
        standing = self._naming.decisions[person]
        one = standing.decision
        return r.Decision(
            number=one.number, route_id=self._case.masking().digest(person), person_id=person,
            rule=one.rule, by=one.judged_by,
            second_by=standing.second.judged_by if standing.second else None,
            at=one.judged_at, reason=WITHHELD if self.mentions_others(one.reason) else one.reason,
        )  # fmt: skip

    def _judgements(self) -> Iterator[r.Judgement]:
        for row in self._asked(step_queries()["files_judged"]):
            words = f"{row['scheme']} {row['country']} {row['scheme_version'] or ''}".strip()
            says = f"{words}: {row['code']}"
            yield r.Judgement(
                number=row["number"], table=FileCategory.table_name, about=(row["sha256"],),
                says=WITHHELD if self.mentions_others(says) else says, by=row["judged_by"],
                at=row["judged_at"],
            )  # fmt: skip

    def _referral(
        self, package_id: str, made_at: datetime, facts: r.Facts, said: r.Assessments
    ) -> r.Referral:
        request, standings = self._request, tuple(self._naming.decisions.values())
        counts = self._minimiser.counts
        withheld = {"texts": counts.texts_withheld, "values": sum(counts.withheld.values()),
                    "tokens": sum(counts.tokens.values())}  # fmt: skip
        return r.Referral(
            package_id=f"urn:uuid:{package_id}", made_at=made_at, sender=_party(request.sender),
            receivers=tuple(map(_party, request.receivers)),
            case_reference=self._case.config.case_id, purpose=request.purpose,
            legal_basis=request.legal_basis,
            marking=strictest([s.marking for s in standings]) if standings else OF_COUNTS,
            grading=standings[0].grading if standings else NOT_GRADED,
            keep_until=request.keep_until,
            supersedes=f"urn:uuid:{request.supersedes}" if request.supersedes else None,
            facts=facts, assessments=said,
            withheld={name: n for name, n in withheld.items() if n},
        )  # fmt: skip


def _party(one: Receiver) -> r.Party:
    return r.Party(partner_id=one.partner_id, name=one.name, country=one.country)
