"""An answer: two officers of the holder agree, with two keys, and the points are computed.

The holder learns how many points there are, who asks, on what basis, and a commitment to the list.
An ask is answered once, and a partner has a quota for each period.
"""

import base64
from collections.abc import Iterator
from pathlib import Path

from clew.casefile.custody.canonical import canonical
from clew.casefile.custody.checkpoint import Signer, is_right
from clew.casefile.outputs import output
from clew.errors import UsageError
from clew.exchange.deconfliction import private, voprf, wire
from clew.exchange.deconfliction.dealing import MOST_POINTS, Agency, Dealing
from clew.exchange.deconfliction.offering import key_of
from clew.exchange.deconfliction.refused import Refused, attempt
from clew.exchange.deconfliction.wire import Answer, Ask, Document, Officer, Step
from clew.exchange.moments import stated
from clew.records import Deconfliction, DeconflictionStep

_OFFICERS = 2
"""Officers who sign for an answer."""
_BEGINS = b"clew deconfliction release, version 1\n"


def asked(dealing: Dealing, file: Path) -> tuple[Document[Ask], private.Holding]:
    """An ask on an offer of this case, checked, with the offer; Refused where anything is amiss."""
    found: Document[Ask] = wire.read(file, Step.ASK, dealing.partners, dealing.at)
    header = found.header
    offers = dealing.steps(DeconflictionStep.OFFERED)
    offer = next((row for row in offers if row.offer_id == header.offer), None)
    if offer is None or offer.file_sha256 != header.offer_sha256:
        raise Refused("unknown-offer")
    holding = private.key_of(dealing.case, header.offer)
    if holding is None:
        raise Refused("key-destroyed")
    own = holding.header
    if (header.sender, header.receiver) != (own.receiver, own.sender):
        raise Refused("receiver", receiver=header.receiver, me=own.sender)
    if (header.kind, header.period) != (own.kind, own.period):
        raise Refused("unknown-offer")
    _once(dealing, header)
    _within_quota(dealing, header)
    return found, holding


def answer(dealing: Dealing, agency: Agency | None, file: Path, out: Path | None) -> Deconfliction:
    """Release an ask as the first officer, or as the second answer it to ``out``.

    Of the row's steps ``released`` says that another officer has still to agree.
    """
    case, officer = dealing.case, dealing.case.custody.analyst
    if officer is None:
        raise UsageError("an answer is released by a person", do="See: clew whoami")
    with private.opened(case, dealing.at):
        with attempt(case, Step.ASK, file):
            found, holding = asked(dealing, file)
        own = _officer(found, officer.signer)
        first = next((r for r in _releases(dealing, found) if r.officer_key != own.key), None)
        if first is None:
            return _release(dealing, found, own)
        if agency is None or out is None:
            raise UsageError(
                "you are the second officer, and an answer needs a file and the agency's key",
                do="Give --out FILE, --key FILE and --name NAME; nothing was answered.",
            )
        officers = (Officer(str(first.officer_key), str(first.release)), own)
        document = _computed(dealing, agency, found, holding, officers)
        with output(out, case.folder) as hidden:
            hidden.write_bytes(document.data)
            row = dealing.row(
                DeconflictionStep.ANSWERED, document, officer_key=own.key,
                partner_id=found.header.sender, legal_basis=found.header.legal_basis,
            )  # fmt: skip
            return dealing.case.ledger.enter(row)


def released_by_two(ask_sha256: str, officers: tuple[Officer, ...]) -> bool:
    """Whether two officers with two keys signed for the answer to an ask."""
    are_releases = all(_is_release(ask_sha256, officer) for officer in officers)
    return (
        are_releases
        and len(officers) == _OFFICERS
        and len({_key(o) for o in officers}) == _OFFICERS
    )


def _computed(
    dealing: Dealing, agency: Agency, found: Document[Ask], holding: private.Holding,
    officers: tuple[Officer, ...],
) -> Document[Answer]:  # fmt: skip
    ask = found.header
    if agency.id != holding.header.sender:
        raise UsageError(
            f"the offer was made by {holding.header.sender}, and not by {agency.id}",
            do=f"Give --me {holding.header.sender} with its key.",
        )
    points, proof = voprf.answer(key_of(holding), found.rows)
    header = Answer(
        step=Step.ANSWER, sender=ask.receiver, receiver=ask.sender, offer=ask.offer, kind=ask.kind,
        period=ask.period, made_at=stated(dealing.at), holds_until=ask.holds_until, count=0,
        body_sha256="", ask=ask.ask, ask_sha256=found.sha256, officers=officers,
    )  # fmt: skip
    return wire.made(header, points, agency.signer, proof)


def _release(dealing: Dealing, found: Document[Ask], own: Officer) -> Deconfliction:
    """Keep that one officer agrees; once is enough."""
    for row in _releases(dealing, found):
        if row.officer_key == own.key:
            return row
    return dealing.case.ledger.enter(
        dealing.row(DeconflictionStep.RELEASED, found, officer_key=own.key, release=own.signature)
    )


def _releases(dealing: Dealing, found: Document[Ask]) -> Iterator[Deconfliction]:
    """What officers signed for this very ask, and still counts."""
    for row in dealing.steps(DeconflictionStep.RELEASED):
        of_it = (row.exchange_id, row.file_sha256) == (found.header.ask, found.sha256)
        officer = Officer(row.officer_key or "", row.release or "")
        if of_it and row.counts and _is_release(found.sha256, officer):
            yield row


def _once(dealing: Dealing, ask: Ask) -> None:
    for row in dealing.steps(DeconflictionStep.ANSWERED):
        if row.exchange_id == ask.ask:
            raise Refused("replayed", ask=ask.ask, at=stated(row.judged_at))


def _within_quota(dealing: Dealing, ask: Ask) -> None:
    points = ask.count + sum(
        row.points for row in dealing.steps(DeconflictionStep.ANSWERED)
        if (row.partner_id, row.period) == (ask.sender, ask.period)
    )  # fmt: skip
    if points > MOST_POINTS:
        raise Refused(
            "quota", partner=ask.sender, points=points, period=ask.period, most=MOST_POINTS
        )


def _officer(found: Document[Ask], signer: Signer) -> Officer:
    signature = signer.sign(_statement(found.sha256))
    return Officer(base64.b64encode(signer.public).decode(), base64.b64encode(signature).decode())


def _key(officer: Officer) -> bytes:
    """A key itself: one has several texts in base64."""
    return base64.b64decode(officer.key, validate=True)


def _is_release(ask_sha256: str, officer: Officer) -> bool:
    try:
        key, signature = (
            base64.b64decode(part, validate=True) for part in (officer.key, officer.signature)
        )
    except ValueError:
        return False
    return is_right(key, signature, _statement(ask_sha256))


def _statement(ask_sha256: str) -> bytes:
    return _BEGINS + canonical({"ask_sha256": ask_sha256}).encode()
