"""``clew export``: findings for other programs: the network, or who and what there is."""

from datetime import datetime
from pathlib import Path

import click

from clew.cli.leaving import leaving
from clew.cli.options import DAY, marking_of, marking_options
from clew.cli.output import (
    Asked,
    force_option,
    how_many,
    reading_command,
    say,
    say_pending,
    write_json,
)

GROUP = "Hand over"

_FORMATS = ("graphml", "gexf", "csv")
_PROGRAMS = ("ftm", "misp", "i2", "timesketch")


@click.group()
def export() -> None:
    """Findings for other programs, people masked unless asked for."""


@export.command(no_args_is_help=True)
@reading_command
@click.argument("out", metavar="OUT", type=click.Path(path_type=Path))
@click.option("--format", "form", required=True, type=click.Choice(_FORMATS),
              help="GraphML, GEXF 1.3, or a folder with nodes.csv and links.csv.")  # fmt: skip
@click.option("--accounts", is_flag=True, help="The further accounts of each person too.")
@click.option("--contents", is_flag=True, help="What was shared too, and by whom.")
@force_option
def graph(asked: Asked, out: Path, form: str, accounts: bool, contents: bool, force: bool) -> None:
    r"""Write the network: persons and groups, and the lines between them, for Gephi and the like.

    Each line says whether devices prove it or it is inferred, its weight, since when and until
    when, and why. Positions are those of the report's chart. Who exports what, and why, is logged
    before anything is written.

    \b
    clew export graph cases/op-17 op-17.gexf --format gexf
    clew export graph cases/op-17 op-17-csv --format csv --contents
    """
    from clew.casefile.outputs import output
    from clew.report.graph import write_graph
    from clew.report.graph.model import Wanted

    what = f"export graph {form}"
    with (
        output(out, asked.case, force=force, folder=form == "csv") as made,
        asked.reading(what) as reading,
        leaving(reading.case) as withheld,
    ):
        written = write_graph(reading, made, form, Wanted(accounts=accounts, contents=contents))
        reading.case.custody.append(
            "graph exported", format=form, unmasked=asked.unmask, nodes=written.nodes,
            links=written.links, files=written.files, accounts=accounts, contents=contents,
            purpose=reading.purpose, legal_basis=reading.case.config.authority,
        )  # fmt: skip
        say_pending(reading.case)
    about = {"nodes": written.nodes, "links": written.links}
    if asked.as_json:
        row = {"out": str(out), "format": form, "unmasked": asked.unmask, **about}
        write_json([{**row, "sha256": written.files, "rows_withheld": withheld}])
    said = {name: how_many(name, n) for name, n in about.items()}
    masked = "{out}: {nodes} and {links}; persons are masked."
    say(masked if not asked.unmask else "{out}: {nodes} and {links}", **said,
        out=out)  # fmt: skip
    if contents and not written.contents:
        say("No shared file is in it: whose shares were first was not learned "
            "(clew show CASE introductions).")  # fmt: skip


@export.command(no_args_is_help=True)
@reading_command
@click.argument("out", metavar="OUT", type=click.Path(path_type=Path))
@click.option("--format", "form", required=True, type=click.Choice(_PROGRAMS),
              help="FollowTheMoney, MISP, a folder of CSV for i2, or Timesketch.")  # fmt: skip
@click.option("--to", required=True, help="Whom it is for; stands in it and in the log.")
@marking_options(required=True)
@click.option("--purpose", required=True, help="What it may be used for.")
@click.option("--keep-until", required=True, type=DAY,
              help="Last day on which it may be kept.")  # fmt: skip
@force_option
def entities(
    asked: Asked, out: Path, form: str, force: bool, to: str, handling: tuple[str, ...],
    restrictions: str | None, tlp: str, purpose: str, keep_until: datetime,
) -> None:  # fmt: skip
    r"""Write persons, accounts, groups and files for FollowTheMoney, MISP, i2 or Timesketch.

    People are masked unless asked for. It is no package: nothing seals it, and no decision names
    anybody in it; to refer somebody to another country use clew pack. What others sent is left out
    where its code bars passing it on, and makes the marking as strict as theirs elsewhere. Who
    exports what to whom, and why, is logged before anything is written.

    \b
    clew export entities cases/op-17 op-17.ftm.json --format ftm --to "analysis unit" \
        --handling H1 --tlp AMBER --purpose "op-17" --keep-until 2027-06-30
    """
    import msgspec

    from clew.casefile.outputs import output
    from clew.exchange.receiving.permissions import inherited
    from clew.report.handover import FOLDERS, About, hand_over

    about = About(to=to, marking=marking_of(handling, restrictions, tlp), purpose=purpose,
                  keep_until=keep_until.date())  # fmt: skip
    with (
        output(out, asked.case, force=force, folder=form in FOLDERS) as made,
        asked.reading(f"export entities {form}") as reading,
        leaving(reading.case) as withheld,
    ):
        marking = inherited(reading.case, about.marking)
        words = marking.restrictions and reading.text(marking.restrictions)
        marking = msgspec.structs.replace(marking, restrictions=words)
        about = msgspec.structs.replace(about, marking=marking)
        written = hand_over(reading, made, form, about)
        reading.case.custody.append(
            "entities exported", format=form, unmasked=asked.unmask, to=to, files=written.files,
            persons=written.persons, accounts=written.accounts, contents=written.contents,
            handling=list(marking.handling), tlp=marking.tlp, purpose=purpose,
            legal_basis=reading.case.config.authority,
        )  # fmt: skip
        say_pending(reading.case)
    counts = {"persons": written.persons, "accounts": written.accounts, "groups": written.groups,
              "contents": written.contents, "left_out": written.left_out}  # fmt: skip
    if asked.as_json:
        row = {"out": str(out), "format": form, "unmasked": asked.unmask, **counts}
        write_json([{**row, "sha256": written.files, "rows_withheld": withheld}])
    masked = "{out}: {persons} persons, {accounts} accounts, {groups} groups and {contents} files."
    say(masked, out=out, **counts)
    if marking != marking_of(handling, restrictions, tlp):
        say("It is marked as strictly as what others sent: {handling}, {tlp}",
            handling=", ".join(marking.handling), tlp=str(marking.tlp))  # fmt: skip
    if not asked.unmask:
        say("Persons are masked.")
    if written.left_out:
        say("{left_out} memberships are of names that are nobody's account: left out.", **counts)
