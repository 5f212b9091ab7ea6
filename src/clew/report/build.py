"""Gathers what the report shows, and writes it.

Everything stands in one file: no script, no picture, no request. Its content security policy
allows nothing but its own style, whose hash it names.
"""

from __future__ import annotations

import base64
import hashlib
import platform
from datetime import UTC, datetime
from importlib import resources
from importlib.metadata import version
from pathlib import Path
from typing import Any

import jinja2

import clew
from clew.casefile import Case
from clew.casefile.files import replacing
from clew.findings.perceptual.chance import table
from clew.report import countries, lineage, network, shown, spread, timeline
from clew.report.queries import BEHAVIOURS_EACH, QUERIES
from clew.report.shown import Shown

ROWS = 200
"""Rows of a table that are shown; what is left out is counted."""
_STYLES = ("report.css", "network.css", "timeline.css")


def write_report(
    case: Case, out: Path, *, unmask: bool = False, now: datetime | None = None
) -> None:
    """Write the report of a case; people are masked unless ``unmask`` is given."""
    style = "".join(map(_resource, _STYLES))
    page = _environment(_shown(case, unmask=unmask)).get_template("report.html.j2")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    with replacing(out.absolute()) as hidden:
        hidden.write_text(
            page.render(
                case=case.config,
                style=style,
                policy=f"default-src 'none'; style-src 'sha256-{digest}'; "
                "base-uri 'none'; form-action 'none'",
                unmask=unmask,
                written=now or datetime.now(UTC),
                rows_shown=ROWS,
                checkpoint=case.custody.checkpoint().text,
                checkpoint_picture=_picture(case.custody.checkpoint().text),
                versions=_versions(),
                outputs=[(d, o) for d in case.manifests.every() for o in d.outputs],
                **_tables(case),
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


class Table:
    """Rows of one table of the report, cut where there are many."""

    def __init__(self, rows: list[dict[str, Any]], most: int = ROWS) -> None:
        self.all = len(rows)
        self.rows = rows[:most]

    def __iter__(self) -> Any:
        return iter(self.rows)

    def __len__(self) -> int:
        return self.all

    @property
    def cut(self) -> int:
        """How many rows are left out."""
        return self.all - len(self.rows)


def _tables(case: Case) -> dict[str, Any]:
    found: dict[str, Any] = {name: Table(case.rows(query)) for name, query in QUERIES.items()}
    (found["totals"],) = found["totals"].rows
    (found["headline"],) = found.pop("settled").rows
    return found | {
        "network": network.network(case),
        "lineage": lineage.lineage(case),
        "spread": spread.spread(case),
        "nations": countries.nations(case),
        "times": timeline.times(case, ROWS),
        "behaviours_each": BEHAVIOURS_EACH,
        "calibrated_on": _calibrated_on(case),
    }


def _calibrated_on(case: Case) -> str:
    rows = case.rows("SELECT DISTINCT calibrated_on FROM linkage_errors")
    return rows[0]["calibrated_on"] if rows else ""


def _shown(case: Case, *, unmask: bool) -> Shown:
    names: dict[str, str] = {}
    if unmask:
        rows = case.rows(
            "SELECT person_id, array_to_string(names, ' / ') AS names FROM persons "
            "WHERE len(names) > 0"
        )
        names = {row["person_id"]: row["names"] for row in rows}
    return Shown(case.masking(), names, unmask=unmask)


def _environment(words: Shown) -> jinja2.Environment:
    loader = jinja2.PackageLoader("clew.report")
    environment = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.filters |= {
        "person": words.person,
        "persons": words.persons,
        "shown": words.text,
        "said": words.said,
        "moment": shown.moment,
        "number": shown.number,
        "short": shown.short,
        "listed": shown.listed,
    }
    environment.globals |= {
        "draw_matrix": lambda found: network.draw_matrix(found, words),
        "draw_chart": lambda found: network.draw_chart(found, words),
        "draw_lineage": lambda found: lineage.draw(found, words),
        "draw_spread": lambda content, found: spread.draw(content, found, words),
        "draw_times": lambda found: timeline.draw(found, words),
        "why": spread.why,
        "chance": spread.chance,
        "measured": table(),
        "each": spread.EACH,
        "cards": spread.CARDS,
        "steps": spread.STEPS,
    }
    return environment


def _versions() -> list[tuple[str, str]]:
    packages = ("duckdb", "pyarrow", "msgspec", "jinja2", "phonenumbers")
    return [
        ("clew", clew.__version__),
        ("Python", platform.python_version()),
        *((name, version(name)) for name in packages),
    ]


def _resource(name: str) -> str:
    return resources.files("clew.report").joinpath("templates", name).read_text("utf-8")
