"""The map of Clew runs itself: every step that is not done, or whose inputs have changed."""

import hashlib
import importlib.util
import traceback
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

import clew
from clew.casefile import Case, Context, Options
from clew.casefile.engine import STOPPED, Progress, tables_of
from clew.casefile.files import sha256_of
from clew.casefile.received import HOMES as JOINED
from clew.casefile.received import JOINT, WHOLE, deliveries
from clew.casefile.runlog import RunLog
from clew.casefile.step import Step
from clew.casefile.step_manifest import WHOLE_CASE, Output, StepManifest
from clew.errors import ClewError, UsageError, installing
from clew.exchange.receiving.forgetting import resume, withdraw
from clew.exchange.receiving.permissions import scopes
from clew.facts.fingerprints import model
from clew.judgements import decisions, erasure
from clew.records import Exhibit
from clew.sandbox import Guard, Limits, Standing
from clew.schema import RECEIVED, Row
from clew.shards.runner import ShardFolder
from clew.steps import CONCLUSIONS, STEPS, step
from clew.views import whole


def run(
    case: Case,
    progress: Progress,
    workers: int | None = None,
    limits: Limits | None = None,
    options: Options = Options(),  # noqa: B008 - a frozen value
) -> None:
    """Do every step that is not done yet, or whose inputs have changed since."""
    exhibits = [r["exhibit_id"] for r in case.rows(whole(Exhibit).sql)]
    if not exhibits and not deliveries(case.manifests_read):
        raise UsageError(
            "there is nothing to run on: the case has no exhibit",
            do="Add one with: clew add CASE PATH --exhibit ID --kind phone --country ES",
        )
    erasure.resume(case)
    resume(case)
    asked = _model(case, options.embedding, limits) if options.embedding else None
    standing = msgspec.to_builtins(sandbox_standing(case, limits))
    shown = {"embedding": asked.algorithm} if asked else {}
    case.custody.append("run", clew=clew.__version__, exhibits=exhibits, sandbox=standing, **shown)
    options = msgspec.structs.replace(options, embedding=asked or options.embedding)
    context = Context(
        case=case, step="", progress=progress, workers=workers, limits=limits, options=options
    )
    reading = [one for one in STEPS if one.per == "exhibit"]
    with RunLog(case.folder / "runs", case.custody) as log:
        log.write("run", clew=clew.__version__, sandbox=standing)
        perform(case, *decisions.KINDS)
        for exhibit in exhibits:
            for one in reading:
                with log.timed(one.name, exhibit):
                    one.run(_given(context, one, exhibit))
        _read_again(context, log, exhibits)
        _conclude_all(context, log)
        log.write("done")


def _read_again(context: Context, log: RunLog, exhibits: list[str]) -> None:
    """Read files anew whose dates the case reads otherwise than it did; most runs find none."""
    if not _find(context, step("date-orders"), log, {}):
        one = step("read")
        for exhibit in exhibits:
            with log.timed(one.name, exhibit):
                one.run(_given(context, one, exhibit))
    for exhibit in exhibits:
        ShardFolder(context.case, "read", exhibit).remove()


def conclude(case: Case, progress: Progress) -> None:
    """Draw every conclusion that is not drawn yet, or whose facts have changed since."""
    context = Context(case=case, step="", progress=progress)
    with RunLog(case.folder / "runs", case.custody) as log:
        _conclude_all(context, log)


def _conclude_all(context: Context, log: RunLog) -> None:
    """Draw the conclusions of the case by itself, then those over what others sent as well."""
    case = context.case
    _conclude(context, log)
    for scope, packages in scopes(case).items():
        if packages:
            with case.over(scope, packages):
                _conclude(msgspec.structs.replace(context, scope=scope), log)
                if case.manifests.get(WHOLE, scope) is None:
                    case.publish(StepManifest(WHOLE, scope, "", ()), ())
        else:
            withdraw(case, scope)


def perform(case: Case, *names: str) -> None:
    """Do some steps of the whole case, whether or not they are done."""
    for name in names:
        step(name).run(context_of(case, name))


def context_of(case: Case, name: str) -> Context:
    """What a step of the whole case would be given now."""
    one = step(name)
    return _given(Context(case=case, step=name, key=_key(one, case.complete())), one)


def _given(context: Context, one: Step, scope: str = WHOLE_CASE) -> Context:
    return msgspec.structs.replace(context, step=one.name, scope=scope, queries=one.queries)


def _conclude(context: Context, log: RunLog) -> None:
    joint = " over what was received too" if context.scope != WHOLE_CASE else ""
    context.progress.start(f"drawing conclusions{joint}", len(CONCLUSIONS))
    lacking: dict[str, str] = {}
    for name in CONCLUSIONS:
        one = step(name)
        if failed := _find(context, one, log, lacking):
            lacking |= {row.table_name: failed for row in one.writes}
        context.progress.advance(1)
    context.progress.finish()


def _model(case: Case, file: Path, limits: Limits | None) -> model.Model:
    """The model in a file, once it has been looked at in a worker."""
    guard = Guard(limits, case.scratch)
    try:
        return model.model(file, guard)
    finally:
        guard.close()


def sandbox_standing(case: Case, limits: Limits | None) -> Standing:
    """How far workers are locked down here; MachineError where more is asked for."""
    guard = Guard(limits, case.scratch)
    try:
        return guard.standing
    finally:
        guard.close()


def pending(case: Case, among: Iterable[str] = CONCLUSIONS) -> tuple[str, ...]:
    """Steps of the findings that are not done, or whose inputs have changed since."""
    done = {name: case.manifests.get(name, _scope(case)) for name in among}
    behind = decisions.behind(case)
    complete = case.complete()
    return tuple(
        name
        for name, record in done.items()
        if behind & {*step(name).reads} or not record or record.key != _key(step(name), complete)
    )


def _scope(case: Case) -> str:
    """Scope of the conclusions that should be there: over what was received too, if any."""
    return JOINT if case.scope == WHOLE_CASE and case.deliveries else case.scope


def undone(case: Case) -> dict[str, tuple[str, ...]]:
    """Steps of the findings that are not done or out of date, with the tables that each writes."""
    return {name: tuple(row.table_name for row in step(name).writes) for name in pending(case)}


class Failure(msgspec.Struct, frozen=True):
    """A step of the findings that failed when it was last tried; the next run tries it again."""

    step: str
    error: str
    """Kind of the error; its words may hold what is private."""
    waiting: tuple[str, ...]
    """Steps whose conclusions are missing too, since they rest on its own."""


def failures(case: Case) -> tuple[Failure, ...]:
    """Steps of the findings that failed when they were last tried."""
    done = [case.manifests.get(name, _scope(case)) for name in CONCLUSIONS]
    details = {m.step: m.detail for m in done if m}
    waits = {name: detail.get("waits_for") for name, detail in details.items()}
    return tuple(
        Failure(name, detail["failed"], tuple(n for n, other in waits.items() if other == name))
        for name, detail in details.items()
        if "failed" in detail
    )


def is_behind(case: Case, sql: str) -> bool:
    """Whether a query asks for what rests on steps that are not done."""
    asked, writing = set(tables_of(sql)), []
    for one in reversed([step(name) for name in CONCLUSIONS]):
        if any(row.table_name in asked for row in one.writes):
            writing.append(one.name)
            asked |= {row.table_name for row in one.reads}
    return bool(pending(case, writing))


def _find(context: Context, one: Step, log: RunLog, missing: dict[str, str]) -> str | None:
    """Do a step, or name the one that failed where it or what it reads is ``missing`` for that."""
    key = _key(one, context.case.complete())
    context = msgspec.structs.replace(_given(context, one, context.scope), key=key)
    if failed := next((missing[r.table_name] for r in one.reads if r.table_name in missing), None):
        _withhold(context, log, waits_for=failed)
        return failed
    if context.is_done(context.key):
        log.write("kept", step=one.name)
        return None
    if lacking := _lacking(one):
        log.write("lacking", step=one.name, packages=lacking, do=installing("network"))
    try:
        with log.timed(one.name, context.scope):
            one.run(context)
    except (ClewError, OSError, MemoryError, *STOPPED):
        raise
    except Exception as error:  # whatever rows make a step fail, the others go on
        if _is_damaged(context.case, one):
            raise
        *_, at = traceback.extract_tb(error.__traceback__)
        log.write("failed", step=one.name, at=f"{Path(at.filename).name}:{at.lineno}")
        _withhold(context, log, failed=type(error).__name__)
        return one.name
    return None


def _withhold(context: Context, log: RunLog, **why: str) -> None:
    """Let a step's earlier tables count no more, and keep why; without key it is tried again."""
    log.write("withheld", step=context.step, **why)
    earlier = context.case.manifests.get(context.step, context.scope)
    if earlier is None or earlier.detail != why:
        context.publish(key="", detail=why)
    context.case.refresh()


def _is_damaged(case: Case, one: Step) -> bool:
    """Whether a table that a step reads is not as it was written."""
    complete = case.complete()
    files = (
        out for row in one.reads for name in (row.table_name, _theirs(row))
        for out in complete.get(name, ())
    )  # fmt: skip
    return any(sha256_of(case.folder / out.file) != out.sha256 for out in files)


def _key(one: Step, complete: Mapping[str, Sequence[Output]]) -> str:
    """Digest over the files a step reads, its SQL, and the version that would do it."""
    files = [
        (out.file, out.sha256)
        for row in one.reads
        for out in (*complete.get(row.table_name, ()), *complete.get(_theirs(row), ()))
    ]
    lacking = _lacking(one)
    inputs = (clew.__version__, one.sql_digest, sorted(files), *((lacking,) if lacking else ()))
    return hashlib.sha256(repr(inputs).encode()).hexdigest()


def _theirs(row: type[Row]) -> str:
    """Name of the table of what others sent of a table that is read together with it."""
    return f"{RECEIVED}{row.table_name}" if row.home in JOINED else ""


def _lacking(one: Step) -> tuple[str, ...]:
    """Optional packages of a step that are not installed."""
    return tuple(name for name in one.needs if importlib.util.find_spec(name) is None)
