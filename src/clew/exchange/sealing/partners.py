"""Partners: which keys are whose, as a named person checked and signed for it."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from clew.casefile import Case
from clew.casefile.custody.checkpoint import parse_verifier
from clew.casefile.custody.identity import read_aloud
from clew.casefile.ledger import now
from clew.casefile.step_manifest import WHOLE_CASE
from clew.errors import UsageError
from clew.exchange.sealing.envelope import PARTY
from clew.exchange.sealing.locks import Receiver
from clew.records import Partner, PartnerKind
from clew.relations import step_queries

_COUNTRY = re.compile(r"[A-Z]{2}")
_SOON = timedelta(days=30)


class Registration(msgspec.Struct, frozen=True, kw_only=True):
    """A partner as it is to be registered; at least one key is needed."""

    partner_id: str
    partner_name: str
    partner_kind: PartnerKind
    valid_from: datetime
    valid_until: datetime
    checked_how: str
    country: str | None = None
    verifier: str | None = None
    age_recipient: str | None = None
    certificate: bytes | None = None
    openpgp: bytes | None = None


def register(case: Case, given: Registration, judged_by: str) -> Partner:
    """Write a partner into the ledger, signed by whoever works here; UsageError of a wrong key."""
    _check_words(given)
    if given.verifier:
        parse_verifier(given.verifier)
    receiver = Receiver(
        party=given.partner_id, age_recipient=given.age_recipient,
        certificate=given.certificate, openpgp=given.openpgp,
    )  # fmt: skip
    if receiver.opens:
        receiver.check()
    elif not given.verifier:
        raise UsageError(
            "a partner needs a key",
            do="Give --verifier for one that sends, and --age, --certificate or --openpgp for one "
            "that receives.",
        )
    fields: dict[str, Any] = msgspec.structs.asdict(given)
    certificate, digest = receiver.certificate_text()
    fields |= {"certificate": certificate, "certificate_sha256": digest}
    fields |= {"openpgp": receiver.openpgp_text()}
    row = Partner(
        number=0, judged_by=judged_by, reason=given.checked_how,
        judged_at=now(), **fields,
    )  # fmt: skip
    return case.ledger.enter(row)


def partners(case: Case) -> dict[str, Partner]:
    """Partners as they are registered now, by id."""
    rows = case.ledger.judgements(Partner)
    return {row.partner_id: row for row in rows if row.counts}


def seizing_countries(case: Case) -> list[str]:
    """Countries that seized the case's own exhibits; what others sent says who they are."""
    with case.over(WHOLE_CASE):
        return [str(row["country"]) for row in case.rows(step_queries()["countries_seizing"])]


def own_id(case: Case) -> str:
    """Under which id this agency is registered: the country of all exhibits, where it is one."""
    countries = seizing_countries(case)
    if len(countries) != 1:
        raise UsageError(
            f"exhibits are of {', '.join(countries) or 'no country'}: it is not clear who sends",
            do="Say who you are to your partners: --from ES",
        )
    return countries[0]


def receivers(known: Mapping[str, Partner], named: tuple[str, ...]) -> tuple[Receiver, ...]:
    """Keys of the receivers of a package; UsageError of one who is not registered or out of time.

    ``named`` are ids of partners; ``known`` what ``partners`` gives.
    """
    return tuple(_receiver(known, name) for name in sorted(set(named)))


def registered(known: Mapping[str, Partner], name: str, at: datetime) -> Partner:
    """A partner by id; UsageError where none is registered, or its keys are out of time."""
    found = known.get(name)
    if found is None:
        raise UsageError(
            f"there is no partner {name!r}",
            do=f"Registered are: {', '.join(sorted(known)) or 'none'}. See: clew partner add",
        )
    if not _is_valid(found, at):
        raise UsageError(
            f"the keys of {name} are registered from {found.valid_from:%Y-%m-%d} to "
            f"{found.valid_until:%Y-%m-%d}",
            do="Check their keys with them anew, then: clew partner add",
        )
    return found


def _receiver(known: Mapping[str, Partner], name: str) -> Receiver:
    found = registered(known, name, datetime.now(UTC))
    certificate = found.certificate.encode() if found.certificate else None
    receiver = Receiver(
        party=name, age_recipient=found.age_recipient, certificate=certificate,
        openpgp=found.openpgp.encode() if found.openpgp else None,
    )  # fmt: skip
    receiver.check()
    return receiver


def _is_valid(found: Partner, at: datetime) -> bool:
    """Whether a registration holds at a moment."""
    return found.valid_from <= at <= found.valid_until


def problems(known: Mapping[str, Partner], at: datetime) -> Iterator[tuple[str, str]]:
    """Partner and code of whatever needs a look: keys out of time, or borne by two."""
    for name, found in sorted(known.items()):
        if found.valid_until < at:
            yield name, "expired"
        elif not _is_valid(found, at):
            yield name, "not-yet"
        elif found.valid_until < at + _SOON:
            yield name, "soon"
        receiver = Receiver(
            party=name, certificate=found.certificate.encode() if found.certificate else None
        )
        for code in receiver.certificate_problems(at):
            yield name, code
        if not found.verifier:
            yield name, "no-verifier"
        elif _sharing(known, name, found.verifier):
            yield name, "shared-key"


def _sharing(known: Mapping[str, Partner], name: str, verifier: str) -> bool:
    _, key = parse_verifier(verifier)
    others = (p.verifier for other, p in known.items() if other != name and p.verifier)
    return any(parse_verifier(other)[1] == key for other in others)


def fingerprint(verifier: str) -> str:
    """What two people read to each other to compare a partner's key."""
    return read_aloud(parse_verifier(verifier)[1])


def _check_words(given: Registration) -> None:
    """UsageError where a word of a registration can't be."""
    if not PARTY.fullmatch(given.partner_id):
        raise UsageError(
            f"{given.partner_id!r} can't be the id of a partner",
            do="Give what packages call it, such as PT or PT-unit4: at most 40 letters, digits, "
            "dashes; the first is a capital or a digit.",
        )
    if given.country is not None and not _COUNTRY.fullmatch(given.country):
        raise UsageError(f"{given.country!r} is no country", do="Give two letters, such as PT.")
    if not given.checked_how.strip() or not given.partner_name.strip():
        raise UsageError(
            "a partner needs a name, and how its keys were checked",
            do='As in: --checked-how "read to each other by telephone, number from the directory"',
        )
    if given.valid_from >= given.valid_until:
        raise UsageError(
            "the registration ends before it begins", do="Give --valid-until a later day."
        )
