"""Reading an answer: proof first, then hit or no hit for each identifier; and the holder's notice.

What comes out is the partner's word. It is kept as that, beside the case's own facts.
"""

from collections.abc import Iterable
from pathlib import Path

from clew.casefile.engine import Progress
from clew.casefile.outputs import output
from clew.exchange.deconfliction import private, voprf, wire
from clew.exchange.deconfliction.answering import released_by_two
from clew.exchange.deconfliction.asking import blinds
from clew.exchange.deconfliction.dealing import Agency, Dealing
from clew.exchange.deconfliction.forms import Form
from clew.exchange.deconfliction.offering import tags_of
from clew.exchange.deconfliction.refused import Refused, attempt
from clew.exchange.deconfliction.tags import tag
from clew.exchange.deconfliction.wire import Answer, Document, Header, Notice, Offer, Step
from clew.exchange.moments import stated
from clew.records import Deconfliction, DeconflictionResult, DeconflictionStep
from clew.schema import Row, replace


def answer(
    dealing: Dealing, agency: Agency, file: Path, notice: Path
) -> tuple[Deconfliction, list[DeconflictionResult]]:
    """Read the answer to an ask of this case, and write the notice for the holder.

    Refused where anything of it is not as it should be; then nothing of it is believed.
    """
    case = dealing.case
    with private.opened(case, dealing.at):
        with attempt(case, Step.ANSWER, file):
            found, asking = _answered(dealing, file)
            offer = _offer(dealing, asking)
            hits = _hits(found, asking, offer)
        word = wire.made(_notice(dealing, found), sorted(filter(None, hits)), agency.signer)
        with output(notice, case.folder) as hidden:
            hidden.write_bytes(word.data)
            pairs = zip(asking.forms, map(bool, hits), strict=True)
            said = ((Form(found.header.kind, text), is_hit) for text, is_hit in pairs if text)
            step, results = _kept(dealing, found, DeconflictionStep.READ, said)
        private.destroy_blinds(case, found.header.ask)
    return step, results


def notice(
    dealing: Dealing, file: Path, progress: Progress
) -> tuple[Deconfliction, list[DeconflictionResult]]:
    """Read a partner's word of which tags of an offer of this case were hits."""
    with private.opened(dealing.case, dealing.at), attempt(dealing.case, Step.NOTICE, file):
        found: Document[Notice] = wire.read(file, Step.NOTICE, dealing.partners, dealing.at)
        header = found.header
        answered = next(
            (row for row in dealing.steps(DeconflictionStep.ANSWERED)
             if (row.exchange_id, row.partner_id) == (header.ask, header.sender)), None,
        )  # fmt: skip
        if answered is None or answered.file_sha256 != header.answer_sha256:
            raise Refused("another-ask")
        if any(r.exchange_id == header.ask for r in dealing.steps(DeconflictionStep.NOTICED)):
            raise Refused("noticed", ask=header.ask)
        holding = private.key_of(dealing.case, header.offer)
        if holding is None:
            raise Refused("key-destroyed")
        own = tags_of(holding, progress) if found.rows else {}
        erased = holding.forms.count("")
        if len(found.rows) > answered.points or len(set(found.rows) - set(own)) > erased:
            raise Refused("notice")
        hits = ((own[one], True) for one in found.rows if one in own)
        return _kept(dealing, found, DeconflictionStep.NOTICED, hits, is_own_question=False)


def _answered(dealing: Dealing, file: Path) -> tuple[Document[Answer], private.Asking]:
    """An answer to an ask of this case that two officers released."""
    found: Document[Answer] = wire.read(file, Step.ANSWER, dealing.partners, dealing.at)
    header = found.header
    if any(row.exchange_id == header.ask for row in dealing.steps(DeconflictionStep.READ)):
        raise Refused("read", ask=header.ask)
    asking = private.blinds_of(dealing.case, header.ask)
    if asking is None:
        made = (r for r in dealing.steps(DeconflictionStep.ASKED) if r.exchange_id == header.ask)
        past = next((stated(row.holds_until) for row in made), None)
        raise Refused("expired", at=past) if past else Refused("another-ask")
    own = asking.header
    same = (own.offer, own.kind, own.period, own.count, own.sender, own.receiver)
    if asking.ask_sha256 != header.ask_sha256 or same != (
        header.offer, header.kind, header.period, header.count, header.receiver, header.sender
    ):  # fmt: skip
        raise Refused("another-ask")
    if not released_by_two(header.ask_sha256, header.officers):
        raise Refused("officers")
    return found, asking


def _hits(
    found: Document[Answer], asking: private.Asking, offer: Document[Offer]
) -> list[bytes | None]:
    """The tag of each identifier that is in the offer; None of one that is not."""
    seed = bytes.fromhex(asking.seed)
    forms = [Form(asking.header.kind, text) for text in asking.forms]
    rows = found.rows
    scalars = blinds(seed, len(forms))
    if not voprf.is_proved(bytes.fromhex(offer.header.public), asking.points, rows, found.proof):
        raise Refused("proof")
    outputs = [
        tag(voprf.finish(form.input, scalar, rows[at]))
        for form, scalar, at in zip(forms, scalars, asking.positions, strict=True)
    ]
    found_there = zip(forms, outputs, offer.among(outputs), strict=True)
    return [one if form.text and is_there else None for form, one, is_there in found_there]


def _offer(dealing: Dealing, asking: private.Asking) -> Document[Offer]:
    """The offer that was asked on, as the case kept it."""
    file = private.offer_file(dealing.case, asking.header.offer)
    offer: Document[Offer] = wire.kept(file, Step.OFFER)
    if offer.sha256 != asking.header.offer_sha256:
        raise Refused("another-offer")
    return offer


def _notice(dealing: Dealing, found: Document[Answer]) -> Notice:
    header = found.header
    return Notice(
        step=Step.NOTICE, sender=header.receiver, receiver=header.sender, offer=header.offer,
        kind=header.kind, period=header.period, made_at=stated(dealing.at),
        holds_until=header.holds_until, count=0, body_sha256="", ask=header.ask,
        answer_sha256=found.sha256,
    )  # fmt: skip


def _kept(
    dealing: Dealing, found: Document[Header], step: DeconflictionStep,
    said: Iterable[tuple[Form, bool]], *, is_own_question: bool = True,
) -> tuple[Deconfliction, list[DeconflictionResult]]:  # fmt: skip
    """Write into the ledger what the partner said, all of it in one step."""
    results = [
        DeconflictionResult(
            number=0, exchange_id=getattr(found.header, "ask", ""),
            partner_id=found.header.sender, asked_kind=form.kind, identifier=form.value,
            seen=form.seen, is_hit=is_hit, is_own_question=is_own_question,
            judged_by=dealing.by, reason=dealing.reason, judged_at=dealing.at,
        )
        for form, is_hit in said
    ]  # fmt: skip
    row = dealing.row(step, found, hits=sum(r.is_hit for r in results), own_count=len(results))
    rows: list[Row] = [row, *results]
    numbers = dealing.case.ledger.append_all(rows)
    numbered = [replace(r, number=n) for r, n in zip(results, numbers[1:], strict=True)]
    return replace(row, number=numbers[0]), numbered
