"""What ``clew demo --split`` prints: cases, packages, numbers that both have, and the score."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clew.cli.language import here
from clew.cli.output import Bar, write_json
from clew.cli.visible import put

if TYPE_CHECKING:
    from clew.casefile import Case
    from clew.demo import Operation, Score
    from clew.demo.split import Played, Split


def in_countries(folder: Path, operation: Operation, workers: int | None) -> Split:
    """The operation in the hands of its countries; UsageError where there is one alone."""
    from clew import pipeline
    from clew.demo.split import Split

    def run(case: Case) -> None:
        pipeline.run(case, Bar(), workers)

    return Split(folder, operation, run, Bar(), workers)


def play(story: Split, *, as_json: bool) -> list[Score]:
    """Let the countries do their part beside the whole case, and say what came of it."""
    played = story.play(story.folder / "case")
    if as_json:
        write_json(_rows(played))
    else:
        _print(story.folder, played)
    return list(played.scores)


def _rows(played: Played) -> list[dict[str, Any]]:
    """All of it, for a program: countries, packages, tables, and figures against the whole."""
    import msgspec

    rows: list[dict[str, Any]] = [
        {"country": country, "exhibits": n, "case": f"countries/{country}/case"}
        for country, n in played.exhibits.items()
    ]
    rows += [
        {"package": s.package, "from": s.sender, "to": s.receiver, "rows": sum(s.rows.values()),
         "named": s.named, "counted": s.counted, "tokens": s.tokens, "texts": s.texts,
         "texts_withheld": s.texts_withheld, "bytes": s.size, "rows_withheld": s.stay,
         "supersedes": s.supersedes, "void": s.package in played.void}
        for s in played.sent
    ]  # fmt: skip
    rows += [
        {"table": t.table, "whole": t.whole, "merged": t.merged, "sent": t.coordinator,
         "cites_others": t.cites_others, "differ": t.differ}
        for t in played.tables
    ]  # fmt: skip
    if played.found:
        rows.append({"deconfliction": "phone", **msgspec.structs.asdict(played.found)})
    return [*rows, *map(scored, played.scores)]


def scored(one: Score) -> dict[str, Any]:
    """A figure against the truth, for a program."""
    return {"name": one.name, "expected": one.expected, "found": one.found, "detail": one.detail,
            "certain": one.certain, "right": one.expected == one.found}  # fmt: skip


def fitted(line: str) -> str:
    """A line of the summary, broken where a terminal of usual width ends."""
    return textwrap.fill(line, _WIDE, subsequent_indent="      ")


def _print(folder: Path, played: Played) -> None:
    put(f"\n{here('Countries, each with a case of its exhibits alone')}")
    put("  " + ", ".join(f"{country} {n}" for country, n in played.exhibits.items()))
    put(f"\n{here('Packages')}")
    put(f"  {'':12}{'':14}{'rows':>8}{'named':>7}{'counted':>9}{'tokens':>8}{'MB':>7}")
    for s in played.sent:
        note = here("taken back, or superseded") if s.package in played.void else ""
        put(f"  {s.sender:12}{s.receiver:14}{sum(s.rows.values()):8}{s.named:7}{s.counted:9}"
            f"{s.tokens:8}{s.size / 1e6:7.2f}  {note}".rstrip())  # fmt: skip
    _print_numbers(played)
    put(f"\n{here('Rows')}")
    put(f"  {'':24}{here('whole'):>12}{here('all parts'):>12}{here('what was sent'):>15}")
    for t in played.tables:
        if t.table in _SHOWN:
            put(f"  {t.table:24}{t.whole:12}{t.merged:12}{t.coordinator:15}")
    put(f"\n{here('Against the whole')}")
    for one in played.scores:
        mark = "ok  " if one.expected == one.found else "OFF " if one.certain else "~   "
        detail = f" ({one.detail})" if one.detail else ""
        put(fitted(f"  {mark}{one.name}: {one.found} of {one.expected}{detail}"))
    put(f"\n{here('Where it lies')}")
    for name, what in _FOLDERS.items():
        put(f"  {folder / name}: {here(what)}")


def _print_numbers(played: Played) -> None:
    put(f"\n{here('Numbers that two countries have')}")
    if played.found is None:
        put(f"  {here('none: no two countries have persons of interest in common')}")
        return
    said = here(
        "  {holder} offered {offered}, {asker} asked {asked}: {hits} hits, and {both} are in both",
        holder=played.found.holder, asker=played.found.asker, offered=played.found.offered,
        asked=played.found.asked, hits=played.found.hits, both=played.found.both,
    )  # fmt: skip
    put(said)


_WIDE = 79
_SHOWN = ("messages", "merged_messages", "persons", "groups", "group_members", "first_shares",
          "matches", "routes")  # fmt: skip
_FOLDERS = {
    "countries": "a case of each country, and its keys, which are a demonstration's",
    "coordinator/case": "what the countries sent, merged",
    "packages": "the sealed packages, and the recall",
    "deconfliction": "offer, ask, answer and notice",
    "law-20/case": "all parts merged, for the comparison with the whole alone",
}
