"""Writes the network of a case in one of three formats."""

from collections.abc import Iterable
from pathlib import Path

import msgspec

from clew.casefile.files import sha256_of
from clew.errors import UsageError
from clew.reading import Reading
from clew.report.graph.markup import gexf, graphml
from clew.report.graph.model import Graph, Wanted
from clew.report.graph.tables import write_tables

FORMATS = ("graphml", "gexf", "csv")


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """What went out."""

    nodes: int
    links: int
    contents: int
    """Nodes that are shared files."""
    files: dict[str, str]
    """Name and SHA-256 of each file."""


def write_graph(reading: Reading, out: Path, form: str, wanted: Wanted) -> Written:
    """Write the network; CSV is a folder of two files."""
    graph = Graph(reading, wanted)
    if not len(graph):
        raise UsageError(
            "the case has no network to write: no group was found, or `clew run` is not done",
            do="Run `clew run CASE`, and see: clew show CASE groups. Nothing was written.",
        )
    if form == "csv":
        out.mkdir()
        files = [out / "nodes.csv", out / "links.csv"]
        links = write_tables(graph, *files)
    else:
        links = _streamed(out, (graphml if form == "graphml" else gexf)(graph))
        files = [out]
    return Written(
        nodes=len(graph),
        links=links,
        contents=graph.contents,
        files={f.name: sha256_of(f) for f in files},
    )


def _streamed(file: Path, parts: Iterable[str]) -> int:
    links = 0
    with file.open("w", encoding="utf-8", newline="\n") as out:
        for part in parts:
            links += part.startswith("<edge ")
            out.write(part)
    return links
