"""``clew pack``: make the draft of a package for a partner, or see what it would have in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clew.cli.options import DAY, by_option
from clew.cli.output import case_argument, json_option, say, say_next, write_json
from clew.cli.signing import decides

if TYPE_CHECKING:
    from clew.casefile import Case
    from clew.exchange.packing.draft import Draft
    from clew.exchange.packing.naming import Receiver
    from clew.exchange.packing.request import Request

GROUP = "Hand over"
_YEAR = timedelta(days=365)


@click.command(no_args_is_help=True)
@case_argument
@click.option("--to", "to", multiple=True, help="Partner who may open it; several several times.")
@click.option("--legal-basis", default="", help="Legal basis of the transfer; it names nobody.")
@click.option("--purpose", default="", help="What it is sent for, where that is something else.")
@click.option("--from", "sender", help="Who sends; by default the country of all exhibits.")
@click.option("--keep-until", type=DAY, help="Last day on which it may be kept; a year from now.")
@click.option("--texts", is_flag=True, help="With what people wrote, titles and file names.")
@click.option("--desk", is_flag=True, help="For the desk that identifies victims: them alone.")
@click.option("--language", "languages", multiple=True, help="Language of a cover page beside the "
              "English one; by default those of the receivers' countries.")  # fmt: skip
@click.option("--supersedes", help="Earlier package that this one replaces.")
@click.option("--dry-run", is_flag=True, help="Say what it would have in it; nothing is kept.")
@by_option
@json_option
def pack(case: Path, by: str | None, as_json: bool, dry_run: bool, **asked: Any) -> None:
    r"""Make the draft of a package: the rows of those whom signed decisions name to the partner.

    Of everybody else there are counts by country, and tokens that only you can open (clew token).
    What people wrote is withheld unless --texts asks for it; the draft says how many texts mention
    somebody who is not named. A second person approves it (clew approve) before it is sealed.

    \b
    clew pack cases/op-17 --to PT --legal-basis "order 12/26" --dry-run
    clew pack cases/op-17 --to PT --legal-basis "order 12/26" --keep-until 2028-01-01
    """
    from clew import pipeline
    from clew.casefile import open_case
    from clew.casefile.step_manifest import WHOLE_CASE
    from clew.errors import UsageError
    from clew.exchange.packing import draft
    from clew.exchange.packing.compose import Known

    with open_case(case) as opened, opened.over(WHOLE_CASE):  # nothing received goes on
        if pipeline.pending(opened):
            raise UsageError(
                "steps are still to do, so that a package would lack what they find",
                do=f"Do them first: clew run {case}; nothing was written.",
            )
        request = _request(opened, asked)
        request.check()
        name = "" if dry_run else decides(opened, by)
        opened.custody.append("packing", dry_run=dry_run, to=list(asked["to"]),
                              texts=request.texts, desk=request.desk)  # fmt: skip
        into = draft.scratch(opened)
        try:
            made = draft.make(opened, request, Known.of(opened), into)
            if not dry_run:
                draft.keep(opened, request, made, into, name)
        finally:
            draft.remove(into)
        home = draft.folder(opened, made.package)
    _say_content(made, as_json=as_json)
    if dry_run:
        say("Nothing was kept: this is what the package would have in it.")
    else:
        say("Draft {package}: {home}", package=made.package, home=home)
        say("A second person reads it, and approves it with a key of his own.")
        say_next("approve {case} {package} --reason REASON", case=case, package=made.package)


def _request(case: Case, asked: dict[str, Any]) -> Request:
    from clew.exchange.packing.request import PURPOSE, Request, languages

    end = asked["keep_until"] or datetime.now(UTC) + _YEAR
    receivers = tuple(_receiver(case, name) for name in sorted(set(asked["to"])))
    return Request(
        sender=_sender(case, asked["sender"]), receivers=receivers,
        legal_basis=asked["legal_basis"].strip(), purpose=asked["purpose"].strip() or PURPOSE,
        keep_until=end.date(), texts=asked["texts"], desk=asked["desk"],
        languages=languages(receivers, asked["languages"]),
        supersedes=_superseded(case, asked),
    )  # fmt: skip


def _sender(case: Case, named: str | None) -> Receiver:
    """Who sends: whom the option names, or the country of all exhibits."""
    from clew.exchange.packing.naming import Receiver
    from clew.exchange.sealing.partners import own_id, seizing_countries

    sender = (named or own_id(case)).strip()
    return Receiver(sender, sender, sender if sender in seizing_countries(case) else None)


def _superseded(case: Case, asked: dict[str, Any]) -> str | None:
    """The package of this case that is to be replaced, which the same partners must have."""
    from clew.exchange.packing import packages

    if asked["supersedes"] is None:
        return None
    return packages.to_supersede(case, asked["supersedes"], asked["to"]).package


def _receiver(case: Case, named: str) -> Receiver:
    from clew.exchange.packing.naming import Receiver
    from clew.exchange.sealing.partners import partners, receivers

    known = partners(case)
    receivers(known, (named,))  # refuses who is not registered, out of time or opens nothing
    partner = known[named]
    return Receiver(named, partner.partner_name or named, partner.country)


def _say_content(made: Draft, *, as_json: bool) -> None:
    """What a draft has in it, and what stays and why."""
    from clew.exchange.packing.coverage import summed
    from clew.words import say as worded

    said, marking = made.coverage, made.content.referral.marking
    stay = summed(said)
    if as_json:
        write_json([{
            "package": made.package, "rows": sum(t.sent for t in said.tables.values()),
            "named": len(made.naming.named), "counted": said.counted, "tokens": said.tokens,
            "texts": said.texts, "texts_withheld": said.texts_withheld,
            "texts_mentioning_others": said.texts_mentioning_others, "bytes": made.size,
            "handling": list(marking.handling), "tlp": marking.tlp, "persons": said.persons,
            "rows_withheld": stay, "tables": {n: t.sent for n, t in said.tables.items() if t.sent},
        }])  # fmt: skip
    say("{rows} rows, {mb} MB; persons named: {named}, counted: {counted}; accounts as tokens: "
        "{tokens}; {handling}, {tlp}", rows=sum(t.sent for t in said.tables.values()),
        mb=f"{made.size / 1e6:.2f}", named=len(made.naming.named), counted=said.counted,
        tokens=said.tokens, handling=", ".join(marking.handling), tlp=str(marking.tlp))  # fmt: skip
    say("texts that people wrote: {texts} go, {withheld} withheld; of all these {mentions} mention "
        "somebody who is not named", texts=said.texts, withheld=said.texts_withheld,
        mentions=said.texts_mentioning_others)  # fmt: skip
    for why, n in stay.items():
        say("rows withheld, {n}: {why}", n=n, why=worded("package_why", why))
    for why, n in said.persons.items():
        if why != "named":
            say("persons not named, {n}: {why}", n=n, why=worded("package_why", why))
