"""What stands on the cards of persons and groups, and in the rows of lists."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from markupsafe import Markup

from clew.report import drawing
from clew.report.book import ANNEXES, FEW, MEMBERS, SENDINGS, Book, Row, counted
from clew.report.headline import MOST_ERROR, followed, in_hundred
from clew.report.shown import day
from clew.words.catalogue import written

PLATFORMS = {
    "whatsapp": "WhatsApp", "telegram": "Telegram", "signal": "Signal", "messenger": "Messenger",
    "instagram": "Instagram", "discord": "Discord",
}  # fmt: skip
"""Messengers as they write their names."""
_RANK = {"creator": 0, "admin": 1}
_TIED = ("lid_of", "number_changed", "same_row", "same_device", "same_number", "same_holder",
         "sent_here", "shown_number", "export_label", "judgement", "linkage")  # fmt: skip
_KINDS = ("phone", "lid", "owner", "label")
_SPREAD = 14


class Cards:
    """Words and drawings of a book's persons and groups."""

    def __init__(self, book: Book) -> None:
        self._book, self._words = book, book.words
        self._stays: defaultdict[str, list[Row]] = defaultdict(list)
        for row in book.stays:
            self._stays[row["person"]["label"]].append(row)
            self._stays[row["group"]["label"]].append(row)
        carded = [p["person_id"] for p in book.persons if p["card"]]
        self._accounts = _by(book.rows("report/person-accounts", persons=carded), "person_id")
        self._links = book.rows("report/links", persons=carded)
        groups = [g["chat_id"] for g in book.groups]
        months = _by(book.rows("report/group-months", groups=groups), "chat_id")
        self._months = {chat: {row["month"]: row for row in rows} for chat, rows in months.items()}
        self._most = max((m["messages"] for rows in months.values() for m in rows), default=1) or 1

    def in_groups(self, person: Row) -> list[Row]:
        """Groups of a person with a card, in the order of their numbers."""
        return sorted(self._stays[person["label"]], key=lambda s: s["group"]["number"])

    def members(self, group: Row) -> list[Row]:
        """The first members of a group: who created it, admins, then as they came."""

        def order(stay: Row) -> tuple[Any, ...]:
            came = stay["periods"][0]["from_at"] or stay["joined_at"]
            return (_RANK.get(stay["role"], 2), came is None, came or 0, stay["person"]["number"])

        return sorted(self._stays[group["label"]], key=order)[:MEMBERS]

    def stay(self, stay: Row) -> Markup:
        """The strip of a stay."""
        if self._book.span is None:
            return Markup("")
        ends = {"person": stay["person"]["label"], "group": stay["group"]["label"]}
        said = self._words.say("stay", what=self.how(stay).striptags(), **ends)
        return drawing.stay(stay["periods"], stay["role"], self._book.span, said.unescape())

    def how(self, stay: Row, table: str = "report_stay") -> Markup:
        """How and when somebody came and went, in a few words."""
        first, last = stay["periods"][0], stay["periods"][-1]
        since, until = first["from_at"] or stay["joined_at"], last["until_at"] or stay["ended_at"]
        joined, ended = (
            first["joined_how"],
            last["ended_how"] if last["until_bound"] != "listed" else None,
        )
        if joined not in ("added", "created", "joined_by_link"):
            stated = (
                first["from_bound"] in ("stated", "contradicted", "listed") or stay["joined_at"]
            )
            joined = "unknown" if since is None else "other" if stated else "seen"
        row = {
            "joined_how": joined, "joined_by": self._person(first["joined_by"]),
            "ended_how": ended and (ended if ended in ("left", "removed") else "other"),
            "ended_by": self._person(last["ended_by"]), "since": day(since), "until": day(until),
        }  # fmt: skip
        return self._words.clause(row, table)

    def lead(self, row: Row, table: str) -> Markup:
        """What a person did, or a group is, in a sentence."""
        figures = {name: value for name, value in row.items() if name != "tie"}
        if "creator" in row:
            figures["creator"] = self._person(row["creator"])
        return self._words.said(figures, table)

    def accounts(self, person: Row) -> Markup:
        """Kinds of a person's accounts by messenger."""
        platforms: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for row in self._accounts.get(person["person_id"], ()):
            kind = row["id_type"] if row["id_type"] in _KINDS else "other"
            platforms[row["platform"]][kind] += row["accounts"]
        parts = []
        for platform, kinds in platforms.items():
            said = ((str(self._words.say(f"kind_{kind}")), n) for kind, n in kinds.items())
            listed = " + ".join(f"{kind}\u00a0\u00d7{n}" if n > 1 else kind for kind, n in said)
            name = PLATFORMS.get(platform, platform)
            parts.append(self._words.say("account", platform=name, kinds=listed))
        return Markup("; ").join(parts)

    def ties(self, person: Row) -> Markup:
        """What ties a person's accounts, each reason once."""
        found = {row["rule"] for row in self._accounts.get(person["person_id"], ())}
        return Markup("; ").join(self._words.say(f"tie_{r}") for r in _TIED if r in found)

    def basis(self, person: Row) -> Markup:
        """What the country of a person rests on, and what names another."""
        bases = Markup("; ").join(self._words.say(f"basis_{b}") for b in person["basis"])
        others = [self._words.country(text.partition("=")[0]) for text in person["other_countries"]]
        if not others:
            return bases
        return self._words.say("against", basis=bases, countries=self._words.several(others))

    def others(self, person: Row) -> Markup:
        """By inference: what ties the person, or who else it may be. Never where mostly wrong."""
        if person["inferred"]:
            error = in_hundred(person["weakest_error"] or 0)
            return self._words.say("by_inference", n=person["inferred"], error=error)
        for link in self._links:
            ends = [link["a"], link["b"]]
            if person["person_id"] in ends and link["error"] <= MOST_ERROR:
                other = ends[1 - ends.index(person["person_id"])]
                if self._book.of("person", other):
                    ref = self._book.ref("person", other)
                    return self._words.say("perhaps", person=ref, error=in_hundred(link["error"]))
        return Markup("")

    def known(self, row: Row) -> Markup:
        """Known files that a person sent, or that were sent in a group, with how often."""
        of = self._book.sent_by.get(row["label"], []) if "person_id" in row else [
            s for s in self._book.sendings if s["chat_id"] == row["chat_id"]]  # fmt: skip
        return self._listed([s["sha256"] for s in of], "file", _SPREAD)

    def first_known(self, person: Row) -> Markup:
        """Known files of which the earliest sending seen is this person's."""
        own = [
            f
            for f in self._book.files
            if f["first"] and f["first"]["person_id"] == person["person_id"]
        ]
        return self._listed([f["sha256"] for f in own], "file", _SPREAD)

    def brought(self, person: Row, most: int = _SPREAD) -> Markup:
        """New files that a person most likely brought in."""
        rows = self._book.brought_by.get(person["label"], [])
        return self._listed([row["cluster_id"] for row in rows], "new", most)

    def added(self, person: Row) -> Markup:
        """Persons whom a person added, as far as groups with a card show."""
        ids = [
            stay["person_id"] for stay in self._book.stays
            if any(p["joined_how"] == "added" and p["joined_by"] == person["person_id"]
                   for p in stay["periods"])
        ]  # fmt: skip
        return self._listed(list(dict.fromkeys(ids)), "person", _SPREAD)

    def _listed(self, keys: list[str], kind: str, most: int) -> Markup:
        """Numbers as links, each once with how often, and how many more there are."""
        rows = {row["label"]: row for key in keys if (row := self._book.of(kind, key))}
        labels = counted(row["label"] for key in keys if (row := self._book.of(kind, key)))
        parts = []
        for label, n in labels[:most]:
            key = rows[label][{"file": "sha256", "new": "cluster_id", "person": "person_id"}[kind]]
            often = f"\u00a0\u00d7{written(n)}" if n > 1 else ""
            parts.append(
                Markup('<span class="nw">{}{}</span>').format(self._book.ref(kind, key), often)
            )
        if len(labels) > most:
            rest = len(labels) - most
            return self._words.say("more", shown=Markup(" ").join(parts), rest=rest)
        return Markup(" ").join(parts)

    def ways(self, group: Row) -> Markup:
        """Who brought how many people into a group."""
        periods = [p for s in self._stays[group["label"]] for p in s["periods"][:1]]
        by = counted(
            row["label"] for p in periods
            if p["joined_how"] == "added" and (row := self._book.of("person", p["joined_by"]))
        )  # fmt: skip
        refs = {p["label"]: p["person_id"] for p in self._book.persons}
        most = sorted(by, key=lambda pair: -pair[1])[:3]
        parts = [self._words.say("added_n", person=self._book.ref("person", refs[label]), n=n)
                 for label, n in most]  # fmt: skip
        by_link = sum(p["joined_how"] == "joined_by_link" for p in periods)
        unknown = sum(p["joined_how"] is None for p in periods)
        parts += [self._words.say(name, n=n) for name, n in
                  (("by_link_n", by_link), ("not_stated_n", unknown)) if n]  # fmt: skip
        return Markup("; ").join(parts)

    def lane(self, group: Row) -> Markup:
        """The strip of a group."""
        span = self._book.span
        if span is None:
            return Markup("")
        begins, ends = group["created_at"] or group["first_at"], group["last_at"]
        said = self._words.say(
            "lane", group=group["label"], messages=group["messages"], known=group["known"],
            since=begins or span.since, until=ends or span.until,
        )  # fmt: skip
        months = self._months.get(group["chat_id"], {})
        return drawing.lane(group, months, span, self._most, said.unescape())

    def countries(self, groups: Iterable[Row], most: int = 10) -> list[str]:
        """Countries of most members, over all these groups."""
        found: defaultdict[str, int] = defaultdict(int)
        for group in groups:
            for country, n in _members(group).items():
                found[country] += n
        found.pop("??", None)
        return sorted(found, key=lambda c: (-found[c], c))[:most]

    def dot(self, group: Row, country: str, most: int) -> Markup:
        """Members of a country in a group, by the size of a dot."""
        n = _members(group).get(country, 0)
        said = self._words.say("members_of", n=n, country=self._words.country(country))
        return drawing.dot(n / most, said.unescape()) if n else Markup("")

    def most_of_a_country(self, groups: Iterable[Row]) -> int:
        """The most members that a group has of one country."""
        return max((n for g in groups for n in _members(g).values()), default=1)

    def lineage(self) -> list[dict[str, Any]]:
        """Groups that follow another, each with both as links and in a few words why."""
        found = []
        for row in self._book.lineage():
            figures = followed(self._book, row)
            days = "" if figures["days"] is None else figures["days"]
            why = self._words.said({**figures, "days": days}, "report_succession")
            found.append({"row": row, **figures, "why": why})
        return found

    def annexes(self) -> list[tuple[Row | None, list[Row], int]]:
        """Persons who sent known files, the sendings that are listed, and how many there are."""
        small = len(self._book.sent_by) <= ANNEXES
        by = {p["label"]: p for p in self._book.persons}
        order = sorted(self._book.sent_by, key=lambda x: by[x]["number"] if x else len(by) + 1)
        return [
            (by.get(label), rows[: SENDINGS if small else FEW], len(rows))
            for label in order[:ANNEXES] for rows in (self._book.sent_by[label],)
        ]  # fmt: skip

    def _person(self, person_id: str | None) -> Markup | None:
        return self._book.ref("person", person_id) if person_id else None


def _by(rows: Iterable[Row], key: str) -> dict[str, list[Row]]:
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[key]].append(row)
    return dict(found)


def _members(group: Row) -> dict[str, int]:
    """Members of a group by country, as ``ES 12`` says."""
    pairs = (text.rsplit(" ", 1) for text in group["countries"])
    return {country: int(n) for country, n in pairs}
