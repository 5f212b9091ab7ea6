"""Writes the report as one HTML file, and its annex files beside it.

The page has no script, no picture, no request. Its content security policy allows nothing but its
own style, whose hash it names.
"""

import base64
import hashlib
import platform
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from importlib import resources
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import Any

import jinja2
from markupsafe import Markup

import clew
from clew.casefile import engine
from clew.casefile.received import deliveries
from clew.reading import Reading
from clew.report import headline, shown
from clew.report.annex import write_annexes
from clew.report.book import FILES, LISTED, Book
from clew.report.cards import PLATFORMS, Cards
from clew.report.figures import said_structures
from clew.report.shown import Shown
from clew.words.catalogue import language, written

_LINK = Markup('<a href="#annex-{0}"><code>{0}.csv</code></a>')
"""Nothing outside the page is linked: an annex is named, with its hash, and lies beside it."""


def write_report(
    reading: Reading, out: Path, *, annex: Path | None = None, now: datetime | None = None,
    undone: Mapping[str, Iterable[str]] = MappingProxyType({}),
) -> None:  # fmt: skip
    """Write the report of a case, as the reading shows it, and its annexes into a folder.

    ``annex`` is ``NAME-annex`` beside the report unless it is given; ``undone`` names steps that
    are not done or out of date, each with the tables that it writes.
    """
    words = Shown(reading)
    book = Book(reading, words, undone)
    folder = annex or annex_of(out)
    annexes = write_annexes(book, folder)
    environment = _environment(words)
    style = _style(reading, words)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    page = environment.get_template("report.html.j2").render(
        style=style, policy=policy, lang=language(), unmask=not reading.masked,
        written=now or datetime.now(UTC), annexes=annexes, folder=folder.name,
        annex_link=_LINK.format,
        **_state(reading), **_said(book), **_listed(book), **_received(book),
    )  # fmt: skip
    out.write_text(page, encoding="utf-8")


def annex_of(out: Path) -> Path:
    """Folder of the annexes of a report."""
    return out.with_name(f"{out.stem}-annex")


def _state(reading: Reading) -> dict[str, Any]:
    """What the case says of itself, and the state that the report was made from."""
    about = reading.case.config
    checkpoint = reading.case.custody.checkpoint().text
    return {
        "case": {
            "title": reading.text(about.title), "authority": reading.text(about.authority),
            "case_id": about.case_id, "created_at": about.created_at,
        },
        "generation": reading.case.generation, "versions": _versions(),
        "checkpoint": checkpoint, "checkpoint_picture": _picture(checkpoint),
    }  # fmt: skip


def _said(book: Book) -> dict[str, Any]:
    """The sentences of the first two pages."""
    return {
        "findings": headline.findings(book), "undone": list(headline.pending(book)),
        "not_read": list(headline.not_read(book)),
        "not_concluded": list(headline.not_concluded(book)),
    }  # fmt: skip


def _listed(book: Book) -> dict[str, Any]:
    """The lists of the report."""
    cards = Cards(book)
    return {
        "book": book, "cards": cards, "platforms": PLATFORMS, "files_each": FILES,
        "carded_persons": [p for p in book.persons if p["card"]],
        "listed_persons": book.persons[:LISTED],
        "carded_groups": [g for g in book.groups if g["card"]],
        "annexed": {p["label"] for p, _, _ in cards.annexes() if p},
        "lineage": cards.lineage(), "invitations": book.rows("invites"),
        "sets": headline.known_sets(book), "hash_sets": book.rows("sets"),
        "readers": book.rows("readers"), "reasons": book.rows("report/not-read"),
        "deletions": book.rows("report/deletions"), "messages": book.figure("messages"),
        "names": len(book.names), "structures": said_structures(book.reading),
    }  # fmt: skip


def _received(book: Book) -> dict[str, Any]:
    """Packages of others that the report rests on, and how much of it rests on each."""
    received = book.rows("received")
    asked, case = bool(received), book.reading.case
    return {
        "left_out": len(deliveries(case.manifests_read)) - len(case.deliveries),
        "received": received, "partners": sorted({row["partner_id"] for row in received}),
        "resting": {r["package_id"]: r for r in book.rows("resting")} if asked else {},
        "coverage": book.rows("report/coverage") if asked else [],
    }  # fmt: skip


def _environment(words: Shown) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("clew.report"), autoescape=True,
        undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )  # fmt: skip
    environment.install_gettext_translations(words.translations, newstyle=True)  # type: ignore[attr-defined]
    environment.filters |= {
        "person": words.person, "shown": words.text, "said": words.said, "reason": words.reason,
        "meaning": words.meaning, "country": words.country, "moment": shown.moment,
        "day": shown.day, "number": shown.number, "short": shown.short,
        "listed": lambda values: ", ".join(map(words.text, values or ())),
        "chance": lambda value: written(value, "chance"),
    }  # fmt: skip
    environment.globals |= {"say": words.say}
    return environment


def _style(reading: Reading, words: Shown) -> str:
    """The style, with what stands at the head and foot of each printed page."""
    head = f"{words.text(reading.text(reading.case.config.title))} · {reading.case.config.case_id}"
    foot = words.say("generation", version=clew.__version__, generation=reading.case.generation)
    boxes = {
        "top-left": _quoted(head), "top-right": _quoted(words.say("pages").unescape()),
        "bottom-left": _quoted(foot.unescape()),
        "bottom-right": 'counter(page) " / " counter(pages)',
    }  # fmt: skip
    margins = "".join(
        f"@{where} {{ content: {text}; font: 7.5pt sans-serif; color: #444; }} "
        for where, text in boxes.items()
    )
    return f"{_resource('report.css')}@page {{ size: A4; margin: 13mm 14mm 12mm; {margins}}}\n"


def _quoted(text: str) -> str:
    """A text as a string of CSS, in which nothing can end the string or the style."""
    return (
        '"' + "".join(c if c.isalnum() or c in " ·.,-/" else f"\\{ord(c):06x}" for c in text) + '"'
    )


def _picture(text: str) -> str:
    """A QR code as drawing, without script or request: a checkpoint leaves the machine on paper."""
    import segno

    drawn: str = segno.make(text, error="m", micro=False).svg_inline(
        scale=3, border=2, svgclass="qr", lineclass=None, omitsize=True,
        title="The checkpoint as a QR code",
    )  # fmt: skip
    return drawn


def _versions() -> list[tuple[str, str]]:
    packages = (engine.PACKAGE, "pyarrow", "msgspec", "jinja2", "phonenumbers")
    return [
        ("clew", clew.__version__), ("Python", platform.python_version()),
        *((name, version(name)) for name in packages),
    ]  # fmt: skip


def _resource(name: str) -> str:
    return resources.files("clew.report").joinpath("templates", name).read_text("utf-8")
