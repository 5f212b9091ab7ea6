"""The facts of a referral, from rows that were minimised: no other row is read here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from clew.exchange import referral as r
from clew.records import (
    CountryBasis,
    ExhibitKind,
    IdType,
    LinkRule,
    MemberState,
    NameKind,
    Role,
    ShareCertainty,
    ShareState,
)

Rows = Sequence[Mapping[str, Any]]
_PROOFS = 20
"""Rows that are named as the proof of one statement; the tables have them all."""


def proof(rows: Rows) -> tuple[r.Provenance, ...]:
    """Where rows stand, the first few."""
    found = [(x["exhibit_id"], x["source_id"], x["locator"]) for x in rows]
    first = found if len(found) == 1 else sorted(set(found))[:_PROOFS]
    return tuple(
        r.Provenance(exhibit_id=exhibit, source_id=source, locator=locator)
        for exhibit, source, locator in first
    )


def grouped(rows: Rows, *names: str) -> dict[tuple[Any, ...], list[Mapping[str, Any]]]:
    """Rows by the values of some columns, in order."""
    found: dict[tuple[Any, ...], list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        found[tuple(row[name] for name in names)].append(row)
    return dict(sorted(found.items(), key=lambda pair: tuple(str(v) for v in pair[0])))


def exhibits(rows: Rows) -> Iterator[r.Exhibit]:
    """Exhibits, without the words on them where texts are withheld."""
    for row in rows:
        yield r.Exhibit(
            exhibit_id=row["exhibit_id"], kind=ExhibitKind(row["kind"]), country=row["country"],
            content_sha256=row["content_sha256"], label=row["label"] or None,
            acquired_at=row["acquired_at"],
        )  # fmt: skip


def sources(rows: Rows) -> Iterator[r.Source]:
    """Files that rows were read from, each content once."""
    for (exhibit, source), found in grouped(rows, "exhibit_id", "source_id").items():
        reader = f"{found[0]['reader']} {found[0]['reader_version']}"
        yield r.Source(exhibit_id=exhibit, source_id=source, kind=found[0]["kind"], reader=reader)


def accounts(rows: Rows, names: Rows) -> Iterator[r.Account]:
    """Accounts of whoever is named, with the names given to them."""
    given = grouped(names, "account_id")
    for (account,), found in grouped(rows, "account_id").items():
        first = found[0]
        numbers = [row["e164"] for row in found if row["e164"]]
        yield r.Account(
            account_id=account, platform=first["platform"], id_type=IdType(first["id_type"]),
            identifier=first["identifier"], e164=numbers[0] if numbers else None,
            names=tuple(_names(given.get((account,), ()))), proof=proof(found),
        )  # fmt: skip


def _names(rows: Rows) -> Iterator[r.AccountName]:
    for (name, kind), found in grouped(rows, "name", "name_kind").items():
        if name:
            yield r.AccountName(name=name, kind=NameKind(kind), proof=proof(found))


def memberships(rows: Rows) -> Iterator[r.Membership]:
    """Who belongs to which group, each once for every standing."""
    for key, found in grouped(rows, "chat_id", "account_id", "role", "state").items():
        chat, account, role, state = key
        joined = [row["joined_at"] for row in found if row["joined_at"]]
        ended = [row["ended_at"] for row in found if row["ended_at"]]
        yield r.Membership(
            chat_id=chat, account_id=account, role=Role(role), state=MemberState(state),
            joined_at=min(joined, default=None), ended_at=max(ended, default=None),
            proof=proof(found),
        )  # fmt: skip


def shares(rows: Rows) -> Iterator[r.Share]:
    """Sendings of files whose SHA-256 is known."""
    for row in rows:
        if row["sha256"]:
            yield r.Share(
                event_id=row["event_id"], ordinal=row["ordinal"], sha256=row["sha256"],
                chat_id=row["chat_id"], account_id=row["sender_account_id"],
                sent_at=row["sent_at"], forwarded=row["is_forwarded"],
                state=ShareState(row["state"]),
                proof=proof([row]),
            )  # fmt: skip


def files(
    rows: Rows, known: Mapping[tuple[Any, ...], Rows], first: Mapping[str, Mapping[str, Any]]
) -> Iterator[r.File]:
    """Files by their hashes, with the sets that know them and their first known sending."""
    for (sha256,), found in grouped([x for x in rows if x["sha256"]], "sha256").items():
        yield r.File(
            sha256=sha256,
            sha1=next((row["sha1"] for row in found if row["sha1"]), None),
            md5=next((row["md5"] for row in found if row["md5"]), None),
            size=next((row["size"] for row in found if row["size"] is not None), None),
            media_type=next((row["media_type"] for row in found if row["media_type"]), None),
            known=tuple(
                r.Known(set=k["set"], version=k["version"], tier=k["tier"], category=k["category"])
                for k in known.get((sha256,), ())
            ),
            first=_first(first.get(sha256), found),
        )


def _first(said: Mapping[str, Any] | None, rows: Rows) -> r.FirstShare | None:
    """The first known sending, where it is among those that go."""
    found = [row for row in rows if said and row["event_id"] == said["event_id"]]
    if not said or not found:
        return None
    row = found[0]
    return r.FirstShare(
        event_id=row["event_id"], chat_id=row["chat_id"], account_id=row["sender_account_id"],
        sent_at=row["sent_at"], certainty=ShareCertainty(said["certainty"]), proof=proof([row]),
    )  # fmt: skip


def counts(rows: Iterable[Mapping[str, Any]]) -> tuple[r.CountryCount, ...]:
    """Persons by country."""
    return tuple(r.CountryCount(country=row["country"], persons=row["persons"]) for row in rows)


def indication(row: Mapping[str, Any]) -> r.CountryIndication:
    """What speaks for a country of a person."""
    stands = r.Provenance(
        exhibit_id=row["exhibit_id"], source_id=row["source_id"], locator=row["locator"]
    )
    return r.CountryIndication(country=row["country"], basis=CountryBasis(row["basis"]),
                               confidence=row["confidence"], proof=(stands,))  # fmt: skip


def attribution(row: Mapping[str, Any], exhibits: frozenset[str]) -> r.Attribution:
    """What ties an account to a person; of a device that no row goes of, without where."""
    stands = r.Provenance(exhibit_id=row["exhibit_id"] or "", locator=row["locator"])
    return r.Attribution(
        account_id=row["account_id"], rule=LinkRule(row["rule"]), judgement=row["judgement"],
        proof=(stands,) if row["exhibit_id"] in exhibits else (),
    )  # fmt: skip
