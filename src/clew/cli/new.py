"""``clew new``: make a new case."""

from pathlib import Path

import click

from clew.cli.output import json_option, say, say_next, write_json

GROUP = "Set up"


@click.command(no_args_is_help=True)
@click.argument("case", metavar="CASE", type=click.Path(path_type=Path))
@click.option("--title", required=True, help="Name of the investigation.")
@click.option("--authority", default="", help="Legal authority under which it examines.")
@json_option
def new(case: Path, title: str, authority: str, as_json: bool) -> None:
    r"""Make a new case in the folder CASE.

    \b
    clew new cases/op-17 --title "Operation 17" --authority "Juzgado 3 Madrid, order 112/2026"
    """
    from clew.casefile import create_case
    from clew.errors import UsageError

    if not title.strip():
        raise UsageError("a case needs a title", do='Give one, as in: --title "Operation 17"')
    made = create_case(case, title, authority.strip())
    if as_json:
        write_json([{"case": str(case), "case_id": made.config.case_id, "title": title}])
    say("Case {title!r} is open in {case}.", title=title, case=case)
    if not made.config.authority:
        say("It names no legal authority yet: fill `authority` in case.toml before adding.")
    say_next("add {case} PATH --exhibit ID --kind phone --country ES", case=case)
