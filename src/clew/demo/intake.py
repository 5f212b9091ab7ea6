"""Takes a generated operation in, exhibit by exhibit, as an analyst does."""

from clew.casefile import Case, Context, Options
from clew.casefile.engine import Progress
from clew.demo.generate import Operation
from clew.evidence.describe import described
from clew.evidence.intake import STEP, take_in
from clew.findings.hashsets import Source, add
from clew.records import SetKind


def take_exhibits(
    case: Case, operation: Operation, progress: Progress, workers: int | None = None
) -> None:
    """Take every exhibit and hash set of an operation in, as an analyst does one by one."""
    with case.writing():
        for exhibit in operation.exhibits:
            asked = described(case.config, exhibit.paths, exhibit.about)
            context = Context(
                case=case, step=STEP, scope=asked.exhibit.exhibit_id, progress=progress,
                workers=workers, options=Options(intake=asked),
            )  # fmt: skip
            take_in(context)
        for known in operation.hash_sets:
            kind = SetKind(known.kind)
            add(case, known.file, Source(name=known.name, version=known.version, kind=kind))
