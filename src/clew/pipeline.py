"""The steps, in order, with the tables that each reads and writes: the map of Clew."""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import msgspec

import clew
from clew.casefile import Case, Context, Options
from clew.casefile.engine import Progress
from clew.casefile.runlog import RunLog
from clew.casefile.step_manifest import WHOLE_CASE, StepManifest
from clew.errors import UsageError
from clew.evidence import intake
from clew.facts import read
from clew.facts.fingerprints import embed, model
from clew.facts.fingerprints import step as fingerprints
from clew.findings import (
    behaviour,
    candidates,
    clocks,
    conflicts,
    countries,
    gaps,
    hashsets,
    introductions,
    invites,
    layout,
    lineage,
    match,
    membership_periods,
    merge,
    network,
    provenance,
    resolve,
    roles,
    timeline,
)
from clew.findings.graph import communities, measures, searches
from clew.judgements import decisions
from clew.records import countries as c
from clew.records import drawing as d
from clew.records import embeddings as b
from clew.records import evidence as e
from clew.records import facts as f
from clew.records import findings as g
from clew.records import judgements as j
from clew.records import media as m
from clew.records import membership_periods as s
from clew.records import message_content as w
from clew.records import network as n
from clew.records import persons as p
from clew.records import recovered as v
from clew.records import roles as r
from clew.records import timeline as t
from clew.sandbox import Guard, Limits, Standing
from clew.schema import Row

FACTS: tuple[type[Row], ...] = (
    f.Source, f.SourceRows, f.Account, f.AccountName, f.AccountAlias, f.Chat, f.Membership,
    f.Message, f.Share, f.GroupEvent, f.Invite, f.Contact, f.Call, f.CallParty, f.Receipt,
    f.Reaction, f.Entry, f.Unread, v.RecoveredRow, v.RecoveredMessage, v.RecoveredShare,
    v.RecoveredInvite, w.MessagePlace, w.PollOption,
)  # fmt: skip


class Step(msgspec.Struct, frozen=True):
    """One step: it reads whole tables and writes whole tables, and knows no other step."""

    name: str
    run: Callable[..., object]
    reads: tuple[type[Row], ...]
    writes: tuple[type[Row], ...]
    command: str = "clew run"
    """Command that does it."""
    needs: tuple[str, ...] = ()
    """Optional packages without which it writes empty tables; with them it is done again."""


STEPS = (
    Step("intake", intake.take_in, (), (e.Exhibit, e.Item, e.Flag), "clew add"),
    Step("hashset", hashsets.add, (), (g.HashSet, g.KnownHash), "clew hashset add"),
    Step("categorise", decisions.categorise, (), (j.FileCategory,), "clew categorise"),
    Step("judge", decisions.judge, (), (j.PersonJudgement,), "clew persons"),
    Step("read", read.read, (e.Exhibit, e.Item, e.Flag), FACTS),
    Step(
        "fingerprint",
        fingerprints.fingerprint,
        (e.Item,),
        (f.Fingerprint, m.MediaFile, m.MediaDetail, m.MediaPlace, f.Unread),
    ),
    Step(
        "embed",
        embed.embed,
        (e.Item, f.Fingerprint),
        (b.EmbeddingModel, b.Embedding, f.Unread),
        "clew run --embedding MODEL",
    ),
    Step(
        "resolve",
        resolve.resolve,
        (e.Exhibit, e.Item, f.Account, f.AccountName, f.AccountAlias, f.Chat, f.Contact,
         f.GroupEvent, f.Membership, f.Message, j.PersonJudgement),
        (p.Person, p.PersonAccount, p.PersonLink, p.LinkEvidence, p.LinkageWeight, p.LinkageError,
         p.RecycledNumber),
        needs=("splink",),
    ),
    Step("clocks", clocks.clocks, (f.Message,), (n.ClockOffset, n.ExportZone)),
    Step(
        "merge",
        merge.merge,
        (f.Message, p.PersonAccount, p.RecycledNumber, n.ClockOffset),
        (g.MergedMessage,),
    ),
    Step(
        "candidates",
        candidates.candidates,
        (f.Chat, f.Message, f.Share, g.MergedMessage, p.PersonAccount),
        (g.MergeCandidate,),
    ),
    Step(
        "match",
        match.match,
        (e.Item, f.Fingerprint, f.Share, v.RecoveredShare, g.HashSet, g.KnownHash, b.EmbeddingModel,
         b.Embedding),
        (g.Match,),
    ),
    Step(
        "provenance",
        provenance.provenance,
        (e.Item, f.Chat, f.Fingerprint, f.Membership, f.Message, f.Share, g.Match, g.MergedMessage,
         p.Person, p.PersonAccount, j.FileCategory, m.MediaFile),
        (g.FileCluster, g.FirstShare),
    ),
    Step(
        "introductions",
        introductions.introductions,
        (f.Chat, f.Membership, f.Message, f.Share, g.FileCluster, g.HashSet, g.MergedMessage,
         p.Person, p.PersonAccount, p.RecycledNumber),
        (n.Introduction, n.Origin, n.IntroductionModel, n.NewMaterial),
    ),
    Step(
        "network",
        network.network,
        (f.Chat, f.Membership, f.Message, f.Share, f.Source, g.Match, g.MergedMessage, p.Person,
         p.PersonAccount, p.RecycledNumber),
        (g.Group, g.GroupMember, g.GroupLink),
    ),
    Step("lineage", lineage.lineage, (g.Group, g.GroupLink, g.GroupMember), (n.GroupLineage,)),
    Step(
        "invites",
        invites.invites,
        (e.Item, f.Chat, f.Invite, f.Message, f.Source, v.RecoveredInvite, g.MergedMessage,
         p.PersonAccount),
        (g.InvitePosting, g.InviteTarget),
    ),
    Step(
        "roles",
        roles.roles,
        (f.Share, g.FirstShare, g.Group, g.GroupMember, g.Match, g.MergedMessage, p.Person,
         p.PersonAccount),
        (g.PersonRole,),
    ),
    Step(
        "layout",
        layout.layout,
        (f.Membership, f.Message, g.Group, g.GroupLink, g.GroupMember, g.InvitePosting,
         g.InviteTarget, g.MergedMessage, p.PersonAccount, g.PersonRole, n.GroupLineage),
        (d.NetworkLink, d.Layout),
    ),
    Step(
        "membership-periods",
        membership_periods.membership,
        (f.Account, f.AccountAlias, f.Chat, f.GroupEvent, f.Membership, f.Message, f.Source,
         g.GroupMember, g.InvitePosting, g.InviteTarget, g.MergedMessage, p.Person,
         p.PersonAccount, n.ClockOffset, n.ExportZone),
        (s.MembershipPeriod, s.PeriodStatement, s.MembershipConflict),
    ),
    Step(
        "conflicts",
        conflicts.conflicts,
        (f.Message, f.Share, v.RecoveredMessage, g.MergedMessage, p.PersonAccount, n.ClockOffset),
        (s.MessageConflict,),
    ),
    Step(
        "countries",
        countries.countries,
        (e.Exhibit, f.Account, f.AccountName, f.Contact, f.Entry, g.GroupMember, p.Person,
         p.PersonAccount, n.Introduction, n.Origin),
        (c.CountryEvidence, c.PersonCountry, c.CountrySummary, c.CountryTie),
    ),
    Step(
        "timeline",
        timeline.timeline,
        (e.Exhibit, e.Item, f.AccountAlias, f.Call, f.Chat, f.Entry, f.GroupEvent, f.Message,
         f.Source, g.FileCluster, g.Group, g.HashSet, g.InvitePosting, g.MergedMessage,
         p.PersonAccount, m.MediaFile, n.ClockOffset, n.ExportZone, n.Origin, v.RecoveredMessage),
        (t.TimelineLine,),
    ),
    Step(
        "gaps",
        gaps.gaps,
        (e.Exhibit, f.Account, f.AccountAlias, f.Chat, f.GroupEvent, f.Membership, f.Message,
         f.Source, g.MergedMessage, p.Person, p.PersonAccount, n.ClockOffset, n.ExportZone,
         v.RecoveredMessage, v.RecoveredRow),
        (t.TimelineGap,),
    ),
    Step("measures", measures.measures, (g.GroupMember,), (r.PersonMeasure,), needs=("networkit",)),
    Step(
        "key-players",
        searches.key_players,
        (g.GroupMember, p.Person, r.PersonMeasure),
        (r.KeyPlayer,),
    ),
    Step(
        "carried",
        behaviour.carried,
        (f.Share, g.FileCluster, g.Group, g.GroupMember, g.MergedMessage, p.Person,
         p.PersonAccount),
        (r.Carried,),
    ),
    Step(
        "behaviours",
        behaviour.behaviours,
        (f.GroupEvent, f.Message, f.Share, g.FileCluster, g.Group, g.GroupMember, g.InvitePosting,
         g.MergedMessage, p.Person, p.PersonAccount, n.Introduction, r.Carried),
        (r.PersonBehaviour,),
    ),
    Step(
        "communities",
        communities.communities,
        (g.Group, g.GroupMember, g.MergedMessage),
        (r.Community, r.CommunityEvent),
        needs=("networkit", "scipy"),
    ),
)  # fmt: skip
_FINDINGS = STEPS[[step.name for step in STEPS].index("resolve") :]
_OF_EXHIBIT = tuple(step for step in STEPS if step.name in ("read", "fingerprint", "embed"))
CONCLUSIONS = tuple(step.name for step in _FINDINGS)


def describe(steps: tuple[Step, ...] = STEPS) -> Iterator[str]:
    """Draw the flow, three lines a step."""
    for step in steps:
        told = (step.run.__doc__ or "").strip().splitlines()[0]
        yield f"{step.name:12} {told}  ({step.command})"
        yield f"{'':12}   reads   {_names(step.reads)}"
        yield f"{'':12}   writes  {_names(step.writes)}"


def run(  # noqa: PLR0913, PLR0917 - what a user may choose
    case: Case,
    progress: Progress,
    workers: int | None = None,
    limits: Limits | None = None,
    frames: str | None = None,
    embedding: Path | Literal[False] | None = None,
) -> None:
    """Do every step that is not done yet, or whose inputs have changed since.

    ``frames`` of a video are keyframes, a frame a second, or all. ``embedding`` is a model that the
    pictures are shown to; False takes back what an earlier one made of them.
    """
    exhibits = [row["exhibit_id"] for row in case.rows("FROM exhibits ORDER BY exhibit_id")]
    if not exhibits:
        raise UsageError(
            "there is nothing to run on: the case has no exhibit",
            do="Add one with: clew add CASE PATH --exhibit ID --kind phone --country ES",
        )
    decisions.publish(case)
    asked = _model(case, embedding, limits) if embedding else None
    standing = msgspec.to_builtins(sandbox_standing(case, limits))
    told = {"embedding": asked.algorithm} if asked else {}
    case.custody.append("run", clew=clew.__version__, exhibits=exhibits, sandbox=standing, **told)
    log = RunLog(case.folder / "runs")
    log.write("run", clew=clew.__version__, sandbox=standing)
    options = Options(frames=frames, embedding=asked or embedding)
    for exhibit in exhibits:
        for step in _OF_EXHIBIT:
            context = Context(
                case=case, step=step.name, scope=exhibit, progress=progress, workers=workers,
                limits=limits, options=options,
            )  # fmt: skip
            with log.timed(step.name, exhibit):
                step.run(context)
    conclude(case, progress, log)
    log.write("done")


def conclude(case: Case, progress: Progress, log: RunLog | None = None) -> None:
    """Draw every conclusion that is not drawn yet, or whose facts have changed since."""
    progress.start("drawing conclusions", len(_FINDINGS))
    for step in _FINDINGS:
        _find(case, step, log or RunLog(case.folder / "runs"))
        progress.advance(1)
    progress.finish()


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


def pending(case: Case) -> tuple[str, ...]:
    """Steps of the findings that are not done, or whose inputs have changed since."""
    done = {step.name: case.manifests.get(step.name, WHOLE_CASE) for step in _FINDINGS}
    behind = decisions.behind(case)
    return tuple(
        step.name
        for step in _FINDINGS
        if behind & {*step.reads}
        or not (record := done[step.name])
        or record.key != _key(case, step)
    )


def _find(case: Case, step: Step, log: RunLog) -> None:
    key = _key(case, step)
    done = case.manifests.get(step.name, WHOLE_CASE)
    if done and done.key == key:
        log.write("kept", step=step.name)
        return
    if lacking := _lacking(step):
        log.write("lacking", step=step.name, packages=lacking, do="install clew[network]")
    with log.timed(step.name, WHOLE_CASE):
        step.run(case, StepManifest(step.name, WHOLE_CASE, key, ()))


def _key(case: Case, step: Step) -> str:
    """Digest over the files a step reads and the version that would do it."""
    complete = case.complete()
    files = [
        (out.file, out.sha256) for row in step.reads for out in complete.get(row.table_name, ())
    ]
    told = (clew.__version__, sorted(files), *((lacking,) if (lacking := _lacking(step)) else ()))
    return hashlib.sha256(repr(told).encode()).hexdigest()


def _lacking(step: Step) -> tuple[str, ...]:
    """Optional packages of a step that are not installed."""
    return tuple(name for name in step.needs if importlib.util.find_spec(name) is None)


def _names(rows: tuple[type[Row], ...]) -> str:
    return ", ".join(row.table_name for row in rows) or "-"
