"""``clew categorise``: the category that an analyst gives to a file."""

from __future__ import annotations

from pathlib import Path

import click

from clew.cli.output import case_argument, json_option, say, write_json


@click.command(no_args_is_help=True)
@case_argument
@click.argument("file_id", metavar="FILE_ID")
@click.option("--scheme", help="Scheme of the category, such as VICS.")
@click.option("--country", help="Country that gives the code its meaning, such as ES or UK.")
@click.option("--scheme-version", help="Version of the scheme, such as 2.0.")
@click.option("--code", help="The category's code, as the scheme writes it.")
@click.option("--withdraw", is_flag=True, help="Take back the category that the file has.")
@click.option("--by", "judged_by", required=True, help="Who decides.")
@click.option("--reason", required=True, help="Why.")
@json_option
def categorise(
    case: Path, file_id: str, scheme: str | None, country: str | None, scheme_version: str | None,
    code: str | None, withdraw: bool, judged_by: str, reason: str, as_json: bool,
) -> None:  # fmt: skip
    r"""Give a file a category; its copies and near duplicates need no look after the next run.

    FILE_ID is a file's SHA-256, MD5 or SHA-1, or the id of an item. Nothing is overwritten: a
    later category counts instead of an earlier one, and both stay in the ledger.

    \b
    clew categorise cases/op-17 SHA256 --scheme VICS --country ES --code 2 --by "A. Analyst" \
        --reason "seen on 3 June"
    """
    from clew.casefile import open_case
    from clew.errors import UsageError
    from clew.findings.judging import Category
    from clew.findings.judging import categorise as judge

    category = None
    if not withdraw:
        if not (scheme and country and code):
            raise UsageError(
                "a category needs its scheme, its country and its code",
                do="Give --scheme, --country and --code: a code alone means another thing in "
                "each country. To take one back: --withdraw",
            )
        category = Category(scheme=scheme, country=country, version=scheme_version, code=code)
    with open_case(case) as opened, opened.writing():
        judged = judge(opened, file_id, category, judged_by, reason)
    if as_json:
        write_json([{"number": judged.number, "sha256": judged.sha256, "code": judged.code}])
    say(f"judgement {judged.number}: {judged.sha256} {judged.code or 'without a category'}")
    say(f"What it settles shows after: clew run {case}")
