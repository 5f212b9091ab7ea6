"""What the report says, gathered once: rows that print as they are shown, numbered and linked.

P1, G1, K1, N1 number persons, groups, known and new files within one report. They do not depend on
who reads: of rows that are alike the pseudonym decides, and never a number behind it. Every list
is of a view of the catalogue, so that a figure and the list that it counts cannot differ.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from markupsafe import Markup

from clew import views
from clew.casefile.engine import tables_of
from clew.reading import Reading
from clew.report.drawing import Span
from clew.report.figures import figures
from clew.report.shown import Shown
from clew.words.catalogue import written

CARDS = 12
"""Persons with a card."""
LISTED = 60
"""Persons with a line."""
GROUPS, GROUP_CARDS = 24, 12
"""Groups that have a card: all up to the one number, else those with most known files."""
MEMBERS = 14
"""Members on a card."""
EXHIBITS = 48
"""Exhibits with a line."""
FILES = 30
"""Known files, and new files of either kind, that are listed."""
ANNEXES, SENDINGS, FEW = 30, 400, 6
"""Persons whose sendings are listed, how many of each, and of each where there are more persons."""
_LATEST = datetime.max.replace(tzinfo=UTC)
Row = dict[str, Any]


class Book:
    """Everything that the report and its annexes show of one case."""

    def __init__(self, reading: Reading, words: Shown, undone: Mapping[str, Iterable[str]]) -> None:
        self.reading, self.words = reading, words
        done = {n: reading.case.manifests.get(n, reading.case.scope) for n in undone}
        self.missing = [n for n, manifest in done.items() if not (manifest and manifest.key)]
        """Steps that were never done, or that failed."""
        self.stale = [n for n in undone if n not in self.missing]
        """Steps that what they rest on has changed since."""
        self.absent = frozenset(table for n in self.missing for table in undone[n])
        """Tables of conclusions that are not there: that one is empty says nothing."""
        self._figures: dict[str, int] = {}

    def lacks(self, name: str) -> bool:
        """A view rests on conclusions that are not there: what it would list is not known."""
        return bool(tables_of(views.view(name).sql) & self.absent)

    def figure(self, name: str) -> int | None:
        """A figure of the catalogue; None where it rests on conclusions that are not there."""
        if self.lacks(f"{views.FIGURES}/{name}"):
            return None
        if name not in self._figures:
            self._figures |= figures(self.reading, [name])
        return self._figures[name]

    def rows(self, name: str, **parameters: Any) -> list[Row]:
        """Rows of a view; none where it rests on conclusions that are not there."""
        return [] if self.lacks(name) else self.reading.printed(name, **parameters)

    def how_many(self, name: str, rows: list[Row]) -> str:
        """How many rows there are of a view; a dash where that is not known."""
        return "\u2013" if self.lacks(name) else written(len(rows))

    @cached_property
    def seized(self) -> list[Row]:
        """By country, what the register says was seized, acquired and read; none without one."""
        from clew.operation.evidence import board_of
        from clew.operation.tables import by_country

        return by_country(board_of(self.reading.case))

    @cached_property
    def persons(self) -> list[Row]:
        """Persons by number: holders of devices, who created groups, who sent known files."""
        shown = self.reading.masking.of
        rows = self.rows("report/persons")
        found = [row | {"tie": shown(_real(row["person_id"]))} for row in rows]
        found.sort(key=lambda p: (-p["known"], -p["shares"], p["tie"]))
        found.sort(key=lambda p: (not p["is_owner_of"], not p["created"]))
        return _numbered(found, "P", card=CARDS)

    @cached_property
    def groups(self) -> list[Row]:
        """Groups by number: in the order in which they were created."""
        shown = self.reading.masking.group
        found = [row | {"tie": shown(_real(row["chat_id"]))} for row in self.rows("report/groups")]
        found.sort(key=lambda g: (g["created_at"] or g["first_at"] or _LATEST, g["tie"]))
        _numbered(found, "G", card=len(found))
        if len(found) > GROUPS:
            by_known = sorted(found, key=lambda g: (-g["known"], -g["messages"], g["number"]))
            for group in by_known[GROUP_CARDS:]:
                group["card"] = False
        return found

    @cached_property
    def sendings(self) -> list[Row]:
        """Sendings of known files in the order of time, those without a time in UTC last."""
        return self.rows("report/sendings")

    @cached_property
    def files(self) -> list[Row]:
        """Known files by number: in the order in which they were first sent, then the others."""
        sent: defaultdict[str, list[Row]] = defaultdict(list)
        for row in self.sendings:
            sent[row["sha256"]].append(row)
        rank = {sha256: n for n, sha256 in enumerate(sent)}
        found = [
            row | _spread(sent.get(row["sha256"], ())) for row in self.rows("report/known-files")
        ]
        found.sort(key=lambda f: (rank.get(f["sha256"], len(rank)), f["sha256"]))
        return _numbered(found, "K")

    @cached_property
    def files_shown(self) -> list[Row]:
        """The known files that were sent most."""
        most = sorted(self.files, key=lambda f: (-f["times"], f["number"]))[:FILES]
        return sorted(most, key=lambda f: f["number"])

    @cached_property
    def exhibits_shown(self) -> list[Row]:
        """The exhibits with most messages, or else most items, in the order of their numbers."""
        most = sorted(self.exhibits, key=lambda e: (-e["messages"], -e["seen"], e["exhibit_id"]))
        return sorted(most[:EXHIBITS], key=lambda e: e["number"])

    @cached_property
    def near(self) -> list[Row]:
        """Files that are near a known one by a fingerprint or a model, and not the same bytes."""
        rows = self.rows("matched-files")
        return [row for row in rows if row["kind"] == "known" and row["tier"] != "exact"]

    @cached_property
    def news(self) -> list[Row]:
        """New files by number: those that the devices answer, then those that went furthest."""
        return _numbered(self.rows("report/new-files"), "N")

    @cached_property
    def answered(self) -> list[Row]:
        """New files of which the devices tell who brought them in."""
        return [row for row in self.news if row["answered"]]

    @cached_property
    def unanswered(self) -> list[Row]:
        """New files of which they do not."""
        return [row for row in self.news if not row["answered"]]

    @cached_property
    def exhibits(self) -> list[Row]:
        """Exhibits in the order of their names."""
        found = self.rows("report/exhibits")
        for number, row in enumerate(found, 1):
            row |= {"number": number, "label": row["exhibit_id"], "anchor": f"e{number}"}
        return found

    @cached_property
    def names(self) -> frozenset[str]:
        """Names in text exports that stand for no person: counted apart, without number."""
        return frozenset(_real(row["person_id"]) for row in self.rows("report/names"))

    @cached_property
    def _of(self) -> dict[tuple[str, str], Row]:
        """Numbered rows by what they are of."""
        keys = {"person": (self.persons, "person_id"), "group": (self.groups, "chat_id"),
                "file": (self.files, "sha256"), "new": (self.news, "cluster_id"),
                "exhibit": (self.exhibits, "exhibit_id")}  # fmt: skip
        return {(kind, _real(row[key])): row for kind, (rows, key) in keys.items() for row in rows}

    @cached_property
    def _on_page(self) -> set[str]:
        """Anchors of the rows that stand on the page; nothing else is linked."""
        shown = (self.persons[:LISTED], self.groups, self.files_shown, self.exhibits_shown,
                 self.answered[:FILES], self.unanswered[:FILES])  # fmt: skip
        return {row["anchor"] for rows in shown for row in rows}

    def of(self, kind: str, key: str | None) -> Row | None:
        """The numbered row of a person, group, file or exhibit."""
        return self._of.get((kind, _real(key))) if key else None

    def ref(self, kind: str, key: str | None, text: str = "") -> Markup:
        """A number as a link to where the row stands, or without one where it is not listed."""
        row = self.of(kind, key)
        if row is None:
            other = "name_only" if kind == "person" and _real(key) in self.names else "unknown"
            return Markup('<span class="soft">{}</span>').format(self.words.say(other))
        label = f"{row['label']} {text}".rstrip()
        if row["anchor"] in self._on_page:
            return Markup('<a class="id" href="#{}">{}</a>').format(row["anchor"], label)
        return Markup('<span class="id">{}</span>').format(label)

    def exhibits_of(self, ids: list[str], most: int = 4) -> Markup:
        """Exhibits as links, the first few, and how many more there are."""
        refs = [Markup('<span class="nw x">{}</span>').format(self.ref("exhibit", e)) for e in ids]
        more = f" +{len(refs) - most}" if len(refs) > most else ""
        return Markup("{}{}").format(Markup(" ").join(refs[:most]), more)

    def labels(self, kind: str, keys: Iterable[str]) -> list[str]:
        """Numbers of rows, as text, in their order."""
        found = [row for key in keys if (row := self.of(kind, key))]
        return [row["label"] for row in sorted(found, key=lambda row: row["number"])]

    @cached_property
    def span(self) -> Span | None:
        """From the first to the last that is known of any group."""
        begins = [t for g in self.groups if (t := g["created_at"] or g["first_at"])]
        ends = [g["last_at"] for g in self.groups if g["last_at"]]
        return Span(min(begins), max([*begins, *ends])) if begins else None

    @cached_property
    def stays(self) -> list[Row]:
        """Who was in which group when, for persons and groups with a card; each pair once."""
        pairs: dict[tuple[str, str], Row] = {}
        wanted = {"persons": [p["person_id"] for p in self.persons if p["card"]],
                  "groups": [g["chat_id"] for g in self.groups if g["card"]]}  # fmt: skip
        for row in self.rows("report/stays", **wanted):
            person, group = self.of("person", row["person_id"]), self.of("group", row["chat_id"])
            if person and group:
                first = {**row, "periods": [], "person": person, "group": group}
                pairs.setdefault((person["label"], group["label"]), first)["periods"].append(row)
        return list(pairs.values())

    @cached_property
    def sent_by(self) -> dict[str, list[Row]]:
        """Sendings of known files by the label of the sender; under "" those of nobody listed."""
        found: defaultdict[str, list[Row]] = defaultdict(list)
        for row in self.sendings:
            person = self.of("person", row["person_id"])
            found[person["label"] if person else ""].append(row)
        return dict(found)

    @cached_property
    def brought_by(self) -> dict[str, list[Row]]:
        """New files by the label of who most likely brought them in."""
        found: defaultdict[str, list[Row]] = defaultdict(list)
        for row in self.answered:
            if person := self.of("person", row["likely_person_id"]):
                found[person["label"]].append(row)
        return dict(found)

    def lineage(self) -> list[Row]:
        """Groups that follow another, the best reason of each, those with most in common first."""
        best = [row for row in self.rows("lineage") if row["best"] and row["kind"] == "succession"]
        return sorted(best, key=lambda row: (-row["shared_members"], row["earlier"], row["later"]))

    @cached_property
    def sum_of_items(self) -> dict[str, int]:
        """Items seen, processed, skipped and failed, over all exhibits."""
        parts = ("seen", "processed", "skipped", "failed", "messages")
        return {name: sum(row[name] for row in self.exhibits) for name in parts}


def _numbered(rows: list[Row], letter: str, card: int = 0) -> list[Row]:
    """Rows with their numbers in this report; the first few have a card."""
    for number, row in enumerate(rows, 1):
        label = f"{letter}{number}"
        row |= {
            "number": number, "label": label, "anchor": label.lower(), "card": number <= card,
        }  # fmt: skip
    return rows


def _spread(sendings: Iterable[Row]) -> Row:
    """How far a known file went."""
    rows = list(sendings)
    named = [s for s in rows if s["person_id"] and not s["named_only"]]
    dated = [s for s in named if s["sent_at"]]
    return {
        "times": len(rows), "persons": len({_real(s["person_id"]) for s in named}),
        "first": dated[0] if dated else None,
        "groups": len({_real(s["chat_id"]) for s in rows if s["in_group"]}),
        "countries": len({s["country"] for s in rows if s["country"]}),
    }  # fmt: skip


def counted(labels: Iterable[str]) -> list[tuple[str, int]]:
    """Labels with how often each occurs, in the order of their numbers."""
    found = Counter(labels)
    return sorted(found.items(), key=lambda pair: (int(pair[0][1:]), pair[0]))


def _real(value: Any) -> Any:
    return getattr(value, "real", value)
