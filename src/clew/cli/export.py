"""``clew export``: findings for other programs."""

from __future__ import annotations

from pathlib import Path

import click

from clew.cli.output import (
    allow_unmasking,
    case_argument,
    json_option,
    log_reading,
    say,
    unmask_options,
    write_json,
)

_FORMATS = ("graphml", "gexf", "csv")


@click.group()
def export() -> None:
    """Findings for other programs, people masked unless asked for."""


@export.command(no_args_is_help=True)
@case_argument
@click.argument("out", metavar="OUT", type=click.Path(path_type=Path))
@click.option("--format", "form", required=True, type=click.Choice(_FORMATS),
              help="GraphML, GEXF 1.3, or a folder with nodes.csv and links.csv.")  # fmt: skip
@click.option("--accounts", is_flag=True, help="The further accounts of each person too.")
@click.option("--contents", is_flag=True, help="What was shared too, and by whom.")
@unmask_options
@json_option
def graph(
    case: Path, out: Path, form: str, accounts: bool, contents: bool, unmask: bool,
    reason: str | None, as_json: bool,
) -> None:  # fmt: skip
    r"""Write the network: persons and groups, and the lines between them, for Gephi and the like.

    Each line says whether devices prove it or it is inferred, its weight, since when and until
    when, and why. Places are those of the report's chart. Who exports what, and why, is logged
    before anything is written.

    \b
    clew export graph cases/op-17 op-17.gexf --format gexf
    clew export graph cases/op-17 op-17-csv --format csv --contents
    """
    from clew.casefile import open_case
    from clew.report.graph import write_graph
    from clew.report.graph.model import Wanted

    with open_case(case) as opened:
        if unmask:
            allow_unmasking(opened, reason, "export graph")
        log_reading(opened, f"export graph {form}", unmasked=unmask, reason=reason)
        wanted = Wanted(accounts=accounts, contents=contents, unmask=unmask)
        written = write_graph(opened, out, form, wanted)
        opened.custody.append(
            "graph exported", format=form, unmasked=unmask, nodes=written.nodes,
            links=written.links, files=written.files, accounts=accounts, contents=contents,
            purpose=reason or "examination of the case", legal_basis=opened.config.authority,
        )  # fmt: skip
    if as_json:
        write_json([{"out": str(out), "format": form, "unmasked": unmask, "nodes": written.nodes,
                     "links": written.links, "sha256": written.files}])  # fmt: skip
    say(f"{written.nodes} nodes and {written.links} links are in {out}"
        + ("" if unmask else "; persons are masked."))  # fmt: skip
