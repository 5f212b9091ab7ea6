"""``clew erase``: take a person out of what Clew keeps."""

from pathlib import Path

import click

from clew.cli.options import by_option
from clew.cli.output import case_argument, how_many, json_option, say, write_json
from clew.cli.signing import decides

GROUP = "Judge"


@click.command(no_args_is_help=True)
@case_argument
@click.option("--person", required=True, help="The person, by id, account or pseudonym.")
@by_option
@click.option("--reason", required=True, help="Why; it stays, so it must not name the person.")
@click.option("--dry-run", is_flag=True, help="Say what would be erased, and change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask again.")
@json_option
def erase(
    case: Path, person: str, by: str | None, reason: str, dry_run: bool, yes: bool, as_json: bool
) -> None:
    r"""Erase a person: identifiers, names and texts leave tables, judgements and readings.

    It can't be taken back. Numbers of messages and members stay, under a stand-in that names
    nobody. Evidence is left as it is: it is returned or destroyed by whoever has the authority, and
    the files that hold the person are listed here. No later run brings the person back.

    \b
    clew erase cases/op-17 --person person-1a2b3c4d --reason "order 12/26" --yes
    """
    from clew.casefile import open_case
    from clew.exchange.deconfliction import private
    from clew.exchange.packing import packages
    from clew.exchange.routing.decisions import Signed
    from clew.judgements import erasure
    from clew.reading.resolve import resolve

    with open_case(case) as opened, opened.writing():
        found = erasure.extent(opened, resolve(opened, person))
        about = {
            "accounts": len(found.accounts), "judgements": len(found.judgements),
            "readings": len(found.sealed),
        }  # fmt: skip
        say(
            "To be erased: {names}.",
            names=", ".join(how_many(what, n) for what, n in about.items()),
        )
        paths = [opened.masking().text(path) for path in erasure.paths(opened, found)]
        for (exhibit, source), path in zip(found.sources, paths, strict=True):
            say("Left in evidence: {exhibit} {path} (SHA-256 {source})", exhibit=exhibit,
                path=path, source=source)  # fmt: skip
        if dry_run:
            number = None
            say("Nothing was changed; without --dry-run it is erased for good.")
        else:
            if not yes:
                click.confirm("Erase for good?", abort=True, err=True)
            erased_by = decides(opened, by)
            packages.discard_open(opened, Signed(erased_by, "a person is erased"))
            number = erasure.erase(opened, found, erased_by, reason)
            private.forget(opened, found.identifiers)
            say(
                "erasure {number} is done; conclusions are drawn anew by: clew run {case}",
                number=number,
                case=case,
            )
    if as_json:
        write_json(
            [
                {
                    "erasure": number,
                    **about,
                    "left_in": [[*s, path] for s, path in zip(found.sources, paths, strict=True)],
                }
            ]
        )
