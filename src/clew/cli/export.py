"""``clew export``: findings for other programs: the network as GraphML, GEXF or CSV."""

from pathlib import Path

import click

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
    from clew.exchange.receiving import permissions
    from clew.report.graph import write_graph
    from clew.report.graph.model import Wanted

    what = f"export graph {form}"
    with (
        output(out, asked.case, force=force, folder=form == "csv") as made,
        asked.reading(what) as reading,
        reading.case.over(*permissions.passed_on(reading.case)),
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
        write_json([{**row, "sha256": written.files}])
    said = {name: how_many(name, n) for name, n in about.items()}
    masked = "{out}: {nodes} and {links}; persons are masked."
    say(masked if not asked.unmask else "{out}: {nodes} and {links}", **said,
        out=out)  # fmt: skip
