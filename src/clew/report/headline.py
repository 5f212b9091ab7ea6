"""What the first two pages say: ten findings, what was not read, and what was not concluded.

Each sentence is made only of figures of the catalogue and of numbered rows. Where a figure rests on
conclusions that are not there, the sentence is not made: nothing is ever said to be none for that.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any

import msgspec
from markupsafe import Markup

from clew.report.book import Book, Row
from clew.report.figures import settled
from clew.report.shown import moment

FINDINGS = 10
"""Sentences on the first page."""
REASONS = 8
"""Reasons for which something was not read, on the second page; the others stand in an annex."""
MOST_ERROR = 0.5
"""A link that would be wrong more often names nobody."""
CHANGES = 0.05
"""Least change of fragmentation that makes a person one to ask about."""
_FEW = 5
_MANY = 8


class Finding(msgspec.Struct, frozen=True):
    """A sentence, and where on the page its evidence stands."""

    sentence: Markup
    anchor: str


def findings(book: Book) -> list[Finding]:
    """The findings of the first page, those that come first in their order."""
    parts = (
        _scope, _register, _organiser, _succession, _known, _holders, _widest, _new, _invitations,
        _deleted, _ask_next, _inferred, _countries, _settled,
    )  # fmt: skip
    every = (found for part in parts for found in part(book))
    return list(islice(every, FINDINGS))


def not_read(book: Book) -> Iterator[Markup]:
    """What was skipped, failed or not read, by reason; then what cannot be put in order."""
    say = book.words.say
    reasons = book.rows("report/not-read")
    if not book.exhibits:
        yield say("no_exhibit")
    elif not reasons:
        yield say("all_read")
    for row in reasons[:REASONS]:
        yield _reason(book, row)
    if len(reasons) > REASONS:
        yield say("reasons_more", n=len(reasons) - REASONS)
    yield from _gaps(book)
    for name, figure in (("names", "names"), ("without_utc", "without_utc"),
                         ("ambiguous", "ambiguous")):  # fmt: skip
        if n := book.figure(figure):
            yield say(name, n=n)
    yield say("not_in_what_was_read")


def not_concluded(book: Book) -> Iterator[Markup]:
    """Which conclusions are missing, out of date, or could not be drawn from what was read."""
    say, figure = book.words.say, book.figure
    yield from pending(book)
    if not known_sets(book):
        yield say("no_known_set")
    elif figure("known") == 0:
        yield say("no_known_hit", sets=known_sets(book))
    if near := len({row["sha256"] for row in book.near}):
        link = Markup('<a href="#near">{}</a>').format(book.words.say("near_list"))
        yield say("near_known", n=near, list=link)
    yield from _links(book)
    files, answered = figure("new_files"), figure("new_answered")
    if files and answered is not None and files > answered:
        yield say("new_unanswered", n=files - answered, files=files)
    yield from _chances(book)
    if n := figure("number_only"):
        yield say("countries_by_number", n=n, persons=len(book.persons))
    gains = _gains(book)
    if gains and max(gains) < CHANGES:
        yield say("no_key_player", gain=max(gains))
    messages, memberships = figure("messages_contradicted"), figure("memberships_contradicted")
    if messages or memberships:
        yield say("contradicted", messages=messages or 0, memberships=memberships or 0)
    yield say("who_used")


def pending(book: Book) -> Iterator[Markup]:
    """Which steps are missing, and which are out of date."""
    for name, steps in (("steps_missing", book.missing), ("steps_stale", book.stale)):
        if steps:
            yield book.words.say(name, n=len(steps), steps=", ".join(steps))


def known_sets(book: Book) -> str:
    """Known sets of the case with their versions, in one text."""
    sets = [s for s in book.rows("sets") if s["kind"] == "known"]
    return str(book.words.several(book.words.text(f"{s['set']} {s['version']}") for s in sets))


def _register(book: Book) -> Iterator[Finding]:
    """Of the things that were seized, what was acquired and read, by country."""
    rows = [row for row in book.seized if row["seized"]]
    if rows:
        say, country = book.words.say, book.words.country
        most = sorted(rows, key=lambda row: (row["read"] - row["seized"], row["country"]))
        parts = (
            say("seized_in", country=country(row["country"]), seized=row["seized"],
                acquired=row["acquired"], read=row["read"])
            for row in most
        )  # fmt: skip
        open_ = sum(row["seized"] - row["read"] for row in rows)
        yield _finding(book, "seized", "evidence", list=book.words.several(parts, _MANY), n=open_)


def _scope(book: Book) -> Iterator[Finding]:
    countries = book.figure("countries_of_persons")
    if book.span and book.persons and countries is not None:
        seized = sorted({book.words.country(e["country"]) for e in book.exhibits})
        yield _finding(
            book, "scope", "groups", exhibits=len(book.exhibits),
            countries=book.words.several(seized), groups=len(book.groups),
            persons=len(book.persons), from_countries=countries,
            since=book.span.since, until=book.span.until,
        )  # fmt: skip


def _organiser(book: Book) -> Iterator[Finding]:
    first = max(
        book.persons, key=lambda p: (p["created"], p["admin_of"], p["added"], -p["number"]),
        default=None,
    )  # fmt: skip
    if first and first["created"]:
        counts = {n: first[n] for n in ("created", "admin_of", "added", "additions", "removed")}
        devices = [book.ref("exhibit", e) for e in first["is_owner_of"]]
        yield _finding(
            book, "organiser" if devices else "organiser_unseized", first["anchor"],
            person=book.ref("person", first["person_id"]), groups=len(book.groups),
            exhibits=book.words.several(devices), **counts,
        )  # fmt: skip


def titled(book: Book, chat_id: str) -> Markup:
    """A group by its number, as a link, and its title."""
    group = book.of("group", chat_id)
    title = book.words.text(group["subject"]) if group else ""
    link = book.ref("group", chat_id)
    return book.words.say("titled", group=link, title=title) if title else link


def followed(book: Book, row: Row) -> dict[str, Any]:
    """Figures of a group that follows another: when the one ended and the other began."""
    earlier, later = book.of("group", row["earlier"]), book.of("group", row["later"])
    ends = earlier and earlier["last_at"]
    begins = later and (later["created_at"] or later["first_at"])
    days = (begins.date() - ends.date()).days if begins and ends else None
    creator = (
        later["creator"] if later and earlier and later["creator"] == earlier["creator"] else None
    )
    return {
        "earlier": titled(book, row["earlier"]), "later": titled(book, row["later"]), "end": ends,
        "days": days, "shared": row["shared_members"], "members": earlier and earlier["members"],
        "person": book.ref("person", creator) if book.of("person", creator) else None,
        "anchor": later["anchor"] if later else "groups",
    }  # fmt: skip


def _succession(book: Book) -> Iterator[Finding]:
    every = [followed(book, row) for row in book.lineage()]
    dated = [found for found in every if found["days"] is not None and found["days"] >= 0]
    if dated:
        first = dated[0]
        name = "succession" if first["person"] else "succession_other"
        yield _finding(book, name, first.pop("anchor"), **first)
    if len(every) > 1:
        pairs = [book.words.say("follows", **found) for found in every[:_FEW]]
        listed = Markup("; ").join(pairs)
        if len(every) > _FEW:
            listed = book.words.say("more", shown=listed, rest=len(every) - _FEW)
        yield _finding(book, "successions", "groups", n=len(every), list=listed)


def _known(book: Book) -> Iterator[Finding]:
    known, times, private = map(book.figure, ("known_sent", "known_sendings", "known_private"))
    if known is None or not book.files:
        return
    sets = known_sets(book)
    if not known:
        yield _finding(book, "known_stored", "known", known=len(book.files), sets=sets)
        return
    yield _finding(
        book, "known_private" if private else "known", "known", known=known, sets=sets,
        times=times, persons=book.figure("known_senders"), groups=book.figure("known_groups"),
        private=private,
    )  # fmt: skip
    gone = [f for f in book.files if not f["exhibits"] and f["times"]]
    if gone and len(gone) == len(book.files):
        yield _finding(book, "gone_all", "known")
    elif gone:
        refs = book.words.several((book.ref("file", f["sha256"]) for f in gone), _FEW)
        times = sum(f["times"] for f in gone)
        yield _finding(book, "gone", "known", n=len(gone), files=refs, times=times)


def _holders(book: Book) -> Iterator[Finding]:
    holders = [p for p in book.persons if p["is_owner_of"]]
    sent = sorted((p for p in holders if p["known"]), key=lambda p: (-p["known"], p["number"]))
    if sent:
        every = len(sent) == len(holders) > 1
        listed = book.words.several((_times(book, p, p["known"]) for p in sent), _MANY)
        yield _finding(
            book, "holders_all" if every else "holders", "known",
            n=len(sent), holders=len(holders), list=listed,
        )  # fmt: skip


def _widest(book: Book) -> Iterator[Finding]:
    widest = max(book.files, key=lambda f: (f["times"], f["persons"], -f["number"]), default=None)
    if widest and widest["first"] and widest["times"] > 1:
        first = widest["first"]
        counts = {name: widest[name] for name in ("times", "persons", "countries", "groups")}
        yield _finding(
            book, "widest", widest["anchor"], file=book.ref("file", widest["sha256"]),
            person=book.ref("person", first["person_id"]), at=moment(first["sent_at"]), **counts,
        )  # fmt: skip


def _new(book: Book) -> Iterator[Finding]:
    files, answered = book.figure("new_files"), book.figure("new_answered")
    if not files or answered is None:
        return
    brought = Counter({label: len(rows) for label, rows in book.brought_by.items()})
    by_label = {p["label"]: p for p in book.persons}
    most = sorted(brought, key=lambda label: (-brought[label], by_label[label]["number"]))
    listed = book.words.several((_times(book, by_label[x], brought[x]) for x in most), _FEW)
    name = "new" if most else "new_open"
    yield _finding(book, name, "new", files=files, answered=answered, list=listed)


def _invitations(book: Book) -> Iterator[Finding]:
    names = ("invitations", "postings", "joined_by_link")
    invitations, postings, entered = map(book.figure, names)
    if invitations and entered is not None:
        yield _finding(
            book, "invitations", "invitations", invitations=invitations, postings=postings,
            entered=entered,
        )  # fmt: skip


def _deleted(book: Book) -> Iterator[Finding]:
    if n := book.figure("deleted_live"):
        yield _finding(book, "deleted", "deleted", n=n)


def _ask_next(book: Book) -> Iterator[Finding]:
    for row in book.rows("key-players"):
        first = row["set_kind"] == "holds_together" and row["rank"] == 1
        person = book.of("person", row["person_id"])
        if first and person and row["gain"] >= CHANGES:
            figures = {name: row[name] for name in ("parts", "before", "after")}
            link = book.ref("person", row["person_id"])
            yield _finding(book, "ask_next", person["anchor"], person=link, **figures)


def _inferred(book: Book) -> Iterator[Finding]:
    inferred = [p for p in book.persons if p["inferred"]]
    if inferred:
        error = max(p["weakest_error"] or 0 for p in inferred)
        yield _finding(book, "inferred", "persons", n=len(inferred), error=in_hundred(error))


def _countries(book: Book) -> Iterator[Finding]:
    tie = next(iter(book.rows("country-ties")), None)
    if tie and tie["persons"]:
        names = {side: book.words.country(tie[side]) for side in ("a", "b")}
        yield _finding(
            book, "countries", "groups", persons=tie["persons"], groups=tie["groups"], **names
        )


def _settled(book: Book) -> Iterator[Finding]:
    if not book.lacks("figures/settled") and (found := settled(book.reading))["settled"]:
        yield _finding(book, "settled", "evidence", **found)


def _gains(book: Book) -> list[float]:
    """By how much each of the first few would break the network, taken alone or after others."""
    rows = book.rows("key-players", fragmentation=0.0, reach=0.0)
    return [row["gain"] for row in rows if row["set_kind"] == "holds_together"]


def _links(book: Book) -> Iterator[Markup]:
    """Pairs of accounts that are offered and not used; none is named where it is mostly wrong."""
    offered = [r for r in book.rows("person-links") if r["state"] in ("offered", "unlikely")]
    if offered:
        best = min(row["error"] for row in offered)
        yield book.words.say("links_open", n=len(offered), error=in_hundred(best))


def _chances(book: Book) -> Iterator[Markup]:
    """How far the devices can answer who was first, or that it could not be learned."""
    rows = book.rows("introduction-model")
    seen = [r["coefficient"] for r in rows if r["figure"] == "seen_part"]
    if book.figure("new_files") and not any(row["labels"] for row in rows):
        yield book.words.say("chances_not_learned")
    elif seen:
        yield book.words.say("seen_part", part=round(100 * seen[0]))


def _reason(book: Book, row: Row) -> Markup:
    exhibits = book.words.several((book.ref("exhibit", e) for e in row["exhibits"]), _FEW)
    path = _tail(book.words.text(row["path"]))
    if row["files"] == 1 and row["rows"] == 1:
        reason = book.words.reason(row, row["register"])
        return book.words.say("reason_one", exhibits=exhibits, path=path, reason=reason)
    reason = book.words.meaning(row["code"], row["register"])
    figures = {"files": row["files"], "exhibits": exhibits, "path": path, "reason": reason}
    return book.words.say("reason_many", **figures)


def _tail(path: str) -> str:
    return "/".join(path.split("/")[-2:])


def _gaps(book: Book) -> Iterator[Markup]:
    """Devices that lack most of what others hold."""
    found: dict[str, list[int]] = {}
    for row in book.rows("gaps"):
        if row["strength"] in ("others_show", "rows_show") and row["kind"] != "missing_messages":
            found.setdefault(row["exhibit_id"], []).append(row["others_hold"] or 0)
    worst = sorted(found, key=lambda exhibit: (-sum(found[exhibit]), exhibit))
    for exhibit in worst[:_FEW]:
        n, others = len(found[exhibit]), sum(found[exhibit])
        link = book.ref("exhibit", exhibit)
        yield book.words.say("gaps", exhibit=link, n=n, others=others)


def _times(book: Book, person: Row, n: int) -> Markup:
    return book.words.say("times", what=book.ref("person", person["person_id"]), n=n)


def in_hundred(error: float) -> int:
    """In how many of 100 cases something is wrong; never none of them, and never all."""
    return min(max(round(100 * error), 1), 99)


def _finding(book: Book, name: str, anchor: str, **figures: Any) -> Finding:
    return Finding(book.words.say(name, **figures), anchor)
