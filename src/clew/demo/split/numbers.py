"""Two countries find out which numbers both have, and show each other none but those."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from clew.casefile import Case, open_case
from clew.casefile.engine import Progress
from clew.casefile.ledger import now
from clew.demo.split import sending
from clew.demo.split.agencies import Agency
from clew.demo.split.sending import BASIS
from clew.exchange.deconfliction import answering, asking, choosing, dealing, offering, reading
from clew.exchange.deconfliction.forms import Form, Kind
from clew.exchange.deconfliction.periods import period_of
from clew.exchange.sealing.partners import partners

_MOST = dealing.MOST_ASKED


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What a deconfliction came to, beside what both sides have in clear."""

    holder: str
    asker: str
    offered: int
    asked: int
    hits: int
    right: int
    """Hits that the holder has in clear."""
    both: int
    """Numbers of the asker's list that the holder offered, compared in clear."""


def pair(
    proposed: Mapping[str, Mapping[str, frozenset[str]]], asks: Mapping[str, frozenset[str]]
) -> tuple[str, str, bool] | None:
    """Holder and asker who have the most numbers in common, and whether of the asker's country.

    ``proposed`` has numbers of the persons proposed, by whose case it is and by country; ``asks``
    what each would ask for. Persons of the asker's country go before all others.
    """
    nobody: frozenset[str] = frozenset()
    found = [
        (len(to.get(asker, nobody) & asks[asker]), len(nobody.union(*to.values()) & asks[asker]),
         holder, asker)
        for holder, to in proposed.items() for asker in proposed if asker != holder
    ]  # fmt: skip
    own, every, holder, asker = max(found, default=(0, 0, "", ""))
    return (holder, asker, bool(own)) if every else None


def numbers_proposed(case: Case) -> dict[str, frozenset[str]]:
    """Numbers of the persons that the rules propose, by country."""
    rows = case.rows("SELECT DISTINCT country FROM routes WHERE state = 'proposed'")
    countries = [str(row["country"]) for row in rows]
    return {one: frozenset(form.text for form in _numbers(case, one)) for one in countries}


def asked_for(case: Case, country: str) -> tuple[Form, ...]:
    """What a country asks for: numbers of its own persons first, and as many as one ask has."""
    return tuple(dict.fromkeys((*_numbers(case, country), *_numbers(case))))[:_MOST]


def _numbers(case: Case, country: str | None = None) -> tuple[Form, ...]:
    persons = sending.proposed(case, country)
    return choosing.of_persons(case, Kind.PHONE, persons).forms


def deconflict(
    holder: Agency, asker: Agency, folder: Path, progress: Progress, *, of_its_country: bool
) -> Found:
    """Offer, ask, answer by two officers, read, and tell the holder: four files in the folder."""
    folder.mkdir(parents=True)
    offer, ask, answer, notice = (folder / f"{n}.file" for n in ("1-offer", "2-ask", "3-answer",
                                                                 "4-notice"))  # fmt: skip
    with open_case(holder.case) as has, open_case(asker.case) as wants:
        country = asker.country if of_its_country else None
        sending.name(has, holder, sending.proposed(has, country), asker)
        own = choosing.persons_of_interest(has, (asker.id,))
        choosing.refuse_others(has, own)
        offered = choosing.of_persons(has, Kind.PHONE, own).forms
        asked = asked_for(wants, asker.id)
        offering.offer(
            _dealing(has, holder), _unit(holder),
            offering.Wanted(partner=asker.id, kind=Kind.PHONE, legal_basis=BASIS, forms=offered,
                            period=period_of(datetime.now(UTC))),
            offer, progress,
        )  # fmt: skip
        asking.ask(
            _dealing(wants, asker), _unit(asker), offer,
            asking.Wanted(forms=asked, legal_basis=BASIS), ask,
        )  # fmt: skip
        answering.answer(_dealing(has, holder), None, ask, None)
        answering.answer(_dealing(has, holder, 1), _unit(holder), ask, answer)
        _, results = reading.answer(_dealing(wants, asker), _unit(asker), answer, notice)
        reading.notice(_dealing(has, holder), notice, progress)
    clear = {form.text for form in offered}
    hits = [one for one in results if one.is_hit]
    return Found(
        holder=holder.id, asker=asker.id, offered=len(offered), asked=len(asked), hits=len(hits),
        right=sum(f"{one.identifier}|{one.seen}" in clear for one in hits),
        both=sum(form.text in clear for form in asked),
    )  # fmt: skip


def _dealing(case: Case, own: Agency, officer: int = 0) -> dealing.Dealing:
    signed = own.at_work(case, officer)
    return dealing.Dealing(
        case=case, partners=partners(case), by=signed.by, reason=signed.reason,
        at=now(),
    )  # fmt: skip


def _unit(own: Agency) -> dealing.Agency:
    return dealing.Agency(own.id, own.signer)
