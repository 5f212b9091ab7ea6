"""``clew token``: open a token of a package that this case sent, on a legal basis."""

from pathlib import Path

import click

from clew.cli.output import case_argument, json_option, reading_of, write_json, write_table

GROUP = "Hand over"


@click.command(no_args_is_help=True)
@case_argument
@click.argument("token", metavar="TOKEN")
@click.option("--legal-basis", required=True, help="Legal basis on which it is opened.")
@json_option
def token(case: Path, token: str, legal_basis: str, as_json: bool) -> None:
    r"""Say which account stands behind a token, for a partner who asks with a legal basis.

    Only the case that made the token can open it. Who opened it, when and on what basis is logged
    before it is shown; whom it shows is sealed in the log.

    \b
    clew token cases/op-17 token:7f3a… --legal-basis "request 31/26 of PT, EIO of 3 June"
    """
    from clew.errors import UsageError
    from clew.exchange.packing.opening import open_token

    if not legal_basis.strip():
        raise UsageError("a token is opened on a legal basis", do="Say it: --legal-basis …")
    what = {"unmask": True, "reason": legal_basis}
    with reading_of(case, "token", token, **what) as reading:
        found = open_token(reading.case, token)
    write_json(found) if as_json else write_table(found)
