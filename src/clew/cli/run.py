"""``clew run``: read what was taken in and draw conclusions."""

from pathlib import Path
from typing import Any

import click

from clew.cli.output import (
    Bar,
    case_argument,
    how_many,
    json_option,
    sandbox_option,
    say,
    say_failures,
    say_next,
    write_json,
)
from clew.errors import Ending

GROUP = "Read and conclude"

_FOUND = ("exhibits", "sources", "messages", "groups", "persons", "names", "known_matches",
          "failed", "not_read", "structures", "weighty_structures")  # fmt: skip
_NOUNS = {"failed": "items", "not_read": "sources"}


@click.command(no_args_is_help=True)
@case_argument
@sandbox_option
@click.option("--workers", type=click.IntRange(1, 256), help="Files read at once.")
@click.option(
    "--frames", type=click.Choice(("keyframes", "seconds", "all")),
    help="Frames of videos that are fingerprinted: key frames, or as finely as an earlier run.",
)  # fmt: skip
@click.option(
    "--embedding",
    type=click.Path(path_type=Path),
    metavar="MODEL.onnx",
    help="A model of your own, with MODEL.toml beside it; its matches are for review only.",
)
@click.option("--no-embedding", is_flag=True, help="Take back what a model made of pictures.")
@json_option
def run(
    case: Path,
    workers: int | None,
    frames: str | None,
    embedding: Path | None,
    no_embedding: bool,
    require_sandbox: bool,
    as_json: bool,
) -> Ending:
    r"""Do every step that is not done yet; after an interruption, go on where it was.

    \b
    clew run cases/op-17
    clew run cases/op-17 --frames seconds
    clew run cases/op-17 --embedding model.onnx
    """
    from clew import pipeline
    from clew.casefile import Options, open_case
    from clew.errors import UsageError
    from clew.reading.masked import look_ahead
    from clew.report.figures import figures, said_structures
    from clew.sandbox import Limits
    from clew.views import view

    if embedding and no_embedding:
        raise UsageError("--embedding and --no-embedding exclude each other", do="Give one.")
    with open_case(case) as opened:
        with opened.writing():
            limits = Limits(require_strong=require_sandbox)
            options = Options(frames=frames, embedding=False if no_embedding else embedding)
            pipeline.run(opened, Bar(), workers, limits, options)
        found = figures(opened, _FOUND)
        structures = said_structures(opened)
        missing = opened.rows(view("missing-packages").sql)
        failed = say_failures(opened)
        look_ahead(opened)
        sent = len(opened.deliveries)
    if as_json:
        write_json([found])
    _say_what_was_found(case, found, structures, missing)
    if sent:
        say("What others sent is counted with it: {packages} (clew received)",
            packages=how_many("packages", sent))  # fmt: skip
    say_next("report {case} report.html", case=case)
    return Ending.look(
        failed or any(found[name] for name in ("failed", "not_read", "weighty_structures"))
    )


def _say_what_was_found(
    case: Path, found: dict[str, int], structures: str, missing: list[dict[str, Any]]
) -> None:
    from clew.words import code, reasons

    say(
        "{exhibits}, {sources} read, {messages} of {groups}, {persons}, and {names} that could not "
        "be tied; {failed} failed, {not_read} not read (clew status)",
        **{name: how_many(_NOUNS.get(name, name), n) for name, n in found.items()},
    )
    if found["structures"]:
        say("{said} (clew show {case} structures)", said=structures, case=case)
    for row in missing:
        said = reasons.sentence("unread", row["code"], row["figures"])
        do = code("unread", row["code"]).do
        say("{exhibit_id}: {said} {do}", exhibit_id=row["exhibit_id"], said=said, do=do)
