"""The steps, in order, with what each asks and writes: the map of Clew."""

from collections.abc import Iterator

from clew import records
from clew.casefile.step import Step
from clew.evidence import intake
from clew.exchange.receiving import taking
from clew.facts import date_orders, read
from clew.facts.fingerprints import embed
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
from clew.judgements import decisions
from clew.schema import Row

FACTS: tuple[type[Row], ...] = (
    records.Source, records.SourceRows, records.Account, records.AccountName, records.AccountAlias,
    records.Chat, records.Membership, records.Message, records.Share, records.GroupEvent,
    records.Invite, records.Contact, records.Call, records.CallParty, records.Receipt,
    records.Reaction, records.Entry, records.Unread, records.RecoveredRow, records.RecoveredMessage,
    records.RecoveredShare, records.RecoveredInvite, records.MessagePlace, records.PollOption,
    records.DateVote, records.DateReading, records.StatedFile,
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
    Step(
        "receive",
        taking.receive,
        (records.Package, records.ReceivedTable, records.ReceivedCoverage,
         records.ReceivedJudgement),
        command="clew receive",
    ),
    Step("categorise", decisions.publish, (records.FileCategory,), command="clew categorise"),
    Step("judge", decisions.publish, (records.PersonJudgement,), command="clew persons"),
    Step("date", decisions.publish, (records.DateJudgement,), command="clew dates"),
    Step("join", decisions.publish, (records.ExportJudgement,), command="clew exports"),
    Step("mark", decisions.publish, (records.CategoryOfPerson,), command="clew route mark"),
    Step("threshold", decisions.publish, (records.RouteThreshold,),
         command="clew route threshold"),
    Step("decide", decisions.publish, (records.RouteDecision,), command="clew route decide"),
    Step("pack", decisions.publish, (records.PackageEntry,), command="clew pack"),
    Step("partner", decisions.publish, (records.Partner,), command="clew partner"),
    Step("permit", decisions.publish, (records.Permission,), command="clew permit"),
    Step("deconflict", decisions.publish, (records.Deconfliction,), command="clew deconflict"),
    Step("hits", decisions.publish, (records.DeconflictionResult,), command="clew deconflict read"),
    Step("state", decisions.publish, (records.Statement,), command="clew board"),
    Step("merge-sites", decisions.publish, (records.SiteSheet,), command="clew board"),
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
        asks=("recycled_numbers", "accounts_seen", "account_origins", "ties", "sent_here",
              "label_votes",
              "linkage_traits", "hours_written", "files_at_once", "accounts_of"),
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
    Step("merge", {records.MergedMessage: "merged_messages"}, once=("keyless_copies",)),
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
    Step(
        "routes",
        {records.Route: "routes", records.RouteEvidence: "route_evidence"},
        once=("route_grounds",),
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


def _names(rows: tuple[type[Row], ...]) -> str:
    return ", ".join(row.table_name for row in rows) or "-"
