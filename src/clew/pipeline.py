"""The steps, in order, with what each asks and writes: the map of Clew, which runs itself."""

import hashlib
import importlib.util
import traceback
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

import clew
from clew import records
from clew.casefile import Case, Context, Options
from clew.casefile.engine import STOPPED, Progress, tables_of
from clew.casefile.files import sha256_of
from clew.casefile.runlog import RunLog
from clew.casefile.step import Step
from clew.casefile.step_manifest import WHOLE_CASE, Output
from clew.errors import ClewError, UsageError
from clew.evidence import intake
from clew.facts import date_orders, read
from clew.facts.fingerprints import embed, model
from clew.facts.fingerprints import step as fingerprints
from clew.findings import (
    clocks,
    countries,
    hashsets,
    introductions,
    layout,
    lineage,
    match,
    membership_periods,
    network,
    provenance,
    resolve,
)
from clew.findings.graph import communities, measures, searches
from clew.judgements import decisions, erasure
from clew.sandbox import Guard, Limits, Standing
from clew.schema import Row
from clew.shards.runner import ShardFolder

FACTS: tuple[type[Row], ...] = (
    records.Source, records.SourceRows, records.Account, records.AccountName, records.AccountAlias,
    records.Chat, records.Membership, records.Message, records.Share, records.GroupEvent,
    records.Invite, records.Contact, records.Call, records.CallParty, records.Receipt,
    records.Reaction, records.Entry, records.Unread, records.RecoveredRow, records.RecoveredMessage,
    records.RecoveredShare, records.RecoveredInvite, records.MessagePlace, records.PollOption,
    records.DateVote, records.DateReading,
)  # fmt: skip


STEPS = (
    Step(
        "intake",
        intake.take_in,
        (records.Exhibit, records.Item, records.Flag),
        command="clew add",
    ),
    Step(
        "hashset",
        hashsets.take_in,
        (records.HashSet, records.KnownHash),
        command="clew hashset add",
    ),
    Step("categorise", decisions.publish, (records.FileCategory,), command="clew categorise"),
    Step("judge", decisions.publish, (records.PersonJudgement,), command="clew persons"),
    Step("date", decisions.publish, (records.DateJudgement,), command="clew dates"),
    Step("join", decisions.publish, (records.ExportJudgement,), command="clew exports"),
    Step("read", read.read, FACTS, ("candidates", "orders_given"), files=(records.Exhibit,),
         again=(records.SourceDateOrder,), per="exhibit"),
    Step(
        "fingerprint",
        fingerprints.fingerprint,
        (records.Fingerprint, records.MediaFile, records.MediaDetail, records.MediaPlace,
         records.Unread),
        asks=("media_wanted", "exhibit_fingerprints", "exhibit_media_files",
              "exhibit_media_details", "exhibit_media_places", "exhibit_unread",
              "pictures_reused"),
        per="exhibit",
    ),
    Step(
        "embed",
        embed.embed,
        (records.EmbeddingModel, records.Embedding, records.Unread),
        asks=("embedding_wanted", "exhibit_embeddings", "embedding_unread"),
        per="exhibit",
        command="clew run --embedding MODEL",
    ),
    Step(
        "date-orders",
        date_orders.date_orders,
        (records.DateVoteBeside, records.SourceDateOrder),
        asks=("date_signs", "dates_read_twice", "dates_in_databases", "dates_in_exports",
              "dates_of_files", "dates_judged"),
        once=("dates_open",),
    ),
    Step(
        "exports",
        {records.ExportVote: "export_votes", records.ExportChat: "export_chats"},
        once=("export_anchors",),
    ),
    Step(
        "resolve",
        resolve.resolve,
        (records.Person, records.PersonAccount, records.PersonLink, records.LinkEvidence,
         records.LinkageWeight, records.LinkageError, records.RecycledNumber),
        asks=("recycled_numbers", "accounts_seen", "ties", "sent_here", "label_votes",
              "linkage_traits", "accounts_of"),
        once=("numbers_given_again",),
        files=(records.PersonJudgement,),
        needs=("splink",),
    ),
    Step(
        "clocks",
        clocks.clocks,
        (records.ClockOffset, records.ExportZone),
        ("clock_stamps", "export_stamps"),
    ),
    Step("merge", {records.MergedMessage: "merged_messages"}, once=("exported_twice",)),
    Step("candidates", {records.MergeCandidate: "merge_candidates"}),
    Step(
        "match",
        match.match,
        (records.Match,),
        asks=("digests", "exact_matches", "near_matches", "matches", "pictures", "vectors",
              "video_turned", "video_met_looks", "video_met_frames", "video_hits"),
        files=(records.HashSet, records.KnownHash),
    ),
    Step(
        "provenance",
        provenance.provenance,
        (records.FileCluster, records.FirstShare),
        asks=("settled_contents", "moving_pictures", "still_pictures", "video_frames",
              "video_scenes_asked", "video_pairs", "file_clusters", "first_shares"),
        once=("shared",),
    ),
    Step(
        "introductions",
        introductions.introductions,
        (records.Introduction, records.Origin, records.IntroductionModel, records.NewMaterial),
        asks=("shares_in_order", "spread_members", "spread_records", "known_sets_counted",
              "groups_founded",
              "persons_holding"),
    ),
    Step(
        "network",
        network.network,
        (records.Group, records.GroupMember, records.GroupLink),
        asks=("group_members", "groups", "group_links", "member_pairs", "file_pairs"),
        once=("members",),
    ),
    Step("lineage", lineage.lineage, (records.GroupLineage,), ("lineage",)),
    Step(
        "invites",
        {records.InvitePosting: "invite_postings", records.InviteTarget: "invite_targets"},
    ),
    Step("roles", {records.PersonRole: "roles"}),
    Step(
        "layout",
        layout.layout,
        (records.NetworkLink, records.Layout),
        asks=("network_links", "layout_persons", "layout_groups", "members_known",
              "layout_overlaps"),
    ),
    Step(
        "membership-periods",
        membership_periods.membership,
        (records.MembershipPeriod, records.PeriodStatement, records.MembershipConflict),
        asks=("membership_statements", "period_invites"),
    ),
    Step("conflicts", {records.MessageConflict: "message_conflicts"}),
    Step(
        "countries",
        countries.countries,
        (records.CountryEvidence, records.PersonCountry, records.CountrySummary,
         records.CountryTie),
        asks=("numbers_stated", "texts_stated", "notes", "country_evidence", "person_countries",
              "countries", "country_ties"),
    ),
    Step("timeline", {records.TimelineLine: "timeline"}),
    Step(
        "gaps",
        {records.TimelineGap: "gaps"},
        once=("group_messages", "known_groups", "holder_accounts", "holder_entries",
              "holder_exits"),
    ),
    Step(
        "measures",
        measures.measures,
        (records.PersonMeasure,),
        ("members_known",),
        needs=("networkit",),
    ),
    Step(
        "key-players",
        searches.key_players,
        (records.KeyPlayer,),
        asks=("members_known", "persons_between", "persons_holding"),
    ),
    Step("carried", {records.Carried: "carried"}, once=("earlier_shares",)),
    Step("behaviours", {records.PersonBehaviour: "behaviours"}),
    Step(
        "communities",
        communities.communities,
        (records.Community, records.CommunityEvent),
        asks=("stays", "group_titles"),
        needs=("networkit", "scipy"),
    ),
)  # fmt: skip
CONCLUSIONS = tuple(step.name for step in STEPS[[s.name for s in STEPS].index("date-orders") :])
"""Steps that draw conclusions from the facts of the whole case."""


def step(name: str) -> Step:
    """A step by its name."""
    return next(step for step in STEPS if step.name == name)


def describe(steps: tuple[Step, ...] = STEPS) -> Iterator[str]:
    """Draw the flow, three lines a step."""
    for one in steps:
        yield f"{one.name:18} {one.about}  ({one.command})"
        yield f"{'':18}   reads   {_names(one.reads)}"
        yield f"{'':18}   writes  {_names(one.writes)}"


def run(
    case: Case,
    progress: Progress,
    workers: int | None = None,
    limits: Limits | None = None,
    options: Options = Options(),  # noqa: B008 - a frozen value
) -> None:
    """Do every step that is not done yet, or whose inputs have changed since."""
    exhibits = [r["exhibit_id"] for r in case.rows("SELECT exhibit_id FROM exhibits ORDER BY 1")]
    if not exhibits:
        raise UsageError(
            "there is nothing to run on: the case has no exhibit",
            do="Add one with: clew add CASE PATH --exhibit ID --kind phone --country ES",
        )
    erasure.resume(case)
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
        _conclude(context, log)
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
        _conclude(context, log)


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
    context.progress.start("drawing conclusions", len(CONCLUSIONS))
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
    done = {name: case.manifests.get(name, WHOLE_CASE) for name in among}
    behind = decisions.behind(case)
    complete = case.complete()
    return tuple(
        name
        for name, record in done.items()
        if behind & {*step(name).reads} or not record or record.key != _key(step(name), complete)
    )


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
    done = [case.manifests.get(name, WHOLE_CASE) for name in CONCLUSIONS]
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
    context = msgspec.structs.replace(_given(context, one), key=_key(one, context.case.complete()))
    if failed := next((missing[r.table_name] for r in one.reads if r.table_name in missing), None):
        _withhold(context, log, waits_for=failed)
        return failed
    if context.is_done(context.key):
        log.write("kept", step=one.name)
        return None
    if lacking := _lacking(one):
        log.write("lacking", step=one.name, packages=lacking, do="install clew[network]")
    try:
        with log.timed(one.name, WHOLE_CASE):
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
    earlier = context.case.manifests.get(context.step, WHOLE_CASE)
    if earlier is None or earlier.detail != why:
        context.publish(key="", detail=why)
    context.case.refresh()


def _is_damaged(case: Case, one: Step) -> bool:
    """Whether a table that a step reads is not as it was written."""
    complete = case.complete()
    files = (out for row in one.reads for out in complete.get(row.table_name, ()))
    return any(sha256_of(case.folder / out.file) != out.sha256 for out in files)


def _key(one: Step, complete: Mapping[str, Sequence[Output]]) -> str:
    """Digest over the files a step reads, its SQL, and the version that would do it."""
    files = [
        (out.file, out.sha256) for row in one.reads for out in complete.get(row.table_name, ())
    ]
    lacking = _lacking(one)
    inputs = (clew.__version__, one.sql_digest, sorted(files), *((lacking,) if lacking else ()))
    return hashlib.sha256(repr(inputs).encode()).hexdigest()


def _lacking(one: Step) -> tuple[str, ...]:
    """Optional packages of a step that are not installed."""
    return tuple(name for name in one.needs if importlib.util.find_spec(name) is None)


def _names(rows: tuple[type[Row], ...]) -> str:
    return ", ".join(row.table_name for row in rows) or "-"
