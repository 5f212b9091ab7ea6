"""``clew categorise``: give a file a category, as an analyst."""

from pathlib import Path

import click

from clew.cli.options import deciding_options
from clew.cli.output import case_argument, say, write_json
from clew.cli.signing import decides

GROUP = "Judge"


@click.command(no_args_is_help=True)
@case_argument
@click.argument("file_id", metavar="FILE_ID")
@click.option("--scheme", help="Scheme of the category, such as VICS.")
@click.option("--country", help="Country that gives the code its meaning, such as ES or UK.")
@click.option("--scheme-version", help="Version of the scheme, such as 2.0.")
@click.option("--code", help="The category's code, as the scheme writes it.")
@click.option("--withdraw", is_flag=True, help="Take back what the file has, of all or of one.")
@deciding_options()
def categorise(
    case: Path, file_id: str, scheme: str | None, country: str | None, scheme_version: str | None,
    code: str | None, withdraw: bool, by: str | None, reason: str, as_json: bool,
) -> None:  # fmt: skip
    r"""Give a file a category; its copies and near duplicates need no look after the next run.

    FILE_ID is a file's SHA-256 or the beginning of it, its MD5 or SHA-1, or the id of an item.
    Nothing is overwritten: of one country's scheme a later category counts instead of an earlier
    one, and both stay in the ledger; those of other countries stay beside it. --withdraw takes all
    back, or with --scheme and --country what that country gave.

    \b
    clew categorise cases/op-17 SHA256 --scheme VICS --country ES --code 2 \
        --reason "seen on 3 June"
    """
    from clew.casefile import open_case
    from clew.errors import UsageError
    from clew.findings.categories import in_full
    from clew.judgements.decisions import Category
    from clew.judgements.decisions import categorise as judge
    from clew.reading.resolve import resolve

    parts = [(part or "").strip() for part in (scheme, country, code)]
    if not all(parts[: 2 if withdraw else 3]) and (any(parts) or not withdraw):
        raise UsageError(
            "a category needs its scheme, its country and its code",
            do="Give --scheme, --country and --code: a code alone means another thing in "
            "each country. To take one back: --withdraw",
        )
    category = None
    if parts[0]:
        version = (scheme_version or "").strip() or None
        category = Category(scheme=parts[0], country=parts[1], version=version,
                            code=None if withdraw else parts[2])  # fmt: skip
    with open_case(case) as opened:
        judged = judge(opened, resolve(opened, file_id), category, decides(opened, by), reason)
    given = judged.code and in_full(judged.scheme or "", judged.country, judged.scheme_version,
                                    judged.code)  # fmt: skip
    if as_json:
        write_json([{"number": judged.number, "sha256": judged.sha256, "category": given}])
    of = f"of {judged.scheme} {judged.country} " if judged.scheme else ""
    say(
        "judgement {number}: {sha256} {category}",
        number=judged.number,
        sha256=judged.sha256,
        category=given or f"without a category {of}".strip(),
    )
    say("What it settles shows after: clew run {case}", case=case)
