"""``clew partner``: other agencies, and the keys of theirs that were checked."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clew.cli.options import DAY, FILE, by_option
from clew.cli.output import (
    Asked,
    case_argument,
    json_option,
    log_reading,
    reading_command,
    say,
    write_json,
    write_table,
)
from clew.cli.signing import decides
from clew.errors import Ending

if TYPE_CHECKING:
    from clew.exchange.sealing.partners import Registration

GROUP = "Hand over"


@click.group(no_args_is_help=True)
def partner() -> None:
    r"""Register other agencies with the keys that you checked with them, and look at them.

    \b
    clew partner add cases/op-17 PT --name "PJ Porto" --country PT --verifier KEY --age age1… \
        --valid-until 2027-06-30 --checked-how "read by telephone, number from the directory"
    clew partner list cases/op-17
    clew partner check cases/op-17
    """


@partner.command(no_args_is_help=True)
@case_argument
@click.argument("partner_id", metavar="ID")
@click.option("--name", "partner_name", required=True, help="Name of the agency.")
@click.option("--country", help="Its country, in two letters; of an international body none.")
@click.option("--kind", "partner_kind", default="police",
              type=click.Choice(("police", "court", "europol", "interpol")))  # fmt: skip
@click.option("--verifier", help="Key that signs its packages, as NAME+ID+KEY.")
@click.option("--age", "age_recipient", help="Recipient of age that it opens packages with.")
@click.option("--certificate", type=FILE, help="Certificate that it opens packages with.")
@click.option("--openpgp", type=FILE, help="OpenPGP certificate that it opens packages with.")
@click.option("--valid-from", type=DAY, help="First day of the registration; today if left out.")
@click.option("--valid-until", type=DAY, required=True, help="Last day of the registration.")
@click.option("--checked-how", required=True, help="How you made sure that the keys are theirs.")
@by_option
@json_option
def add(case: Path, by: str | None, as_json: bool, **given: Any) -> None:
    r"""Register a partner with its keys; a later registration of the same ID counts instead.

    ID is what packages call the partner, such as PT: both sides use one. Compare keys by a way that
    you already know, such as a telephone number from a directory, and say how. A registration is a
    signed judgement; to end one, register it again with a day that is past.

    \b
    clew partner add cases/op-17 PT --name "PJ Porto" --country PT --verifier KEY \
        --certificate pj.pem --valid-until 2027-06-30 --checked-how "by telephone, see file note 4"
    """
    from clew.casefile import open_case
    from clew.exchange.sealing import partners

    with open_case(case) as opened:
        registered = partners.register(opened, _registration(given), decides(opened, by))
    if as_json:
        write_json([{"number": registered.number, "partner_id": registered.partner_id}])
    say("judgement {number}: {partner} is registered until {day}", number=registered.number,
        partner=registered.partner_id, day=f"{registered.valid_until:%Y-%m-%d}")  # fmt: skip
    if registered.verifier:
        say("Its key that signs: {digits}", digits=partners.fingerprint(registered.verifier))
    if registered.certificate_sha256:
        say("SHA-256 of its certificate: {digits}", digits=registered.certificate_sha256)


@partner.command(name="list", no_args_is_help=True)
@reading_command
def list_(asked: Asked) -> None:
    """List partners as they are registered now, and since when."""
    with asked.reading("partners") as reading:
        rows = reading.view("partners", limit=0).rows
    asked.write(rows, "partners")


@partner.command(no_args_is_help=True)
@case_argument
@json_option
def check(case: Path, as_json: bool) -> Ending:
    r"""Say which registrations need a look: out of time, without a key, or with another's key.

    Exit code 1 if any does.

    \b
    clew partner check cases/op-17
    """
    from clew.casefile import open_case
    from clew.exchange.sealing import partners
    from clew.words import registers

    with open_case(case) as opened:
        log_reading(opened, "partner check")
        found = list(partners.problems(partners.partners(opened), datetime.now(UTC)))
    codes = registers()["partner_problem"]
    rows = [
        {"partner_id": name, "problem": code, "means": codes[code].sentence.say,
         "do": codes[code].do}
        for name, code in found
    ]  # fmt: skip
    if as_json:
        write_json(rows)
    elif rows:
        write_table(rows)
    if not rows:
        say("Nothing needs a look.")
    return Ending.look(rows)


def _registration(given: dict[str, Any]) -> Registration:
    """What was typed, as it is to be registered."""
    from clew.exchange.sealing.partners import Registration
    from clew.records import PartnerKind

    begin = given["valid_from"] or datetime.now(UTC).replace(hour=0, minute=0, second=0,
                                                             microsecond=0)  # fmt: skip
    last = given["valid_until"].replace(hour=23, minute=59, second=59, tzinfo=UTC)
    registered = {
        **given, "partner_kind": PartnerKind(given["partner_kind"]),
        "valid_from": begin.replace(tzinfo=UTC), "valid_until": last,
    }  # fmt: skip
    for name in ("certificate", "openpgp"):
        registered[name] = given[name].read_bytes() if given[name] else None
    return Registration(**registered)
