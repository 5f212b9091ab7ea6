"""Gathers what the report shows, and writes it.

Everything stands in one file: no script, no picture, no request. Its content security policy
allows nothing but its own style, whose hash it names.
"""

import base64
import hashlib
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import resources
from importlib.metadata import version
from operator import itemgetter
from pathlib import Path
from typing import Any

import jinja2

import clew
from clew.casefile import engine
from clew.findings.perceptual.chance import table
from clew.reading import Reading
from clew.report import countries, lineage, network, shown, spread, timeline
from clew.report.figures import figures, said_structures, settled
from clew.report.shown import Shown
from clew.views import view

ROWS = 200
"""Rows of a table that are shown; what is left out is counted."""
BEHAVIOURS_EACH = 8
"""Persons shown of each behaviour."""
_LISTS = {
    "not_read": "unread", "roles": "persons", "inferred": "inferred-persons",
    "not_processed": "reasons", "flags": "reasons",
    "behaviours": "roles", "files": "first-shares", "matches": "matched-files",
    "countries": "member-countries", "skipped_rows": "rows-left-out", "key_players": "key-players",
    **{name: name for name in
       ("exhibits", "sources", "groups", "links", "sets", "invites", "readers")},
}  # fmt: skip
"""Lists of the report by the names that its templates use."""
_STYLES = ("report.css", "network.css", "timeline.css")


def write_report(
    reading: Reading, out: Path, *, now: datetime | None = None, undone: Sequence[str] = ()
) -> None:
    """Write the report of a case, as the reading shows it; ``undone`` names steps not done."""
    case, style = reading.case, "".join(map(_resource, _STYLES))
    page = _environment(Shown(reading)).get_template("report.html.j2")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    checkpoint = case.custody.checkpoint().text
    out.write_text(
        page.render(
            case=_opening(reading),
            style=style,
            policy=f"default-src 'none'; style-src 'sha256-{digest}'; "
            "base-uri 'none'; form-action 'none'",
            unmask=not reading.masked,
            written=now or datetime.now(UTC),
            rows_shown=ROWS,
            undone=undone,
            checkpoint=checkpoint,
            generation=case.generation,
            checkpoint_picture=_picture(checkpoint),
            versions=_versions(),
            outputs=[
                (f"{d.step} {reading.text(d.scope)}", o)
                for d in case.manifests_read
                for o in d.outputs
            ],
            **_tables(reading),
        ),
        encoding="utf-8",
    )


def _picture(text: str) -> str:
    """A QR code as drawing, without script or request: a checkpoint leaves the machine on paper."""
    import segno

    drawn: str = segno.make(text, error="m", micro=False).svg_inline(
        scale=3, border=2, svgclass="qr", lineclass=None, title="The checkpoint as a QR code"
    )
    return drawn


def _opening(reading: Reading) -> dict[str, Any]:
    """What the case says of itself, with whom its title names masked."""
    about = reading.case.config
    return {
        "title": reading.text(about.title),
        "authority": reading.text(about.authority),
        "case_id": about.case_id,
        "created_at": about.created_at,
    }


class Table:
    """Rows of one table of the report as they are shown, cut where there are many."""

    def __init__(self, reading: Reading, name: str, rows: list[dict[str, Any]]) -> None:
        self.all = len(rows)
        self.rows = reading.as_printed(name, rows[:ROWS])

    def __iter__(self) -> Any:
        return iter(self.rows)

    def __len__(self) -> int:
        return self.all

    @property
    def cut(self) -> int:
        """How many rows are left out."""
        return self.all - len(self.rows)


def _tables(reading: Reading) -> dict[str, Any]:
    """Everything that the report shows, by the names that its templates use."""
    lists = {name: reading.rows(view(listed).sql) for name, listed in _LISTS.items()}
    found: dict[str, Any] = lists | {
        "roles": [row for row in lists["roles"] if row["groups"] is not None],
        "not_read": [row for row in lists["not_read"] if row["code"] != "same_content"],
        "not_processed": [
            row for row in lists["not_processed"] if row["outcome"] in ("failed", "skipped")
        ],
        "flags": [row for row in lists["flags"] if row["outcome"] == "flag"],
        "behaviours": sorted(
            (row for row in lists["behaviours"] if row["place"] <= BEHAVIOURS_EACH),
            key=itemgetter("behaviour"),
        ),
    }
    return {name: Table(reading, _LISTS[name], rows) for name, rows in found.items()} | {
        "totals": figures(reading),
        "headline": settled(reading),
        "structures": said_structures(reading),
        "network": network.network(reading),
        "lineage": lineage.lineage(reading),
        "spread": spread.spread(reading),
        "nations": countries.nations(reading),
        "times": timeline.times(reading, ROWS),
        "behaviours_each": BEHAVIOURS_EACH,
        "calibrated_on": _calibrated_on(reading),
    }


def _calibrated_on(reading: Reading) -> str:
    return next((row["calibrated_on"] for row in reading.rows(view("linkage-errors").sql)), "")


def _environment(words: Shown) -> jinja2.Environment:
    loader = jinja2.PackageLoader("clew.report")
    environment = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, extensions=["jinja2.ext.i18n"],
    )  # fmt: skip
    environment.install_gettext_translations(words.translations, newstyle=True)  # type: ignore[attr-defined]
    environment.filters |= {
        "person": words.person,
        "persons": words.persons,
        "shown": words.text,
        "said": words.said,
        "reason": words.reason,
        "meaning": words.meaning,
        "moment": shown.moment,
        "number": shown.number,
        "short": shown.short,
        "listed": words.listed,
    }
    environment.globals |= {
        "draw_matrix": lambda found: network.draw_matrix(found, words),
        "draw_chart": lambda found: network.draw_chart(found, words),
        "draw_lineage": lambda found: lineage.draw(found, words),
        "draw_spread": lambda content, found: spread.draw(content, found, words),
        "draw_times": lambda found: timeline.draw(found, words),
        "why": lambda content: spread.why(content, words),
        "chance": spread.chance,
        "measured": table(),
        "each": spread.EACH,
        "cards": spread.CARDS,
        "steps": spread.STEPS,
    }
    return environment


def _versions() -> list[tuple[str, str]]:
    packages = (engine.PACKAGE, "pyarrow", "msgspec", "jinja2", "phonenumbers")
    return [
        ("clew", clew.__version__),
        ("Python", platform.python_version()),
        *((name, version(name)) for name in packages),
    ]


def _resource(name: str) -> str:
    return resources.files("clew.report").joinpath("templates", name).read_text("utf-8")
