"""An ask: blinded points of which the holder learns nothing but how many there are at most."""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import msgspec

from clew.casefile.custody import tree
from clew.casefile.custody.canonical import canonical
from clew.casefile.outputs import output
from clew.errors import UsageError
from clew.exchange.deconfliction import group, private, voprf, wire
from clew.exchange.deconfliction.dealing import (
    MOST_ASKED,
    MOST_POINTS,
    Agency,
    Dealing,
    distinct,
)
from clew.exchange.deconfliction.forms import Form, Kind
from clew.exchange.deconfliction.periods import last_moment
from clew.exchange.deconfliction.refused import Refused, attempt
from clew.exchange.deconfliction.wire import ASKS, Ask, Document, Offer, Step
from clew.exchange.moments import stated
from clew.records import Deconfliction, DeconflictionStep

_LONGEST = 500


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be asked."""

    forms: Sequence[Form]
    legal_basis: str
    days: int = 30
    """Days that the ask holds; never beyond the offer."""


def offered(dealing: Dealing, me: str, file: Path) -> Document[Offer]:
    """An offer of a partner, checked; Refused where anything of it is not as it should be."""
    with attempt(dealing.case, Step.OFFER, file):
        found: Document[Offer] = wire.read(file, Step.OFFER, dealing.partners, dealing.at)
        if found.header.receiver != me:
            raise Refused("receiver", receiver=found.header.receiver, me=me)
        if not group.is_point(bytes.fromhex(found.header.public)):
            raise Refused("point")
        kept = private.offer_file(dealing.case, found.header.offer)
        if _is_another(dealing, found) or (kept.exists() and kept.read_bytes() != found.data):
            raise Refused("another-offer")
        return found


def ask(
    dealing: Dealing, agency: Agency, offer_path: Path, wanted: Wanted, out: Path
) -> Deconfliction:
    """Ask the holder of an offer, and write the points to ``out``."""
    found = offered(dealing, agency.id, offer_path)
    forms = _checked(dealing, found, wanted)
    with private.opened(dealing.case, dealing.at), output(out, dealing.case.folder) as hidden:
        _within_quota(dealing, found.header, len(forms))
        asking, document = _made(dealing, agency, found, wanted, forms)
        private.keep_offer(dealing.case, found.header.offer, offer_path)
        private.keep_blinds(dealing.case, asking)
        hidden.write_bytes(document.data)
        row = dealing.row(
            DeconflictionStep.ASKED, document, partner_id=found.header.sender,
            own_count=len(forms), commitment=asking.header.commitment,
        )  # fmt: skip
        return dealing.case.ledger.enter(row)


def points_of(count: int) -> int:
    """Points of an ask of so many identifiers."""
    return next(size for size in ASKS if size >= count)


def commitment(seed: bytes, forms: Sequence[str]) -> str:
    """Root of the tree over a list, each entry with a salt of its own (RFC 9162, 2.1)."""
    frontier = tree.Frontier()
    for number, form in enumerate(forms):
        salt = voprf.scalar(seed, b"salt", number).to_bytes(32, "little").hex()
        frontier.add(tree.leaf(canonical({"form": form, "salt": salt}).encode()), number)
    return frontier.root.hex()


def blinds(seed: bytes, count: int) -> list[int]:
    """The blinds of an ask, in order."""
    return [voprf.scalar(seed, b"blind", number) for number in range(count)]


def _made(
    dealing: Dealing, agency: Agency, found: Document[Offer], wanted: Wanted,
    forms: tuple[Form, ...],
) -> tuple[private.Asking, Document[Ask]]:  # fmt: skip
    offer, seed = found.header, secrets.token_bytes(voprf.SEED)
    texts = tuple(form.text for form in forms)
    own = [voprf.blind(f.input, r) for f, r in zip(forms, blinds(seed, len(forms)), strict=True)]
    rows = sorted([*own, *(group.any_point() for _ in range(points_of(len(own)) - len(own)))])
    until = min(dealing.at + timedelta(days=wanted.days), last_moment(offer.period))
    header = Ask(
        step=Step.ASK, sender=agency.id, receiver=offer.sender, offer=offer.offer,
        kind=offer.kind, period=offer.period, made_at=stated(dealing.at),
        holds_until=stated(until), count=0, body_sha256="", ask=secrets.token_hex(16),
        offer_sha256=found.sha256, case=dealing.case.config.case_id,
        legal_basis=wanted.legal_basis, commitment=commitment(seed, texts),
    )  # fmt: skip
    document = wire.made(header, rows, agency.signer)
    at = {point: number for number, point in enumerate(rows)}
    asking = private.Asking(
        header=document.header, seed=seed.hex(), forms=texts,
        positions=tuple(at[point] for point in own), ask_sha256=document.sha256,
        points_hex=document.body.hex(),
    )  # fmt: skip
    return asking, document


def _checked(dealing: Dealing, found: Document[Offer], wanted: Wanted) -> tuple[Form, ...]:
    """What is asked for, each once; UsageError where it can't be."""
    forms = distinct(wanted.forms)
    if not wanted.legal_basis.strip() or not dealing.reason.strip():
        raise UsageError(
            "an ask needs a legal basis and a reason", do="Say both: --legal-basis … --reason …"
        )
    if len(wanted.legal_basis) > _LONGEST:
        raise UsageError(
            f"a legal basis has at most {_LONGEST} characters in an ask", do="Say it shorter."
        )
    if not forms or any(form.kind is not Kind(found.header.kind) for form in forms):
        raise UsageError(
            f"there is nothing to ask of the kind {found.header.kind}",
            do="Give what the offer is of: --list FILE or --person PERSON.",
        )
    _within_quota(dealing, found.header, len(forms))
    return forms


def _within_quota(dealing: Dealing, offer: Offer, count: int) -> None:
    """UsageError where the holder would refuse: the partner may ask so many in one period."""
    earlier = sum(
        row.points for row in dealing.steps(DeconflictionStep.ASKED)
        if (row.partner_id, row.period) == (offer.sender, offer.period)
    )  # fmt: skip
    if count > MOST_ASKED or earlier + points_of(count) > MOST_POINTS:
        raise UsageError(
            f"{count} identifiers are more than {offer.sender} answers in {offer.period}: "
            f"{MOST_ASKED} in all, and {earlier} points were asked before",
            do="Ask for fewer, or in the next period. An ask counts with its padding: "
            f"{', '.join(map(str, ASKS))}.",
        )


def _is_another(dealing: Dealing, found: Document[Offer]) -> bool:
    """Whether the case asked on another offer of this partner, period and kind."""
    header = found.header
    return any(
        (row.partner_id, row.period, row.asked_kind) == (header.sender, header.period, header.kind)
        and row.offer_id != header.offer
        for row in dealing.steps(DeconflictionStep.ASKED)
    )
