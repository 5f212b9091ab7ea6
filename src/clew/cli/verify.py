"""``clew verify``: check tables, stored contents and the custody log."""

from pathlib import Path

import click

from clew.cli.options import FILE
from clew.cli.output import case_argument, how_many, json_option, log_reading, say, write_json
from clew.cli.visible import put
from clew.errors import ClewError, Ending

GROUP = "Check"


@click.command(no_args_is_help=True)
@case_argument
@click.option(
    "--against", multiple=True, type=FILE,
    help="A checkpoint, or a report, that was kept elsewhere.",
)  # fmt: skip
@click.option(
    "--signers", type=FILE,
    help="Keys of those who may judge, a line of `clew whoami` each.",
)  # fmt: skip
@json_option
def verify(case: Path, against: tuple[Path, ...], signers: Path | None, as_json: bool) -> Ending:
    r"""Check every file of a case against what the custody log says must be there.

    Whoever holds a checkpoint of the log from elsewhere gives it with --against: a case that was
    rolled back as a whole is found in no other way. Every signature of a judgement is checked; with
    --signers also that its key is one of those that were handed over. The hash of each table is
    printed: the same evidence gives the same hashes everywhere.

    \b
    clew verify cases/op-17
    clew verify cases/op-17 --against report-of-3-june.html --signers unit-4.txt
    """
    from clew.casefile import open_case
    from clew.casefile.custody import checkpoint
    from clew.casefile.earlier import made_earlier
    from clew.casefile.signers import listed
    from clew.casefile.verify import verify as check

    known = listed(signers.read_text("utf-8", "replace")) if signers else None
    outside = tuple(checkpoint.parse(checkpoint.read(file)) for file in against)
    with open_case(case) as opened:
        found = list(check(opened, outside, known))
        problems = [one for one in found if one.is_problem]
        if not any(one.what == "custody log" for one in problems):  # a damaged one is left as it is
            log_reading(opened, "verify")
        latest = opened.custody.latest() if not problems else ""
        earlier = made_earlier(opened) if problems else None
        outputs = [out for done in opened.manifests.every() for out in done.outputs if not problems]
    if as_json:
        write_json([{"what": one.what, "problem" if one.is_problem else "notice": one.text}
                    for one in found])  # fmt: skip
        write_json([{"what": "file", "file": out.file, "rows": out.rows, "sha256": out.sha256}
                    for out in outputs])  # fmt: skip
        write_json([{"what": "result", "problems": len(problems), "custody_latest": latest}])
    for one in found:
        say("{what}: {text}", what=one.what, text=one.text)
    if problems:
        return _damaged(len(problems), earlier)
    if not as_json:
        for out in outputs:
            put(f"{out.sha256}  {out.file}  {how_many('rows', out.rows)}")
    say("Tables, stored contents and custody log are as they were written.")
    say("Latest entry of the custody log: {latest}", latest=latest)
    return Ending.DONE


def _damaged(problems: int, earlier: ClewError | None) -> Ending:
    say("{problems}: the case is not as it was written.", problems=how_many("problems", problems))
    if earlier:
        say("Some may be none: {earlier}. {do}", earlier=earlier, do=earlier.do)
    return Ending.DAMAGED
