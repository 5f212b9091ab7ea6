"""An offer: once a period, what a holder has of persons of interest, as tags in a padded file.

The key is of one partner, one period and one kind, and whoever had it could try every number: it
never leaves the case and is destroyed when the period ends.
"""

import secrets
from collections.abc import Sequence
from pathlib import Path

import msgspec

from clew.casefile.engine import Progress
from clew.casefile.outputs import output
from clew.errors import UsageError
from clew.exchange.deconfliction import private, voprf, wire
from clew.exchange.deconfliction.dealing import Agency, Dealing, check_partner, distinct
from clew.exchange.deconfliction.forms import Form, Kind
from clew.exchange.deconfliction.periods import last_moment, period_of
from clew.exchange.deconfliction.tags import padded, tags
from clew.exchange.deconfliction.wire import MOST_OFFER, Document, Offer, Step
from clew.exchange.moments import stated
from clew.records import Deconfliction, DeconflictionStep


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be offered, and to whom."""

    partner: str
    kind: Kind
    period: str
    legal_basis: str
    forms: Sequence[Form]


def offer(
    dealing: Dealing, agency: Agency, wanted: Wanted, out: Path, progress: Progress
) -> Deconfliction:
    """Make an offer and write it to ``out``; UsageError where there was one for this period."""
    forms = _checked(dealing, wanted)
    seed = secrets.token_bytes(voprf.SEED)
    header = Offer(
        step=Step.OFFER, sender=agency.id, receiver=wanted.partner, offer=secrets.token_hex(16),
        kind=wanted.kind, period=wanted.period, made_at=stated(dealing.at),
        holds_until=stated(last_moment(wanted.period)), count=0, body_sha256="",
        public="",
    )  # fmt: skip
    key = voprf.key(seed, _info(header))
    header = msgspec.structs.replace(header, public=key.public.hex())
    texts = tuple(form.text for form in forms)
    holding = private.Holding(header=header, seed=seed.hex(), forms=texts)
    document = _file(holding, forms, agency, progress)
    holding = msgspec.structs.replace(holding, header=document.header)
    with private.opened(dealing.case, dealing.at), output(out, dealing.case.folder) as hidden:
        _refuse_second(dealing, wanted)
        private.keep_key(dealing.case, holding)
        hidden.write_bytes(document.data)
        row = dealing.row(
            DeconflictionStep.OFFERED, document, partner_id=wanted.partner, own_count=len(forms),
            legal_basis=wanted.legal_basis,
        )  # fmt: skip
        return dealing.case.ledger.enter(row)


def made_before(dealing: Dealing, partner_id: str, kind: str, period: str) -> Deconfliction:
    """The offer that was made to a partner; UsageError where there was none."""
    for row in dealing.steps(DeconflictionStep.OFFERED):
        if (row.partner_id, row.asked_kind, row.period) == (partner_id, kind, period):
            return row
    raise UsageError(
        f"no offer of {kind} for {period} was made to {partner_id}",
        do="See them with: clew deconflict list CASE. To make one, leave --again out.",
    )


def again(dealing: Dealing, agency: Agency, offer_id: str, out: Path, progress: Progress) -> None:
    """Write an offer once more, to the last byte as it was: a second one would show what changed.

    UsageError where the case made none, or its key is gone.
    """
    with private.opened(dealing.case, dealing.at), output(out, dealing.case.folder) as hidden:
        holding = private.key_of(dealing.case, offer_id)
        if holding is None:
            raise UsageError(
                "the case has no key of such an offer", do="See: clew deconflict list CASE"
            )
        if not all(holding.forms):
            raise UsageError(
                "somebody of the offer was erased since, so it can't be written as it was",
                do="Make an offer in the next period.",
            )
        forms = [Form(holding.header.kind, text) for text in holding.forms]
        hidden.write_bytes(_file(holding, forms, agency, progress).data)


def key_of(holding: private.Holding) -> voprf.Key:
    """The key of an offer."""
    return voprf.key(bytes.fromhex(holding.seed), _info(holding.header))


def tags_of(holding: private.Holding, progress: Progress) -> dict[bytes, Form]:
    """What stands behind each tag of an offer, but for who was erased since."""
    forms = [Form(holding.header.kind, text) for text in holding.forms if text]
    found = tags(key_of(holding), [form.input for form in forms], progress)
    return dict(zip(found, forms, strict=True))


def _file(
    holding: private.Holding, forms: Sequence[Form], agency: Agency, progress: Progress
) -> Document[Offer]:
    own = tags(key_of(holding), [form.input for form in forms], progress)
    rows = padded(own, bytes.fromhex(holding.seed))
    return wire.made(holding.header, rows, agency.signer)


def _info(header: Offer) -> bytes:
    """Public text of a key: it is of one partner, one period and one kind."""
    scope = f"{header.sender}|{header.receiver}|{header.period}|{header.kind}"
    return f"clew deconflict 1|{scope}".encode()


def _checked(dealing: Dealing, wanted: Wanted) -> tuple[Form, ...]:
    """What is offered, each once; UsageError where it can't be."""
    check_partner(dealing.partners, wanted.partner, dealing.at)
    forms = distinct(wanted.forms)
    if not wanted.legal_basis.strip() or not dealing.reason.strip():
        raise UsageError(
            "an offer needs a legal basis and a reason", do="Say both: --legal-basis … --reason …"
        )
    if not forms:
        raise UsageError("there is nothing to offer", do="See why with --dry-run.")
    if len(forms) > MOST_OFFER:
        raise UsageError(f"an offer has at most {MOST_OFFER} identifiers", do="Offer fewer.")
    if wanted.period != (present := period_of(dealing.at)):
        raise UsageError(
            f"an offer is of the present half-year, {present}: one for {wanted.period} would give "
            "the partner another quota today, and keep its key too long",
            do="Leave --period out.",
        )
    _refuse_second(dealing, wanted)
    return forms


def _refuse_second(dealing: Dealing, wanted: Wanted) -> None:
    for row in dealing.steps(DeconflictionStep.OFFERED):
        if (row.partner_id, row.asked_kind, row.period) == (
            wanted.partner, wanted.kind, wanted.period
        ):  # fmt: skip
            raise UsageError(
                f"an offer of {wanted.kind} for {wanted.period} was made to {wanted.partner} on "
                f"{row.judged_at:%Y-%m-%d}: a second one would show what changed since",
                do="Wait for the next period. Where the file was lost: --again writes the same.",
            )
